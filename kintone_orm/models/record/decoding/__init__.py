"""Decoding: from the records that kintone sends to instances."""
