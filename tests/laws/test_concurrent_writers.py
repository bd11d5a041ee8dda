"""Law of concurrent writers: the rows of a slice while others add, delete and change records.

Between any two requests of the reading somebody writes. Whatever they do, and in whichever way the
slice is read, no row comes twice; and of the rows that nobody touched, none is missing between the
first that is given and the last, and all are in their order.
"""

from __future__ import annotations

import threading
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st
from support.examples import examples

from kintone_orm import Model, fields
from kintone_orm.testing import emulate

MODEL_ROWS = 12


class Counter(Model):
    n = fields.IntegerField()


NUMBERS = st.integers(0, 9)
WRITES = st.one_of(
    st.tuples(st.just("add"), st.just(0), NUMBERS),
    st.tuples(st.just("delete"), st.integers(0, 14), st.just(0)),
    st.tuples(st.just("change"), st.integers(0, 14), NUMBERS),
)
BETWEEN = st.lists(st.lists(WRITES, max_size=3), max_size=8)


class Writers:
    """Writes before each request but the first. They remember which records they touched."""

    def __init__(self, between: list[list[tuple[str, int, int]]]) -> None:
        self.touched: set[int] = set()
        self.added: set[int] = set()
        self.deleted: set[int] = set()
        self._between = [[], *between]
        self._writing = False
        self._lock = threading.RLock()  # with workers, several threads send requests

    def __call__(self, send: Any, request: Any) -> Any:
        with self._lock:
            if not self._writing and self._between:
                self._writing = True
                for kind, which, number in self._between.pop(0):
                    self._write(kind, which, number)
                self._writing = False
            return send(request)

    def _write(self, kind: str, which: int, number: int) -> None:
        ids = list(Counter.objects.values_list("pk", flat=True))
        if kind == "add":
            self.added.add(Counter.objects.create(n=number).pk)
            self.touched |= self.added
        elif which < len(ids):
            self.touched.add(ids[which])
            record = Counter.objects.filter(pk=ids[which])
            if kind == "delete":
                self.deleted.add(ids[which])
                record.delete()
            else:
                record.update(n=number)


# The boundary moves behind its neighbour while a row before it goes: only its revision tells.
MOVED = [[("delete", 0, 0), ("change", 2, 5)]]
# A row that was given moves behind the boundary while another takes its place.
REPEATED = [[("change", 0, 8), ("add", 0, 0)]]


@examples(60)
@given(
    st.lists(NUMBERS, min_size=MODEL_ROWS, max_size=MODEL_ROWS),
    BETWEEN,
    st.sampled_from(["offset", "cursor", "seek"]),
    st.booleans(),
    st.integers(0, 3),
    st.integers(1, 14),
    st.integers(1, 4),
    st.integers(0, 1),
)
@example([0, 1, 2, 3, 4, 6, 7, 8, 9, 9, 9, 9], MOVED, "offset", False, 0, 9, 4, 0)
@example([0, 1, 2, 3, 4, 6, 7, 8, 9, 9, 9, 9], REPEATED, "offset", False, 0, 12, 4, 0)
def test_no_row_comes_twice_and_none_that_nobody_touched_is_missing(
    numbers, between, paging, down, start, length, size, ahead
):
    with emulate(Counter) as connection:
        Counter.objects.bulk_create(Counter(n=n) for n in numbers)
        before = dict(Counter.objects.values_list("pk", "n"))
        name = "pk" if paging == "seek" else "n"
        queryset = Counter.objects.order_by(f"-{name}" if down else name)
        writers = Writers(between)
        with connection.wrap(writers):
            found = queryset[start : start + length].iterator(size, paging=paging, ahead=ahead)
            given_rows = [(row.pk, row.n) for row in found]

    def key(pk: int, n: int) -> tuple[int, int]:
        first = pk if name == "pk" else n
        return (-first if down else first, pk)

    ids = [pk for pk, _ in given_rows]
    assert len(set(ids)) == len(ids) <= length
    untouched = {pk: key(pk, n) for pk, n in before.items() if pk not in writers.touched}
    if given_rows:
        first, last = key(*given_rows[0]), key(*given_rows[-1])
        assert {pk for pk, each in untouched.items() if first < each < last} <= set(ids)
    kept = [untouched[pk] for pk in ids if pk in untouched]
    assert kept == sorted(kept)


@examples(60)
@given(
    st.lists(NUMBERS, min_size=MODEL_ROWS, max_size=MODEL_ROWS),
    st.sets(st.integers(1, MODEL_ROWS)),
    BETWEEN,
    st.booleans(),
    st.booleans(),
    st.integers(2, 4),
    st.integers(1, 5),
)
def test_workers_read_each_row_that_is_there_throughout_exactly_once(
    numbers, holes, between, down, in_order, workers, size
):
    with emulate(Counter) as connection:
        Counter.objects.bulk_create(Counter(n=n) for n in numbers)
        Counter.objects.filter(pk__in=holes).delete()
        before = set(Counter.objects.values_list("pk", flat=True))
        queryset = Counter.objects.order_by("-pk" if down else "pk")
        writers = Writers(between)
        with connection.wrap(writers):
            found = queryset.iterator(size, workers=workers, in_order=in_order)
            ids = [row.pk for row in found]

    assert len(set(ids)) == len(ids)
    assert before - writers.deleted <= set(ids) <= before | writers.added
    if in_order:
        assert ids == sorted(ids, reverse=down)
    if ids and not down:
        assert {pk for pk in writers.added - writers.deleted if pk < max(ids)} <= set(ids)
