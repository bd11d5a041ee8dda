"""What the index of kintone's word search may still hold of a record: its values of before.

Only where choices.SEARCH_LAGS says so. The values are kept in the record, in a cell of their own
that no answer shows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .record_text import Record

__all__ = ["SEARCHED", "searched_in"]

SEARCHED = "$searched"
"""Where the values are in a stored record, by the codes of their fields."""

_TYPES = ("SINGLE_LINE_TEXT", "MULTI_LINE_TEXT", "RICH_TEXT", "LINK", "FILE")


def searched_in(record: Record) -> dict[str, Any]:
    """The values of a record that a word search looks into; those of tables are not among them."""
    return {code: cell["value"] for code, cell in record.items() if cell["type"] in _TYPES}
