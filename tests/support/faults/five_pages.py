"""Reads of five pages in each way of reading, and how they end when something goes wrong."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from kintone_orm import Model, fields
from kintone_orm.exceptions import KintoneORMError
from kintone_orm.testing import emulate

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kintone_orm.models.queryset import QuerySet

__all__ = ["PLANS", "ROWS", "End", "Entry", "Plan", "end_of", "holding_nine"]

ROWS = [(number, 10 * number) for number in range(1, 10)]
"""The ids and values of the records, in the order of their ids."""


class Entry(Model):
    n = fields.IntegerField()

    class Meta:
        app = "entry"


# Each error of kintone has an id of its own.
_CHANGING = re.compile(r"id=\S+")


class Plan(NamedTuple):
    """A way of reading the nine records.

    `requests` are those without a fault; the answers to the last five of them have records.
    """

    queryset: QuerySet[Entry]
    size: int
    paging: str
    requests: int
    is_descending: bool = False

    def read(self, **options: Any) -> Iterable[Entry]:
        return self.queryset.iterator(self.size, paging=self.paging, **options)

    @property
    def rows(self) -> list[tuple[int, int]]:
        """The rows in the order of reading."""
        return ROWS[::-1] if self.is_descending else ROWS


PLANS = {
    "seek": Plan(Entry.objects.order_by("pk"), 2, "SEEK", 5),
    "seek down": Plan(Entry.objects.order_by("-pk"), 2, "SEEK", 5, is_descending=True),
    "cursor": Plan(Entry.objects.order_by("n"), 2, "CURSOR", 7),
    "offset": Plan(Entry.objects.order_by("n")[:9], 3, "OFFSET", 5),
    "single": Plan(Entry.objects.order_by("n")[:9], 9, "SINGLE", 1),
}


class End(NamedTuple):
    """The rows that a loop got, and the error that ended it, if there was one."""

    rows: list[tuple[int, int]]
    error: type[KintoneORMError] | None = None
    carried_out: str = ""
    text: str = ""


def end_of(entries: Iterable[Entry]) -> End:
    """Read the entries to the end, or to an error."""
    rows: list[tuple[int, int]] = []
    try:
        rows.extend((entry.id, entry.n or 0) for entry in entries)
    except KintoneORMError as error:
        return End(rows, type(error), error.carried_out.value, _CHANGING.sub("", str(error)))
    return End(rows)


def holding_nine() -> Any:
    """Return a kintone that holds the nine records."""
    with emulate(Entry) as connection:
        Entry.objects.bulk_create(Entry(n=n) for _, n in ROWS)
        return connection.snapshot()
