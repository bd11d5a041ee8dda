"""Reading and writing the records of an app within one call."""
