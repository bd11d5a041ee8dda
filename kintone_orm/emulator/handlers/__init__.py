"""One module for each group of kintone's endpoints, one function for each endpoint."""
