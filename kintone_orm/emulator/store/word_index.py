"""The values that a lagging word search finds: the values before a record's last update.

These values are kept only with choices.SEARCH_LAGS. The stored record holds them in a separate
cell, which answers do not show.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .record_text import Record

__all__ = ["SEARCHED", "searched_in"]

SEARCHED = "$searched"
"""The code of the cell that holds the values, by field code."""

_TYPES = ("SINGLE_LINE_TEXT", "MULTI_LINE_TEXT", "RICH_TEXT", "LINK", "FILE")


def searched_in(record: Record) -> dict[str, Any]:
    """Return the values in which a word search looks for words, without those in subtables."""
    return {code: cell["value"] for code, cell in record.items() if cell["type"] in _TYPES}
