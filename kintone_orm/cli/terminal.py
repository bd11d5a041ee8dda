"""How the commands write: plain text to a file, colours and the full width to a terminal."""

from __future__ import annotations

import sys

from rich.console import Console

__all__ = ["open_console"]

_COLUMNS_OF_A_FILE = 80


def open_console() -> Console:
    """A console on the standard output that takes brackets in what it prints for brackets."""
    width = None if sys.stdout.isatty() else _COLUMNS_OF_A_FILE
    return Console(width=width, markup=False, highlight=False, emoji=False)
