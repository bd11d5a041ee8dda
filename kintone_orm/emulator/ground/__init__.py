"""Facts, errors and HTTP messages, which every other room of the emulator may use."""
