"""Writing records, one or many, and explaining why kintone refuses a write."""
