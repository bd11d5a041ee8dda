"""kintone's HTTP protocol, one request at a time. These modules do not know models."""
