"""Models, callers and fake servers that several tests share."""
