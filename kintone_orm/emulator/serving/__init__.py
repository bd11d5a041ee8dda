"""From an HTTP request to its handler and back, with faults and a journal."""
