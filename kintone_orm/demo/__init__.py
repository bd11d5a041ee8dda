"""The demonstration: real data, its models, the examples to run, and what shows them."""
