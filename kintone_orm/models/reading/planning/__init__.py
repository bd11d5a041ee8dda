"""Planning a read: its guarantees and its cost, without a request."""
