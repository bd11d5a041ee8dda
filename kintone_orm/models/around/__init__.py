"""The things around a record: comments, permissions, workflow, webhooks and its app."""
