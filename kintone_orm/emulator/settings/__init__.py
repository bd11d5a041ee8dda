"""A domain and the settings of its apps: changing preview settings and deploying them."""
