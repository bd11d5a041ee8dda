"""Files that commands write: whole files, and the keys of apps in the configuration."""
