"""One request at a time: kintone's protocol, without a thought about models."""
