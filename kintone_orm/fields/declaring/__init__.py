"""Checking the declaration of a field: its code, options and validators."""
