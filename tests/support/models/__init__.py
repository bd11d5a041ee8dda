"""Models that several tests share, with the records and the functions that belong to them."""
