"""The modules that every other room of the models uses, and that import none of them."""
