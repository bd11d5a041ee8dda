"""One record: its values, its state, its changes."""
