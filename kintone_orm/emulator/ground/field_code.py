"""The spelling of field codes. Source: kintone help, "Field codes"."""

from __future__ import annotations

from typing import Final

__all__ = ["FIELD_CODE"]

FIELD_CODE: Final = r"(?:[^\W\d]|[＿・･＄￥])(?:\w|[＿・･＄￥])*"
"""A pattern: letters of any script, digits (not at the start), and five full-width signs."""
