"""Calculated fields."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .base import Field

if TYPE_CHECKING:
    from .base import Writing

__all__ = ["Calculated"]


class Calculated(Field):
    """CALC, and SINGLE_LINE_TEXT with an expression. kintone ignores values from clients.

    The setting `required` has no effect (measured for CALC).
    """

    enforces_required = False
    filled_by_server = True

    def read(self, value: object, prefix: str, writing: Writing) -> str:
        """Return "". The form's formulas compute the value after all other fields are read."""
        del value, prefix, writing
        return ""
