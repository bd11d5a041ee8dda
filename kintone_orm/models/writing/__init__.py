"""Writing records: one, many, and what kintone refuses."""
