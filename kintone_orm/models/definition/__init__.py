"""Declaring a model: its class, its `Meta`, its manager."""
