"""One call of an endpoint: the caller, the rights, the app."""
