"""Comments of a record: what is kept of one, and the page that a reader is given.

Source: kintone REST API, "Get Comments", "Add Comment".
"""

from __future__ import annotations

import json
from datetime import timezone
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from .people import User

__all__ = ["Comment", "new_comment", "page_of"]

Comment = dict[str, Any]
"""{"id", "text", "createdAt", "creator", "mentions"}, as kintone answers it."""


def new_comment(
    number: int,
    words: str,
    mentions: Sequence[Mapping[str, str]],
    *,
    names: Sequence[str],
    creator: User,
    now: datetime,
) -> Comment:
    """A comment as it is read back; `names` are the display names of those mentioned.

    kintone was seen to put the names in front, each with a blank, on a line of their own, and a
    blank at the end of the text.
    """
    addressed = "".join(f"{name} " for name in names)
    return {
        "id": str(number),
        "text": (f"{addressed}\n" if names else "") + f"{words} ",
        "createdAt": f"{now.astimezone(timezone.utc):%Y-%m-%dT%H:%M:%S}Z",
        "creator": creator.entity,
        "mentions": [{"code": mention["code"], "type": mention["type"]} for mention in mentions],
    }


def page_of(texts: Sequence[str], *, order: str, offset: int, limit: int) -> dict[str, Any]:
    """One page of these comments, which come oldest first, in the order "asc" or "desc".

    `older` and `newer` tell whether there are comments before and after it, whatever the order.
    """
    ordered = texts if order == "asc" else texts[::-1]
    page = [json.loads(text) for text in ordered[offset : offset + limit]]
    ahead = offset > 0 and bool(texts)
    behind = offset + limit < len(texts)
    older, newer = (ahead, behind) if order == "asc" else (behind, ahead)
    return {"comments": page, "older": older, "newer": newer}
