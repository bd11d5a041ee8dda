"""Parts of the command `kintone-orm inspect`."""
