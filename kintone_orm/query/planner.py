"""How to read what a query asks for: one GET, seek by `$id`, offset pages or a cursor.

A pure function of the order and the slice.
"""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING

from kintone_orm.exceptions import NotSupportedError
from kintone_orm.limits import MAX_OFFSET, RECORDS_PER_PAGE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kintone_orm.query.compiler import OrderKey

__all__ = ["Paging", "choose_paging"]


class Paging(enum.Enum):
    """The ways to read records."""

    SINGLE = "one GET"
    SEEK = "seek by $id"
    OFFSET = "offset pages"
    CURSOR = "one GET, then a cursor if that page is full"


def choose_paging(order: Sequence[OrderKey], *, start: int, stop: int | None) -> Paging:
    """The cheapest safe way to read the rows from `start` up to `stop` (None: to the end).

    `order` ends with `$id`, which makes it total. Raises NotSupportedError for a slice that
    kintone cannot reach (offset above 10,000).
    """
    if start > MAX_OFFSET:
        raise NotSupportedError(
            f"A slice cannot start at row {start:,}: kintone's offset ends at {MAX_OFFSET:,}. "
            "Read without a slice, by iterator(), or filter further, for example by pk__gt."
        )
    if stop is not None and stop - start <= RECORDS_PER_PAGE:
        return Paging.SINGLE
    if order[0].code == "$id":
        return Paging.SEEK  # each page starts after the last record of the one before
    if stop is None or _last_offset(start, stop) > MAX_OFFSET:
        return Paging.CURSOR
    return Paging.OFFSET


def _last_offset(start: int, stop: int) -> int:
    """Where the last page begins, of full pages from `start` on."""
    return stop - 1 - (stop - 1 - start) % RECORDS_PER_PAGE
