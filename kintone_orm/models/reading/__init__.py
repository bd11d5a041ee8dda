"""Reading records: conditions, pages, rows."""
