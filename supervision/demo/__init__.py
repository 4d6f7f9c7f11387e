"""What supervision adds to the demonstration, one module per capability."""
