"""The limits that a connection keeps: requests at once, open cursors, and requests a day."""
