"""Facts, errors and HTTP messages that every other room of the emulator stands on."""
