"""A domain and the settings of its apps, from a change of preview settings to the deploy."""
