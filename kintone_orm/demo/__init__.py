"""The demonstration: real data, its models, the examples, and the printing of results."""
