"""Fields that a formula fills."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .base import Field

if TYPE_CHECKING:
    from .base import Writing

__all__ = ["Calculated"]


class Calculated(Field):
    """CALC, and SINGLE_LINE_TEXT with an expression: what a client sends is not looked at.

    `required` is a setting without effect: measured for CALC.
    """

    enforces_required = False
    filled_by_server = True

    def read(self, value: Any, prefix: str, writing: Writing) -> str:
        """Always "": the formulas of the form give the value once all else is in the record."""
        del value, prefix, writing
        return ""
