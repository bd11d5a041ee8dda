"""How to read what a query asks for: one GET, seek by `$id`, offset pages or a cursor.

A pure function of the order and the slice.
"""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING

from kintone_orm.exceptions import NotSupportedError
from kintone_orm.limits import MAX_OFFSET, RECORDS_PER_PAGE

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kintone_orm.query.compiler import OrderKey

__all__ = ["WHY", "Paging", "choose_paging", "overlapping_pages"]


class Paging(enum.Enum):
    """The ways to read records, the cheapest first."""

    SINGLE = "one GET"
    SEEK = "seek by $id"
    OFFSET = "offset pages"
    CURSOR = "one GET, then a cursor if that page is full"


WHY = {
    Paging.SINGLE: "the slice fits into one page",
    Paging.SEEK: "the order is by $id, so each page starts after the last record of the one before",
    Paging.OFFSET: "kintone's offsets reach to the end of the slice",
    Paging.CURSOR: "the order is not by $id, and there may be more records than offsets reach",
}


def choose_paging(
    order: Sequence[OrderKey],
    *,
    start: int,
    stop: int | None,
    size: int = RECORDS_PER_PAGE,
    wanted: Paging | None = None,
) -> Paging:
    """The cheapest safe way to read the rows from `start` up to `stop` (None: to the end).

    `order` ends with `$id`, which makes it total; a page has `size` records. Raises
    NotSupportedError for a slice that kintone cannot reach (offset above 10,000), and for a way
    that is `wanted` and would not read exactly these rows.
    """
    if start > MAX_OFFSET:
        raise NotSupportedError(
            f"A slice cannot start at row {start:,}: kintone's offset ends at {MAX_OFFSET:,}. "
            "Read without a slice, by iterator(), or filter further, for example by pk__gt."
        )
    obstacles = {way: _obstacle(way, order, start, stop, size) for way in Paging}
    if wanted is None:
        return next(way for way, obstacle in obstacles.items() if not obstacle)
    if obstacles[wanted]:
        possible = " or ".join(way.name for way, obstacle in obstacles.items() if not obstacle)
        raise NotSupportedError(
            f"Paging.{wanted.name} does not read exactly these records: {obstacles[wanted]}. "
            f"Take {possible}, or leave it out."
        )
    return wanted


def _obstacle(
    way: Paging, order: Sequence[OrderKey], start: int, stop: int | None, size: int
) -> str:
    """Why the rows cannot be read that way; "" if they can."""
    if way is Paging.SINGLE and (stop is None or stop - start > size):
        return f"there may be more than one page of {size}"
    if way is Paging.SEEK and order[0].code != "$id":
        return "they are not in the order of $id"
    if way is Paging.OFFSET and (stop is None or stop > MAX_OFFSET + size):
        return f"some may be beyond offset {MAX_OFFSET:,}, which is the last"
    return ""


def overlapping_pages(start: int, stop: int, size: int) -> Iterator[tuple[int, int]]:
    """The offset and the limit of each page by which the rows from `start` up to `stop` are read.

    Each begins with the last row of the one before, so that it shows when rows have moved in
    between; or at kintone's last offset, if that is less.
    """
    size = max(size, 2)  # one row is what two pages share
    offset = start
    while True:
        limit = min(size, stop - offset)
        yield offset, limit
        if offset + limit >= stop:
            return
        offset = min(offset + limit - 1, MAX_OFFSET)
