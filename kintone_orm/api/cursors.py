"""Cursors: read any number of records in a fixed order, page by page.

At most ten are open in a domain, for all its users and programs; each lives for ten minutes, and
from each page that is not the last, for ten more.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from kintone_orm.api.caller import given
from kintone_orm.limits import FIELDS_PER_READ, RECORDS_PER_CURSOR_PAGE, require_at_most

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kintone_orm.api.caller import Caller, Id

__all__ = ["create_cursor", "delete_cursor", "get_cursor"]

# At the end of a query; a text literal there would end in a quote mark.
_PAGE = re.compile(r"\b(limit|offset)\s+\d+\s*\Z")


def create_cursor(
    caller: Caller,
    *,
    app: Id,
    query: str | None = None,
    fields: Sequence[str] | None = None,
    size: int = RECORDS_PER_CURSOR_PAGE,
) -> dict[str, Any]:
    """A new cursor's ``{"id", "totalCount"}``, its records and their order fixed now.

    `size` is the records of a page, 1 to 500; `query` has no `limit` and no `offset`.
    CursorLimitError if ten are open. Source: "kintone REST API: Add Cursor".
    """
    if not 1 <= size <= RECORDS_PER_CURSOR_PAGE:
        message = f"size: {size}, and a page has 1 to {RECORDS_PER_CURSOR_PAGE} records"
        raise ValueError(message)
    if (page := _PAGE.search(query or "")) is not None:
        message = f"query: a cursor takes no {page[1]}; stop reading when you have enough"
        raise ValueError(message)
    require_at_most(
        fields or (), limit=FIELDS_PER_READ, name="fields", way_out="read in two queries"
    )
    params = given(app=app, query=query, fields=fields, size=size)
    return caller.request("POST", "records/cursor", params)


def get_cursor(caller: Caller, *, id: str, app: Id | None = None) -> dict[str, Any]:  # noqa: A002
    """The next page, ``{"records": [...], "next": bool}``; without a next one the cursor is gone.

    A page may be short, even empty, while `next` is true. A page whose answer was lost cannot be
    had again. CursorExpired if the cursor is gone. `app` matters only with more than nine API
    tokens. Source: "kintone REST API: Get Cursor".
    """
    return caller.request("GET", "records/cursor", {"id": id}, app=app)


def delete_cursor(caller: Caller, *, id: str, app: Id | None = None) -> dict[str, Any]:  # noqa: A002
    """``{}``, once the cursor is closed; CursorExpired if it was gone already.

    Source: "kintone REST API: Delete Cursor".
    """
    return caller.request("DELETE", "records/cursor", {"id": id}, app=app)
