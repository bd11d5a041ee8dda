"""Relations: links from records to records of other apps."""
