"""kintone's HTTP protocol, one request at a time. It knows nothing of models."""
