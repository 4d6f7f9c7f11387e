"""单位办理情况: what is counted of a unit's year, how it is scored, and how it is shown."""
