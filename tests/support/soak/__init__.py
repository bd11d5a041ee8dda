"""A soak: many threads, one connection, random faults, and a ledger of what must be stored."""
