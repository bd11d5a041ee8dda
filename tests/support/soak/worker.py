"""The operations of one thread of a soak."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from support.soak.ledger import ABSENT
from support.soak.models import STEADY, STOCKS, Entry, Item, Stock

if TYPE_CHECKING:
    import random
    from collections.abc import Iterable

    from support.soak.ledger import Ledger

__all__ = ["Worker"]

_STEADY = {f"steady {n}" for n in range(STEADY)}
_PAGE = 50
_MOST = 8  # entries that a thread keeps before it deletes some


class Worker:
    """One thread's own entries and items, which no other thread writes."""

    def __init__(self, name: int, ledger: Ledger, draw: random.Random) -> None:
        self._name = name
        self._ledger = ledger
        self._draw = draw
        self._number = 0
        self._entries: dict[str, int] = {}  # ids by code
        self._items: list[str] = []

    def step(self) -> None:
        """Carry out one operation, drawn at random."""
        operations = _READS if self._draw.random() < 0.4 else _WRITES
        if len(self._entries) > _MOST:
            operations = (Worker.delete, Worker.delete_many)
        try:
            self._draw.choice(operations)(self)
        except Exception as error:  # noqa: BLE001 - any other error is a result, too
            self._ledger.report(f"thread {self._name}: {error!r}")

    # -- reads ------------------------------------------------------------------------------------

    def read_by_id(self) -> None:
        with self._ledger.reading("seek"):
            self._check("seek", Entry.objects.all().iterator(_PAGE))

    def read_in_an_order(self) -> None:
        with self._ledger.reading("cursor"):
            self._check("cursor", Entry.objects.order_by("value").iterator(_PAGE, paging="CURSOR"))

    def read_by_offset(self) -> None:
        # Offsets move when other threads delete records, so this reads steady records alone.
        steady = Entry.objects.filter(kind="steady").order_by("-value")
        with self._ledger.reading("offset"):
            self._check("offset", steady[: STEADY + 1].iterator(_PAGE, paging="OFFSET"))

    def count(self) -> None:
        with self._ledger.reading("count"):
            number = Entry.objects.filter(kind="steady").count()
            if number != STEADY:
                self._ledger.report(f"count() is {number} and not {STEADY}")

    def get(self) -> None:
        with self._ledger.reading("get"):
            number = self._draw.randrange(STEADY)
            entry = Entry.objects.get(code=f"steady {number}")
            if entry.value != number:
                self._ledger.report(f"get() read {entry.value} and not {number}")

    def _check(self, name: str, rows: Iterable[Entry]) -> None:
        entries = list(rows)
        ids = {entry.pk for entry in entries}
        if len(ids) < len(entries):
            self._ledger.report(f"{name}: {len(entries) - len(ids)} records were read twice")
        if missing := _STEADY - {entry.code for entry in entries}:
            self._ledger.report(f"{name}: {sorted(missing)} are missing")

    # -- writes -----------------------------------------------------------------------------------

    def create(self) -> None:
        (code,) = self._new("create", 1)
        with self._ledger.writing("create", {code: 0}):
            self._entries[code] = Entry.objects.create(code=code, value=0).pk

    def bulk_create(self) -> None:
        codes = self._new("bulk", 5)
        entries = [Entry(code=code, value=1) for code in codes]
        with self._ledger.writing("bulk_create", dict.fromkeys(codes, 1), key_of=_code):
            for entry in Entry.objects.bulk_create(entries, batch_size=2):
                self._entries[entry.code] = entry.pk

    def save(self) -> None:
        for entry in self._own(1):
            entry.value = self._next()
            with self._ledger.writing("save", {entry.code: entry.value}):
                entry.save(check_revision=True)
            self._forget([entry.code])

    def bulk_update(self) -> None:
        entries = self._own(5)
        for entry in entries:
            entry.value = self._next()
        values = {entry.code: entry.value for entry in entries}
        checked = self._draw.random() < 0.5
        with self._ledger.writing(f"bulk_update {checked=}", values, key_of=_code):
            Entry.objects.bulk_update(entries, batch_size=2, check_revision=checked)
        self._forget(values)

    def update(self) -> None:
        value, ids = self._next(), self._some(3)
        with self._ledger.writing("update", dict.fromkeys(ids, value), key_of=self._code_of):
            Entry.objects.filter(pk__in=list(ids.values())).update(value=value)
        self._forget(ids)

    def delete(self) -> None:
        for entry in self._own(1):
            with self._ledger.writing("delete", {entry.code: ABSENT}):
                entry.delete(check_revision=True)
            self._forget([entry.code])

    def delete_many(self) -> None:
        ids = self._some(3)
        with self._ledger.writing("delete_many", dict.fromkeys(ids, ABSENT), key_of=self._code_of):
            Entry.objects.filter(pk__in=list(ids.values())).delete()
        self._forget(ids)

    def upsert(self) -> None:
        codes = self._new("item", 2) + [c for c in self._items if self._ledger.is_certain(c)][-2:]
        value = self._next()
        items = [Item(code=code, value=value) for code in codes]
        with self._ledger.writing("upsert", dict.fromkeys(codes, value), key_of=_code):
            Item.objects.bulk_create(items, update_conflicts=True, unique_fields=["code"])
            self._items += codes

    def modify(self) -> None:
        pk = self._draw.randint(1, STOCKS)
        (line,) = self._new("decrement", 1)

        def decrement(stock: Stock) -> None:
            stock.quantity -= 1
            stock.decrements += f"{line}\n"

        with self._ledger.writing("modify", {line: pk}, conflict_allowed=True):
            Stock.objects.modify(pk, decrement, attempts=10)

    def comment(self) -> None:
        number = self._draw.randint(1, STEADY)  # the id of a steady entry
        (text,) = self._new("comment", 1)
        with self._ledger.writing("comment", {text: f"steady {number - 1}"}):
            Entry.objects.get(pk=number).comments.create(text)

    # -- own records ------------------------------------------------------------------------------

    def _new(self, name: str, number: int) -> list[str]:
        return [f"{name} {self._name}-{self._next()}" for _ in range(number)]

    def _next(self) -> int:
        self._number += 1
        return self._number

    def _some(self, number: int) -> dict[str, int]:
        codes = self._draw.sample(sorted(self._entries), min(number, len(self._entries)))
        return {code: self._entries[code] for code in codes}

    def _own(self, number: int) -> list[Entry]:
        """Some entries of this thread, as they are stored. They are read, which may fail."""
        ids = self._some(number)
        entries: list[Entry] = []
        with self._ledger.reading("own entries"):
            entries = list(Entry.objects.filter(pk__in=list(ids.values())))
            read = {entry.code: entry.value for entry in entries}
            if read != (awaited := {code: self._ledger.value(code) for code in ids}):
                self._ledger.report(f"own entries are {read} and not {awaited}")
        return entries

    def _code_of(self, pk: Any) -> str:
        return next(code for code, id_ in self._entries.items() if id_ == pk)

    def _forget(self, codes: Iterable[str]) -> None:
        """Leave entries alone that are deleted, or whose values are unknown."""
        for code in codes:
            if not self._ledger.is_certain(code) or self._ledger.value(code) is ABSENT:
                del self._entries[code]


def _code(record: Any) -> str:
    return str(record.code)


_READS = (
    Worker.read_by_id,
    Worker.read_in_an_order,
    Worker.read_by_offset,
    Worker.count,
    Worker.get,
)
_WRITES = (
    Worker.create,
    Worker.bulk_create,
    Worker.save,
    Worker.bulk_update,
    Worker.update,
    Worker.delete,
    Worker.upsert,
    Worker.modify,
    Worker.modify,
    Worker.comment,
)
