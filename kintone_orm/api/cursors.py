"""Cursors: read any number of records in a fixed order, page by page.

A domain has at most ten open cursors, over all users and programs. A cursor lives for ten minutes.
The time starts at its creation, and again at each page except the last.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from kintone_orm.api.caller import drop_none
from kintone_orm.limits import FIELDS_PER_READ, RECORDS_PER_CURSOR_PAGE, require_at_most

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kintone_orm.api.caller import Caller, Id

__all__ = ["create_cursor", "delete_cursor", "get_cursor"]

# A limit or offset at the end of the query. The match cannot be part of a text literal, because a
# literal ends in a quotation mark.
_PAGE = re.compile(r"\b(limit|offset)\s+\d+\s*\Z")


def create_cursor(
    caller: Caller,
    *,
    app: Id,
    query: str | None = None,
    fields: Sequence[str] | None = None,
    size: int = RECORDS_PER_CURSOR_PAGE,
) -> dict[str, Any]:
    """Create a cursor and return ``{"id", "totalCount"}``.

    The cursor fixes the records and their order. `size` is the number of records per page, 1 to
    500. `query` takes no `limit` and no `offset`. `fields` are at most 1,000 codes; None means all.
    ValueError for other values; CursorLimitError if ten cursors are open.
    Source: "kintone REST API: Add Cursor".
    """
    if not 1 <= size <= RECORDS_PER_CURSOR_PAGE:
        message = f"'size' is {size}, but a page has 1 to {RECORDS_PER_CURSOR_PAGE} records."
        raise ValueError(message)
    if (page := _PAGE.search(query or "")) is not None:
        message = (
            f"'query' contains {page[1]!r}, which a cursor does not accept. Leave it out, and stop "
            "reading after enough records."
        )
        raise ValueError(message)
    require_at_most(
        fields or (),
        limit=FIELDS_PER_READ,
        name="fields",
        way_out="Read the others in another query.",
    )
    params = drop_none(app=app, query=query, fields=fields, size=size)
    return caller.request("POST", "records/cursor", params)


def get_cursor(caller: Caller, *, id: str, app: Id | None = None) -> dict[str, Any]:  # noqa: A002
    """Return the next page: ``{"records": [...], "next": bool}``.

    kintone deletes the cursor with its last page. A page may be short, even empty, while `next` is
    true. A page whose answer was lost cannot be read again. CursorExpired if the cursor no longer
    exists. `app` is needed only if the connection has more than nine API tokens.
    Source: "kintone REST API: Get Cursor".
    """
    return caller.request("GET", "records/cursor", {"id": id}, app=app)


def delete_cursor(caller: Caller, *, id: str, app: Id | None = None) -> dict[str, Any]:  # noqa: A002
    """Close a cursor and return ``{}``.

    CursorExpired if it no longer exists. `app` is needed only if the connection has more than nine
    API tokens.
    Source: "kintone REST API: Delete Cursor".
    """
    return caller.request("DELETE", "records/cursor", {"id": id}, app=app)
