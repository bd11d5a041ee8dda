"""Comparing models with the forms of their apps, without a request."""
