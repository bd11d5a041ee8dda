"""The console of the commands: colors in a terminal, plain text of 80 columns in a file."""

from __future__ import annotations

import sys

from rich.console import Console

__all__ = ["open_console"]

_COLUMNS_OF_A_FILE = 80


def open_console() -> Console:
    """Return a console on standard output. Brackets and colons are not read as markup."""
    width = None if sys.stdout.isatty() else _COLUMNS_OF_A_FILE
    return Console(width=width, markup=False, highlight=False, emoji=False)
