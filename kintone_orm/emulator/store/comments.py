"""Comments of records. Source: kintone REST API, "Get Comments", "Add Comment"."""

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
"""A comment in kintone's answers: {"id", "text", "createdAt", "creator", "mentions"}."""


def new_comment(
    number: int,
    words: str,
    mentions: Sequence[Mapping[str, str]],
    *,
    names: Sequence[str],
    creator: User,
    now: datetime,
) -> Comment:
    """Return a new comment. `names` are the display names of the mentioned people.

    Observed on kintone: the text begins with a line of the names, with a space after each name.
    The text ends with a space.
    """
    first_line = "".join(f"{name} " for name in names)
    return {
        "id": str(number),
        "text": (f"{first_line}\n" if names else "") + f"{words} ",
        "createdAt": f"{now.astimezone(timezone.utc):%Y-%m-%dT%H:%M:%S}Z",
        "creator": creator.entity,
        "mentions": [{"code": mention["code"], "type": mention["type"]} for mention in mentions],
    }


def page_of(texts: Sequence[str], *, order: str, offset: int, limit: int) -> dict[str, Any]:
    """Return one page of comments in the order "asc" or "desc". `texts` begin with the oldest.

    `older` in the page is true if the record has older comments than the page. `newer` is true if
    the record has newer comments.
    """
    ordered = texts if order == "asc" else texts[::-1]
    page = [json.loads(text) for text in ordered[offset : offset + limit]]
    ahead = offset > 0 and bool(texts)
    behind = offset + limit < len(texts)
    older, newer = (ahead, behind) if order == "asc" else (behind, ahead)
    return {"comments": page, "older": older, "newer": newer}
