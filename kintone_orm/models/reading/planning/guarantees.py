"""Guarantees: the rows of a read while others write, for each way of reading."""

from __future__ import annotations

import enum
from typing import NamedTuple

from kintone_orm.query.planner import Paging

__all__ = ["GUARANTEES", "Fate", "Guarantee", "Reading", "reading_of"]


class Reading(enum.Enum):
    """The ways of reading, as far as they differ when others write meanwhile."""

    SINGLE = "one GET"
    SEEK = "by `id`, `ahead=0`"
    SEEK_AHEAD = "by `id`"
    SEEK_WORKERS = "by `id`, `workers=n`"
    OFFSET = "by offset"
    OFFSET_OAUTH = "by offset, OAuth"
    CURSOR = "by a cursor, `ahead=0`"
    CURSOR_AHEAD = "by a cursor"


class Fate(enum.Enum):
    """How often a record comes that others write after the first page was requested.

    A record that comes "once or missing" is missing if it did not belong to the rows when its page
    was requested.
    """

    ONCE = "once"
    EITHER = "once or missing"
    MISSING = "missing"


class Guarantee(NamedTuple):
    """The promise of a way of reading while others write.

    No record comes twice. A record that nobody writes comes once, if it is between the first row
    and the last. The other records are those that others add or delete, `moved` records, whose
    place in the order changes, `matching` records, which begin to satisfy the conditions, and
    `unmatching` records, which no longer do. If a cursor is used, writes count from the moment when
    it is created.

    `own_writes` says from where on the rows of a loop show the values that the loop writes.
    """

    text: str
    added: Fate
    deleted: Fate
    moved: Fate
    matching: Fate
    unmatching: Fate
    own_writes: str


_BY_ID = (Fate.EITHER, Fate.EITHER, Fate.ONCE, Fate.EITHER, Fate.EITHER)
_BY_OFFSET = (Fate.EITHER, Fate.EITHER, Fate.EITHER, Fate.EITHER, Fate.EITHER)
_BY_CURSOR = (Fate.MISSING, Fate.EITHER, Fate.ONCE, Fate.MISSING, Fate.ONCE)

_PAGES = (
    "No row comes twice, and every record that nobody writes meanwhile comes exactly once. A page "
    "shows the records as they were when it was requested."
)
_SLICE = (
    "No row comes twice, and between the first row and the last every record that nobody writes "
    "meanwhile comes exactly once. All pages are read before the first row is used. If rows move "
    "between two pages, the slice is read again, "
)
_FIXED = (
    "The rows and their order are fixed when the cursor is created: each row comes exactly once, "
    "unless it is deleted. A page shows the values as they were when it was requested."
)
_WHEN_NEEDED = "Each page is requested when the one before it was used."
_AHEAD = "From the third page on, each page is requested before the one before it is used."

GUARANTEES = {
    Reading.SINGLE: Guarantee(
        "All rows are read at one moment.",
        added=Fate.MISSING,
        deleted=Fate.ONCE,
        moved=Fate.ONCE,
        matching=Fate.MISSING,
        unmatching=Fate.ONCE,
        own_writes="never",
    ),
    Reading.SEEK: Guarantee(f"{_PAGES} {_WHEN_NEEDED}", *_BY_ID, "the next page"),
    Reading.SEEK_AHEAD: Guarantee(f"{_PAGES} {_AHEAD}", *_BY_ID, "the page after the next"),
    Reading.SEEK_WORKERS: Guarantee(
        f"{_PAGES} Pages are requested in any order, and up to three for each worker before the "
        "loop needs them.",
        *_BY_ID,
        "pages that are not requested yet",
    ),
    Reading.OFFSET: Guarantee(f"{_SLICE}the third time by a cursor.", *_BY_OFFSET, "never"),
    Reading.OFFSET_OAUTH: Guarantee(
        f"{_SLICE}and NotSupportedError is raised if they move again.", *_BY_OFFSET, "never"
    ),
    Reading.CURSOR: Guarantee(f"{_FIXED} {_WHEN_NEEDED}", *_BY_CURSOR, "the next page"),
    Reading.CURSOR_AHEAD: Guarantee(f"{_FIXED} {_AHEAD}", *_BY_CURSOR, "the page after the next"),
}


def reading_of(way: Paging, *, ahead: int, workers: int, has_cursors: bool) -> Reading:
    """Return the way of reading with these options of `iterator()`."""
    if way is Paging.SEEK and workers > 1:
        return Reading.SEEK_WORKERS
    if way is Paging.SEEK:
        return Reading.SEEK_AHEAD if ahead else Reading.SEEK
    if way is Paging.CURSOR:
        return Reading.CURSOR_AHEAD if ahead else Reading.CURSOR
    if way is Paging.OFFSET:
        return Reading.OFFSET if has_cursors else Reading.OFFSET_OAUTH
    return Reading.SINGLE
