"""Checks of the shape of wire values; TypeError for a wrong shape.

The decoder trusts kintone's answers and does not check shapes. A webhook's payload may come from
another program, so fields read it with these functions.
"""

from __future__ import annotations

from typing import Any

__all__ = ["require_list", "require_text", "text_or_none"]


def require_text(raw: object) -> str:
    """Return `raw`, which must be a str."""
    if not isinstance(raw, str):
        raise TypeError(f"{raw!r:.80} is not a text")
    return raw


def text_or_none(raw: object) -> str | None:
    """Return `raw`, which must be a str or None; return None for an empty str."""
    return None if raw is None else require_text(raw) or None


def require_list(raw: object) -> list[Any]:
    """Return `raw`, which must be a list."""
    if not isinstance(raw, list):
        raise TypeError(f"{raw!r:.80} is not a list")
    return raw
