"""The cost of a read: its requests, computed from the plan and the number of rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kintone_orm.query.planner import OFFSET_ROWS, Paging, overlapping_pages

if TYPE_CHECKING:
    from kintone_orm.models.reading.selection import Selection

__all__ = ["Cost", "cost_of", "requests_in_words"]


@dataclass(frozen=True, slots=True)
class Cost:
    """The cost of reading a number of rows to the end, if nobody writes meanwhile.

    `requests` counts all requests, and `cursors` how many of the domain's ten cursors are used.
    `round_trips` counts the waits for an answer, one after the other. Several workers wait at the
    same time. Left out are the requests for inner querysets, for related records, and for the app's
    form, which may be read before long texts are compared.
    """

    requests: int
    cursors: int
    round_trips: int

    def __str__(self) -> str:
        if self.requests < 2:
            return "1 request" if self.requests else "0 requests"
        if self.round_trips == self.requests:
            order = ", one after the other"
        else:
            order = f" in {self.round_trips:,} round trip{'s' if self.round_trips > 1 else ''}"
        return f"{self.requests:,} requests{order}{', with a cursor' if self.cursors else ''}"


def cost_of(
    way: Paging | None,
    rows: int,
    *,
    size: int,
    start: int,
    most: int | None,
    workers: int,
    at_once: int | None = None,
) -> Cost:
    """Return the cost of reading `rows` rows, or the whole slice if there are more.

    `start` and `most` are the first row and the length of the slice; without an end, `most` is
    None. If `way` is None, nothing is sent. `at_once` is the number of requests that the workers
    may send at once, if it is less than their number.

    With an OAuth token, the first request tells if there are more rows than can be read. With
    workers, the ids are taken to follow each other; holes between them may take more requests.
    """
    if way is None:
        return Cost(0, 0, 0)
    end = start + rows
    rows = rows if most is None else min(rows, most)
    if way is Paging.CURSOR and rows >= size:
        # The cursor reads the rows of the first GET once more, and those before the slice. If it
        # has pages behind the slice, one more request deletes it.
        pages = -(-(start + rows) // size)
        requests = 2 + pages + (end > pages * size)
        return Cost(requests, 1, requests)
    if way is Paging.CURSOR:
        return Cost(1, 0, 1)
    if way is Paging.OFFSET:
        requests = _pages_by_offset(rows, size, start, most)
        return Cost(requests, 0, requests)
    pages = rows // size + 1 if most is None else min(rows // size + 1, -(-most // size))
    if workers == 1:
        return Cost(pages, 0, pages)
    # The highest id is requested together with the first page, the other pages side by side.
    at_once = at_once or workers
    return Cost(pages + 1, 0, pages + 1 if at_once == 1 else 1 - (1 - pages) // at_once)


def _pages_by_offset(rows: int, size: int, start: int, most: int | None) -> int:
    if start + rows > OFFSET_ROWS:
        return 1
    stop = OFFSET_ROWS if most is None else min(start + most, OFFSET_ROWS)
    ends = [offset + limit for offset, limit in overlapping_pages(start, stop, size)]
    # The first page that is not full is the last one.
    return min(1 + sum(end <= start + rows for end in ends), len(ends))


def requests_in_words(way: Paging, selection: Selection, workers: int, at_once: int) -> str:
    """Describe how many requests the selection takes; `way` is the way of reading it.

    `at_once` is the number of requests that the workers may send at once.
    """
    size, start, stop = selection.size, selection.start, selection.stop
    most = None if stop is None else -((start - stop) // size)
    if way is Paging.SINGLE or most == 1:
        return "1"
    if way is Paging.CURSOR:
        skipped = f" (the {start:,} before the slice are also read)"
        return (
            f"1 for less than {size} records; else 2, and 1 for each {size}"
            f"{skipped if start else ''}, and one of the ten cursors of the domain is "
            "in use meanwhile"
        )
    if way is Paging.OFFSET:
        end = OFFSET_ROWS if stop is None else min(stop, OFFSET_ROWS)
        most = len(list(overlapping_pages(start, end, size)))
        return f"1, and 1 more after each full page, which shares a row with it; {most} at most"
    if workers > 1:
        return (
            f"2, and 1 more for each full {size} records, {at_once} at once; holes between the ids "
            "may take more"
        )
    return f"1, and 1 more after each full {size} records" + (f"; {most} at most" if most else "")
