"""Facts, errors and HTTP messages, which every other package of the emulator may use."""
