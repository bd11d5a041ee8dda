"""Comparing formulas and conditions, in which only the spaces inside strings count."""

from __future__ import annotations

import re

__all__ = ["without_spaces"]

_STRING_OR_SPACES = re.compile(r'("(?:[^"\\]|\\.)*")|\s+')


def without_spaces(text: str | None) -> str:
    """Return the formula or condition without the spaces outside its strings."""
    return _STRING_OR_SPACES.sub(r"\1", text or "")
