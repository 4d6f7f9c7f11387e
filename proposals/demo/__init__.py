"""The demonstration: an invented province and city whose cases were all driven through the workflow."""
