"""Declaring a model: its class, its Meta and its manager."""
