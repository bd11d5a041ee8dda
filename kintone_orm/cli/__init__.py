"""The `kintone-orm` command; main.py is its entry point."""
