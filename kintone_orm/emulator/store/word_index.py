"""The values from before a record's last update, which `like` searches if kintone's index lags.

These values are kept only if choices.SEARCH_LAGS is on. The stored record holds them in a separate
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
    """Return the values of a record that `like` searches, except the values in subtables."""
    return {code: cell["value"] for code, cell in record.items() if cell["type"] in _TYPES}
