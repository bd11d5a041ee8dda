"""The one answer kintone has for a query it cannot read, with the reason it does not tell."""

from __future__ import annotations

from ..errors import KintoneError, invalid

__all__ = ["unsupported"]


def unsupported(reason: str) -> KintoneError:
    """A CB_VA01 on `query`, for `raise`. `reason` says where and why, for the emulator's log."""
    return invalid({"query": ["query"]}, reason=reason)
