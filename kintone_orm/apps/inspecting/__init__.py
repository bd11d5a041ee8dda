"""Writing modules of models for apps that exist."""
