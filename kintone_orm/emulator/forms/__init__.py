"""The fields of an app, and the cells that they fill in records."""
