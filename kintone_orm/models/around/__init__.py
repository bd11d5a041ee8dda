"""Comments, permissions, workflow, webhooks and the app: all beside a record's own values."""
