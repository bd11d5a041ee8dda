"""A slice in an order of its own, read in pages by offset, while others may write.

An offset counts rows, so a row that comes, goes or moves shifts all those behind it: pages that
merely follow each other would skip some and repeat others. So each page begins with the last row
of the one before. If that row is there, unchanged, every unchanged row before it was before it
then, too, and every one behind it is behind it still: the pages fit together. If not, rows have
moved, and the slice is read again; at last by a cursor, which nobody can move.

What that gives: no row twice; and of the rows that nobody changed meanwhile, none is missing
between the first row that it gives and the last.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

from kintone_orm.exceptions import NotSupportedError
from kintone_orm.models.ground.answer_checks import numbers
from kintone_orm.models.reading.cursor_pages import cursor_pages, rows_between
from kintone_orm.models.reading.selection import get_page
from kintone_orm.query.planner import overlapping_pages

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kintone_orm.connection import Connection
    from kintone_orm.models.ground.answer_checks import Page
    from kintone_orm.models.reading.selection import Selection

__all__ = ["offset_pages"]

_TRIES = 2


def offset_pages(connection: Connection, selection: Selection) -> Iterator[Page]:
    """The pages of a slice, all of them read before the first row is handed out.

    A loop that writes, as it goes over the rows, moves none of them so. NotSupportedError if rows
    moved each time, and the connection has no cursors.
    """
    codes = dict.fromkeys([*selection.fields, "$id", "$revision"])
    selection = replace(selection, fields=list(codes))
    for _ in range(_TRIES):
        pages = _read_once(connection, selection)
        if pages is not None:
            yield from pages
            return
    if connection.settings.credentials.oauth_token is not None:
        raise NotSupportedError(
            f"Others moved rows of app {selection.app} each of the {_TRIES} times that this slice "
            "was read, and kintone promises no cursor, which would stand still, for OAuth. Read at "
            f"most {selection.size} rows at once, order by id, or connect with a password or API "
            "token."
        )
    whole = cursor_pages(connection, selection)
    yield from list(rows_between(whole, selection.start, selection.stop))


def _read_once(connection: Connection, selection: Selection) -> list[Page] | None:
    """The pages, without what they share; None if a row moved between two of them."""
    stop = cast("int", selection.stop)  # or there would be no pages by offset
    pages: list[Page] = []
    given: set[str] = set()
    boundary, place = None, 0  # the last row of the page before, and which row of all it is
    for offset, limit in overlapping_pages(selection.start, stop, selection.size):
        page = get_page(connection, selection, limit=limit, offset=offset)
        numbers(connection, page, "$revision")
        new = page
        if boundary is not None:
            again = page[place - offset : place - offset + 1]
            if not again or _identity(again[0]) != boundary:
                return None
            new = page[place - offset + 1 :]
        # A row that was changed may have moved behind the boundary: it was given before.
        pages.append([record for record in new if record["$id"]["value"] not in given])
        given.update(record["$id"]["value"] for record in new)
        if len(page) < limit:
            break
        boundary, place = _identity(page[-1]), offset + len(page) - 1
    return pages


def _identity(record: dict[str, Any]) -> tuple[Any, Any]:
    """The row as it is now: at another revision it may have moved behind its neighbour."""
    return record["$id"]["value"], record["$revision"]["value"]
