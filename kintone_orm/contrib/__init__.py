"""Parts that need a library of their own, one module for each library."""
