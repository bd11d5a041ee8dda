"""The way of an HTTP request to its handler and back, with faults, journal and notifications."""
