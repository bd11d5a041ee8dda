"""The comments of a record: read, add and delete them. kintone cannot change a comment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from kintone_orm.api.caller import drop_none
from kintone_orm.limits import (
    COMMENT_CHARACTERS,
    COMMENTS_PER_PAGE,
    MENTIONS_PER_COMMENT,
    characters,
    require_at_most,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kintone_orm.api.caller import Caller, Id

__all__ = ["add_comment", "delete_comment", "get_comments"]


def get_comments(
    caller: Caller,
    *,
    app: Id,
    record: Id,
    order: Literal["asc", "desc"] = "desc",
    offset: int = 0,
    limit: int = COMMENTS_PER_PAGE,
) -> dict[str, Any]:
    """Return a page of comments, sorted by id, the newest first by default.

    The answer is
    ``{"comments": [{"id", "text", "createdAt", "creator", "mentions"}], "older", "newer"}``.
    `older` and `newer` are True if there are older or newer comments than the page
    has. `limit` is 1 to 10. kintone puts the names of the mentioned people before the text, and a
    blank after it. Source: "kintone REST API: Get Comments".
    """
    if not 1 <= limit <= COMMENTS_PER_PAGE:
        message = (
            f"'limit' is {limit}, but a page has 1 to {COMMENTS_PER_PAGE} comments. "
            "Use 'offset' to read on."
        )
        raise ValueError(message)
    params = {"app": app, "record": record, "order": order, "offset": offset, "limit": limit}
    return caller.request("GET", "record/comments", params)


def add_comment(
    caller: Caller,
    *,
    app: Id,
    record: Id,
    text: str,
    mentions: Sequence[Mapping[str, str]] | None = None,
) -> dict[str, Any]:
    """Add a comment of 1 to 65,535 characters and return its ``{"id"}``.

    `mentions` are up to ten ``{"code": login name or code, "type": "USER"}``; the type may also be
    "GROUP" or "ORGANIZATION". With an API token, the author is the Administrator. ValueError for a
    text or a list of mentions beyond these limits. Source: "kintone REST API: Add Comment".
    """
    if not 1 <= (length := characters(text)) <= COMMENT_CHARACTERS:
        message = (
            f"'text' has {length:,} characters, but a comment has 1 to {COMMENT_CHARACTERS:,}."
        )
        raise ValueError(message)
    way_out = "Mention a group, or write two comments."
    require_at_most(mentions or (), limit=MENTIONS_PER_COMMENT, name="mentions", way_out=way_out)
    comment = drop_none(text=text, mentions=mentions)
    params = {"app": app, "record": record, "comment": comment}
    return caller.request("POST", "record/comment", params)


def delete_comment(caller: Caller, *, app: Id, record: Id, comment: Id) -> dict[str, Any]:
    """Delete a comment and return ``{}``.

    NotCommentAuthor if somebody else wrote it. Source: "kintone REST API: Delete Comment".
    """
    params = {"app": app, "record": record, "comment": comment}
    return caller.request("DELETE", "record/comment", params)
