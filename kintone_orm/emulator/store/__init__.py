"""The data that a domain keeps: records and files in SQLite, the rest in memory."""
