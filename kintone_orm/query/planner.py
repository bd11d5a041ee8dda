"""How to read what a query asks for: one GET, seek by `$id`, offset pages or a cursor.

A pure function of the order and the slice; `Plan.reason` says why in words.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kintone_orm.exceptions import NotSupportedError
from kintone_orm.limits import MAX_OFFSET, RECORDS_PER_PAGE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kintone_orm.query.compiler import OrderKey

__all__ = ["Paging", "Plan", "make_plan"]


class Paging(enum.Enum):
    """The ways to read records."""

    SINGLE = "one GET"
    SEEK = "seek by $id"
    OFFSET = "offset pages"
    CURSOR = "one GET, then a cursor if that page is full"


@dataclass(frozen=True, slots=True)
class Plan:
    """How a query will be read, and why."""

    paging: Paging
    reason: str


def make_plan(order: Sequence[OrderKey], *, start: int, stop: int | None) -> Plan:
    """The cheapest safe way to read the rows from `start` up to `stop` (None: to the end).

    `order` ends with `$id`, which makes it total. Raises NotSupportedError for a slice that
    kintone cannot reach (offset above 10,000).
    """
    if start > MAX_OFFSET:
        raise NotSupportedError(
            f"A slice cannot start at row {start:,}: kintone's offset ends at {MAX_OFFSET:,}. "
            "Read with iterator(), or filter further, for example by pk__gt."
        )
    if stop is not None and stop - start <= RECORDS_PER_PAGE:
        return Plan(Paging.SINGLE, f"a slice of at most {RECORDS_PER_PAGE} rows")
    if order[0].code == "$id":
        return Plan(Paging.SEEK, "the order is by $id, so that each page starts after the last")
    if stop is None or _last_offset(start, stop) > MAX_OFFSET:
        return Plan(Paging.CURSOR, "an order other than $id's, beyond what an offset reaches")
    return Plan(
        Paging.OFFSET, f"a slice of more than {RECORDS_PER_PAGE} rows within kintone's offset"
    )


def _last_offset(start: int, stop: int) -> int:
    """Where the last page begins, of full pages from `start` on."""
    return stop - 1 - (stop - 1 - start) % RECORDS_PER_PAGE
