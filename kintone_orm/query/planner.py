"""Choosing the way to read the records of a query, from its order and its slice.

The planner tries four ways, the cheapest first, and picks the first that reads exactly the records
of the slice:

1. SINGLE: one GET, if the slice fits into one page.
2. SEEK: pages by ``$id > last id``, if the order is by `$id`. Their number is unlimited, and
   records that others add or delete meanwhile cannot shift a page.
3. OFFSET: pages by offset, if the slice ends within kintone's maximum offset. Each page repeats the
   last record of the page before, so the reader notices when records have shifted.
4. CURSOR: one GET, then a cursor of kintone if that page is full. A cursor allows any order and
   length, but a domain has at most 10 open cursors.

kintone documents no cursors for OAuth. With an OAuth token, OFFSET takes the place of CURSOR: it
reads to the end of what offsets reach, and the reader raises an error if there are more records.

For every way, `_obstacle` gives the reason against it. The last way has no obstacle. A way that the
caller demands is checked in the same manner; its obstacle becomes the error.
"""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING

from kintone_orm.exceptions import NotSupportedError
from kintone_orm.limits import MAX_OFFSET, RECORDS_PER_PAGE

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kintone_orm.query.compiler import OrderKey

__all__ = [
    "OFFSET_ROWS",
    "WHY",
    "WHY_NOT_CURSOR",
    "Paging",
    "choose_paging",
    "exceeds_offsets",
    "overlapping_pages",
]

OFFSET_ROWS = MAX_OFFSET + RECORDS_PER_PAGE
"""The number of rows that offsets reach: the last page begins at kintone's maximum offset."""


class Paging(enum.Enum):
    """The ways to read records, the cheapest first."""

    SINGLE = "one GET"
    SEEK = "seek by $id"
    OFFSET = "offset pages"
    CURSOR = "one GET, then a cursor if that page is full"


WHY = {
    Paging.SINGLE: "the slice fits into one page",
    Paging.SEEK: "the order is by $id, so each page starts after the last record of the one before",
    Paging.OFFSET: "the slice ends within kintone's maximum offset",
    Paging.CURSOR: "the order is not by $id, and there may be more records than offsets reach",
}
WHY_NOT_CURSOR = "the order is not by $id, and kintone documents no cursors for OAuth tokens"


def choose_paging(
    order: Sequence[OrderKey],
    *,
    start: int,
    stop: int | None,
    size: int = RECORDS_PER_PAGE,
    demanded: Paging | None = None,
    has_cursors: bool = True,
) -> Paging:
    """Return the cheapest exact way to read the records from `start` up to `stop`.

    If `stop` is None, the slice has no end. `order` ends with `$id`, which makes it total. A page
    has `size` records. `has_cursors` is False with an OAuth token. Raises NotSupportedError for a
    slice beyond kintone's maximum offset of 10,000, and for a `demanded` way that would not read
    exactly these records, or that needs a cursor where there are none.
    """
    if start > MAX_OFFSET:
        raise NotSupportedError(
            f"A slice cannot start at record {start:,}: kintone's maximum offset is "
            f"{MAX_OFFSET:,}. Read without a slice, by iterator(), or filter further, for example "
            "by pk__gt."
        )
    facts = (order, start, stop, size, has_cursors)
    if demanded is None:
        return next(way for way in Paging if not _obstacle(way, *facts))
    obstacle = _obstacle(demanded, *facts)
    if not obstacle:
        return demanded
    possible = " or ".join(way.name for way in Paging if not _obstacle(way, *facts))
    if demanded is Paging.CURSOR:
        raise NotSupportedError(
            f"Paging.CURSOR cannot be used: {obstacle}. Use {possible}, leave out the paging, or "
            "connect with a password or an API token."
        )
    raise NotSupportedError(
        f"Paging.{demanded.name} does not read exactly these records: {obstacle}. Use {possible}, "
        "or leave out the paging."
    )


def _obstacle(
    way: Paging,
    order: Sequence[OrderKey],
    start: int,
    stop: int | None,
    size: int,
    has_cursors: bool,
) -> str:
    """Return the reason why the records cannot be read in this way; "" if they can."""
    if way is Paging.SINGLE and (stop is None or stop - start > size):
        return f"there may be more than one page of {size}"
    if way is Paging.SEEK and order[0].code != "$id":
        return "they are not in the order of $id"
    if way is Paging.OFFSET and has_cursors and (stop is None or stop > MAX_OFFSET + size):
        return f"some may be beyond the maximum offset of {MAX_OFFSET:,}"
    if way is Paging.CURSOR and not has_cursors:
        return "kintone documents no cursors for OAuth tokens"
    return ""


def exceeds_offsets(stop: int | None) -> bool:
    """Return True if the rows up to `stop` may be more than offsets reach; None means to the end.

    The planner picks OFFSET for such rows only with an OAuth token.
    """
    return stop is None or stop > OFFSET_ROWS


def overlapping_pages(start: int, stop: int, size: int) -> Iterator[tuple[int, int]]:
    """Yield the offset and the limit of each page of the records from `start` up to `stop`.

    `stop` is at most OFFSET_ROWS. A page begins with the last record of the page before, so that
    the reader notices shifted records. No page begins later than kintone's maximum offset; the page
    that begins there may have more than `size` records.
    """
    size = max(size, 2)  # pages overlap by one record, so pages of one record would never advance
    offset = start
    while True:
        limit = min(size if offset < MAX_OFFSET else RECORDS_PER_PAGE, stop - offset)
        yield offset, limit
        if offset + limit >= stop:
            return
        offset = min(offset + limit - 1, MAX_OFFSET)
