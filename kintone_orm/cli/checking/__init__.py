"""The output of `kintone-orm check`."""
