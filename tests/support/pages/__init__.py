"""The emulator's pages: a browser, and a record full of markup."""
