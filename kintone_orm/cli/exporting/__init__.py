"""Reading the apps of a kintone into a domain file."""
