"""What kintone sent, if it has the shape that a field can read; TypeError if not.

The decoder trusts kintone's own answers. What comes by a webhook, or from another program, does not
come from kintone for certain, and is read with these.
"""

from __future__ import annotations

from typing import Any

__all__ = ["sent_list", "sent_text", "text_or_blank"]


def sent_text(raw: Any) -> str:
    """The text that it is."""
    if not isinstance(raw, str):
        raise TypeError(f"no text: {raw!r:.80}")
    return raw


def text_or_blank(raw: Any) -> str | None:
    """The text that it is; None for none, and for an empty one."""
    return None if raw is None else sent_text(raw) or None


def sent_list(raw: Any) -> list[Any]:
    """The list that it is."""
    if not isinstance(raw, list):
        raise TypeError(f"no list: {raw!r:.80}")
    return raw
