"""Features beside the values of a record: comments, permissions, workflow, webhooks, the app."""
