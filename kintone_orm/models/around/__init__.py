"""What kintone keeps beside a record's values: comments, permissions, workflow, webhooks."""
