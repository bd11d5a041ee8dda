"""A domain and the settings of its apps, from a change to its deployment."""
