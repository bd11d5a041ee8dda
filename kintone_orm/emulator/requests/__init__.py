"""A call of an endpoint: the parameters, the caller and the caller's rights."""
