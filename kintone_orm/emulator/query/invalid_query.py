"""The error for a query that kintone cannot read."""

from __future__ import annotations

from ..ground.errors import KintoneError, invalid

__all__ = ["invalid_query"]


def invalid_query(reason: str) -> KintoneError:
    """Return a CB_VA01 on `query`. kintone gives no reason; `reason` is for the emulator's log."""
    return invalid({"query": ["query"]}, reason=reason)
