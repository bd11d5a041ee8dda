"""The data of a domain: apps, records, comments and files in SQLite, the rest in memory."""
