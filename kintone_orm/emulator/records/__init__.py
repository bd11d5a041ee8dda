"""Reading, searching and writing the records of an app in one call."""
