"""Reading pages in parallel, by ranges of ids."""
