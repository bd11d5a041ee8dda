"""What every room of the models stands on; it imports none of them."""
