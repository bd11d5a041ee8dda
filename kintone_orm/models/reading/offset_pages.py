"""Reading a slice page by page, by offset, while others may write.

An offset counts rows. A row that others add, delete or move shifts every row behind it. So pages
that merely follow each other would skip some rows and repeat others.

Here each page begins with the last row of the page before. If that row comes back unchanged, the
two pages fit together: the unchanged rows before it were also before it then, and the unchanged
rows behind it are still behind it. If that row does not come back, rows have moved, and the slice
is read again from its start. The third time it is read by a cursor, whose rows cannot move.

With an OAuth token there are no cursors. Then all records are read by offset, up to the end of what
offsets reach, and NotSupportedError is raised if there are more.

The result has no row twice. Every row that nobody changed in the meantime is in it, between the
first row and the last.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from kintone_orm.exceptions import NotSupportedError
from kintone_orm.limits import MAX_OFFSET
from kintone_orm.models.ground.answer_checks import numbers
from kintone_orm.models.ground.oauth import log_limits_once
from kintone_orm.models.reading.cursor_pages import read_by_cursor, rows_between
from kintone_orm.models.reading.page_request import ReadPage
from kintone_orm.query.planner import OFFSET_ROWS, exceeds_offsets, overlapping_pages

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kintone_orm.models.ground.answer_checks import Page
    from kintone_orm.models.reading.page_request import Source

__all__ = ["read_by_offset"]

_TRIES = 2


def read_by_offset(source: Source) -> Iterator[ReadPage]:
    """Read the pages of a slice; all pages are read before the first row is delivered.

    So a loop over the rows may write them without moving the rows of later pages. NotSupportedError
    if the connection has no cursors (OAuth), and rows moved at every try, or there are more than
    offsets reach; no row is delivered then.
    """
    connection = source.connection
    codes = dict.fromkeys([*source.selection.fields, "$id", "$revision"])
    selection = replace(source.selection, fields=list(codes))
    source = replace(source, selection=selection, reader=None)  # rows are compared as JSON
    for _ in range(_TRIES):
        pages = _read_once(source)
        if pages is not None:
            if len(pages) > 1 and exceeds_offsets(selection.stop):
                log_limits_once(connection)
            yield from pages
            return
    if connection.by_oauth:
        raise NotSupportedError(
            f"Others moved rows of app {selection.app} each of the {_TRIES} times that this slice "
            "was read. Only a cursor keeps the rows in place, but kintone documents no cursors for "
            f"OAuth. Read at most {selection.size} rows at once, order by id, or connect with a "
            "password or API token."
        )
    whole = read_by_cursor(source)
    yield from list(rows_between(whole, selection.start, selection.stop))


def _read_once(source: Source) -> list[ReadPage] | None:
    """Read the pages, each row once; None if a row moved from one page to another."""
    connection, selection = source.connection, source.selection
    stop = OFFSET_ROWS if selection.stop is None else min(selection.stop, OFFSET_ROWS)
    # If records may be out of reach, the first page tells, before the other pages are read. The
    # last page tells again, because others may have added records since.
    counted = (selection.start, MAX_OFFSET) if exceeds_offsets(selection.stop) else ()
    pages: list[ReadPage] = []
    delivered: set[str] = set()
    boundary, place = None, 0  # the last row of the page before, and its number among all rows
    for offset, limit in overlapping_pages(selection.start, stop, selection.size):
        reach = OFFSET_ROWS if offset in counted else None
        page = _page(source, limit=limit, offset=offset, reach=reach)
        numbers(connection, page, "$revision")
        new = page
        if boundary is not None:
            again = page[place - offset : place - offset + 1]
            if not again or _identity(again[0]) != boundary:
                return None
            new = page[place - offset + 1 :]
        # A row may come a second time: others may have changed it after it was read, so that it
        # moved to this page.
        fresh = [record for record in new if record["$id"]["value"] not in delivered]
        ids = [record["$id"]["value"] for record in fresh]
        pages.append(ReadPage(ids, fresh))
        delivered.update(ids)
        if len(page) < limit:
            break
        boundary, place = _identity(page[-1]), offset + len(page) - 1
    return pages


def _page(source: Source, *, limit: int, offset: int, reach: int | None) -> Page:
    """Read a page as JSON. With `reach`, NotSupportedError if there are more than `reach` rows."""
    request = source.request(limit=limit, offset=offset, total_count=reach is not None)
    answer = source.answer(request)
    if reach is not None and int(answer["totalCount"]) > reach:
        raise _out_of_reach(source.selection.app, int(answer["totalCount"]), reach)
    return source.page(request, answer).records


def _identity(record: dict[str, Any]) -> tuple[Any, Any]:
    """Return the id and revision of a row: a changed row may have moved to another place."""
    return record["$id"]["value"], record["$revision"]["value"]


def _out_of_reach(app: int, total: int, reach: int) -> NotSupportedError:
    return NotSupportedError(
        f"{total:,} records of app {app} satisfy the conditions, but with an OAuth token only "
        f"{reach:,} can be read in an order other than by id: kintone's offsets end there, and "
        "kintone documents no cursors for OAuth. Order by id, filter further, read a shorter "
        "slice, or connect with a password or an API token."
    )
