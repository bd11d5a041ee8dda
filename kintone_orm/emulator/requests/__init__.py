"""A call of an endpoint: its parameters, its caller and the caller's rights."""
