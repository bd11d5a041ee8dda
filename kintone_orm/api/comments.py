"""The comments of a record: read, add, delete. A comment cannot be changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from kintone_orm.api.caller import given
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
    """One page of comments, in the order of their ids, the newest first unless told otherwise.

    ``{"comments": [{"id", "text", "createdAt", "creator", "mentions"}], "older", "newer"}``;
    `older` and `newer` say whether there are comments before and after the page. `limit` is 1 to
    10. kintone puts the names of those mentioned in front of the text, and a blank at its end.
    Source: "kintone REST API: Get Comments".
    """
    if not 1 <= limit <= COMMENTS_PER_PAGE:
        message = f"limit: {limit}, a page has 1 to {COMMENTS_PER_PAGE} comments; go on by offset"
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
    """The new comment's ``{"id"}``; `text` has 1 to 65,535 characters.

    `mentions` are up to ten ``{"code": login name or code, "type": "USER"}``, or "GROUP", or
    "ORGANIZATION". With an API token, the Administrator comments.
    Source: "kintone REST API: Add Comment".
    """
    if not 1 <= (length := characters(text)) <= COMMENT_CHARACTERS:
        message = f"text: {length:,} characters, a comment has 1 to {COMMENT_CHARACTERS:,}"
        raise ValueError(message)
    way_out = "mention a group, or comment twice"
    require_at_most(mentions or (), limit=MENTIONS_PER_COMMENT, name="mentions", way_out=way_out)
    comment = given(text=text, mentions=mentions)
    params = {"app": app, "record": record, "comment": comment}
    return caller.request("POST", "record/comment", params)


def delete_comment(caller: Caller, *, app: Id, record: Id, comment: Id) -> dict[str, Any]:
    """``{}``, once the comment is gone; NotCommentAuthor if somebody else wrote it.

    Source: "kintone REST API: Delete Comment".
    """
    params = {"app": app, "record": record, "comment": comment}
    return caller.request("DELETE", "record/comment", params)
