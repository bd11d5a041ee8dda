"""Features besides a record's values: comments, permissions, workflow, webhooks, app settings."""
