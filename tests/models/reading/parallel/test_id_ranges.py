"""Ranges of ids: a plan without a network, against a set of ids that others change."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from support.examples import examples

from kintone_orm.models.reading.parallel.id_ranges import IdRange, IdRanges


@dataclass
class Reading:
    """A reading of `ids`, whose answers come in any order; `change` is called before each one."""

    ids: set[int]
    size: int
    workers: int
    in_order: bool = True
    seed: int = 0
    requests: int = 0
    most_at_once: int = 0

    def __post_init__(self):
        self.anyhow = random.Random(self.seed)

    def change(self):
        pass

    def page(self, asked: IdRange) -> list[int]:
        ids = sorted(
            id_
            for id_ in self.ids
            if (asked.after is None or id_ > asked.after)
            and (asked.last is None or id_ <= asked.last)
        )
        return ids[: self.size]

    def run(self) -> list[int]:
        ranges = IdRanges(self.size, most=2 * self.workers, in_order=self.in_order)
        rows: list[int] = []
        under_way: list[IdRange] = []
        waiting: dict[IdRange, list[int]] = {}
        farthest = max(self.ids, default=None)
        while not ranges.is_done:
            while (asked := ranges.take()) is not None:
                under_way.append(asked)
                self.requests += 1
            self.most_at_once = max(self.most_at_once, len(under_way) + len(waiting))
            ready = ranges.next_to_deliver()
            if ready is not None and (not under_way or self.anyhow.random() < 0.5):
                rows += waiting.pop(ready)
                ranges.deliver(ready)
                continue
            answered = under_way.pop(self.anyhow.randrange(len(under_way)))
            self.change()
            page = self.page(answered)
            ranges.answer(answered, page)
            if page:
                waiting[answered] = page
            ranges.farthest = farthest
        assert not under_way
        assert not waiting
        return rows


@dataclass
class ReadingAmongWriters(Reading):
    """A reading while others add records, whose ids only grow, and delete some."""

    writes: int = 10
    added: set[int] = field(default_factory=set)
    deleted: set[int] = field(default_factory=set)
    highest: int = 0

    def change(self):
        for _ in range(self.anyhow.randrange(3)):
            if not self.writes:
                return
            self.writes -= 1
            if self.anyhow.random() < 0.5:
                self.highest = max(self.highest, *self.ids, 0) + self.anyhow.randrange(1, 4)
                self.ids.add(self.highest)
                self.added.add(self.highest)
            elif self.ids:
                id_ = self.anyhow.choice(sorted(self.ids))
                self.highest = max(self.highest, id_)
                self.ids.remove(id_)
                self.deleted.add(id_)


# Ids with holes of every width: runs of neighbours, each some way behind the one before.
SEEDS = st.integers(0, 2**32)
RUNS = st.lists(st.tuples(st.integers(0, 5_000), st.integers(1, 60)), max_size=8)


def ids_of(runs: list[tuple[int, int]]) -> set[int]:
    ids, last = set(), 0
    for hole, length in runs:
        ids |= set(range(last + hole + 1, last + hole + length + 1))
        last += hole + length
    return ids


@examples(300)
@given(RUNS, st.integers(1, 20), st.integers(2, 6), st.booleans(), SEEDS, st.integers(0, 30))
@example([(0, 40)], 10, 4, True, 1, 0)
@example([(0, 10), (5_000, 60)], 3, 2, True, 1, 30)
def test_a_record_that_exists_throughout_is_read_exactly_once(
    runs, size, workers, in_order, seed, writes
):
    before = ids_of(runs)
    reading = ReadingAmongWriters(
        set(before), size, workers, in_order=in_order, seed=seed, writes=writes
    )
    rows = reading.run()
    assert len(set(rows)) == len(rows)
    assert before - reading.deleted <= set(rows) <= before | reading.added
    if in_order:
        assert rows == sorted(rows)


@examples(100)
@given(RUNS, st.integers(1, 20), st.integers(2, 6), SEEDS)
def test_a_record_that_was_added_before_the_last_one_read_is_not_left_out(
    runs, size, workers, seed
):
    reading = ReadingAmongWriters(ids_of(runs), size, workers, seed=seed, writes=40)
    rows = reading.run()
    last = max(rows, default=0)
    assert {id_ for id_ in reading.added - reading.deleted if id_ < last} <= set(rows)


@examples(200)
@given(RUNS, st.integers(1, 20), st.integers(2, 6), st.booleans(), SEEDS)
def test_the_pages_under_way_or_waiting_are_few(runs, size, workers, in_order, seed):
    reading = Reading(ids_of(runs), size, workers, in_order=in_order, seed=seed)
    reading.run()
    assert reading.most_at_once <= 3 * workers + 1


@examples(200)
@given(RUNS, st.integers(1, 20), st.integers(2, 6), SEEDS)
def test_holes_cost_few_requests(runs, size, workers, seed):
    ids = ids_of(runs)
    reading = Reading(set(ids), size, workers, seed=seed)
    reading.run()
    # Before the first answer without a record is here, as many requests are under way as there may
    # be; and another hole may be met while their number grows again.
    most, pages = 2 * workers, len(ids) // size + 1
    assert reading.requests <= 3 * pages + (most + 3) * (len(runs) + 1)


@pytest.mark.parametrize(
    ("records", "requests"),
    [
        (0, 1),
        (499, 1),
        (500, 2),
        (501, 2),
        (999, 2),
        (1_000, 3),
        (9_999, 20),
        (10_000, 21),
        (10_001, 21),
    ],
)
@pytest.mark.parametrize("workers", [2, 4, 8])
def test_dense_ids_take_as_many_requests_as_a_seek(records, requests, workers):
    reading = Reading(set(range(1, records + 1)), 500, workers)
    assert reading.run() == list(range(1, records + 1))
    assert reading.requests == requests


@pytest.mark.parametrize("share", [0.02, 0.3, 0.5, 0.9, 0.99])
def test_ids_with_evenly_spread_holes_take_at_most_a_fifth_more_requests(share):
    anyhow = random.Random(2)
    ids = {id_ for id_ in range(1, int(20_000 / share)) if anyhow.random() < share}
    reading = Reading(set(ids), 500, 4)
    assert len(reading.run()) == len(ids)
    assert reading.requests <= 1.2 * (len(ids) / 500) + 4


@pytest.mark.parametrize("hole", [100_000, 10_000_000, 10**15])
def test_a_wide_hole_is_passed_in_few_requests(hole):
    ids = {*range(1, 1_001), *range(hole, hole + 10_000)}
    reading = Reading(set(ids), 500, 4)
    reading.run()
    assert reading.requests <= 22 + 8 + 1


def test_holes_that_follow_each_other_cost_few_requests_each():
    ids = {block * 10_000 + id_ for block in range(10) for id_ in range(1, 1_001)}
    reading = Reading(set(ids), 500, 4)
    reading.run()
    assert reading.requests <= 21 + 10 * 4


def test_the_ids_behind_a_wide_hole_are_read_in_parallel():
    ranges = IdRanges(10, most=8)
    ranges.answer(first(ranges), [*range(1, 10), 10_000])  # ten records in ten thousand ids
    ranges.farthest = 30_000
    asked = [ranges.take() for _ in range(3)]  # each has more than a page
    for part in asked:
        assert part is not None
        after = part.after or 0
        ranges.answer(part, list(range(after + 1, after + 11)))
    ready = ranges.next_to_deliver()
    assert ready is not None
    ranges.deliver(ready)
    widths = [part.last - part.after for part in taken(ranges) if part.last and part.after]
    assert widths == [10] * 5


def first(ranges: IdRanges) -> IdRange:
    part = ranges.take()
    assert part is not None
    return part


def taken(ranges: IdRanges) -> list[IdRange]:
    parts = []
    while (part := ranges.take()) is not None:
        parts.append(part)
    return parts


def test_only_the_first_page_is_asked_for_at_first():
    ranges = IdRanges(10, most=8)
    assert [(part.after, part.last) for part in taken(ranges)] == [(None, None)]


def test_without_the_farthest_id_it_is_a_seek():
    ranges = IdRanges(3, most=8)
    ranges.answer(first(ranges), [2, 5, 9])
    assert [(part.after, part.last) for part in taken(ranges)] == [(9, None)]


def test_dense_ranges_have_as_many_ids_as_a_page_has_records_and_the_last_one_has_no_end():
    ranges = IdRanges(3, most=8)
    ranges.answer(first(ranges), [1, 2, 3])
    ranges.farthest = 10
    assert [(part.after, part.last) for part in taken(ranges)] == [(3, 6), (6, 9), (9, None)]


def test_negative_ids_go_up_too():
    ranges = IdRanges(3, most=8)
    ranges.answer(first(ranges), [-10, -9, -8])
    ranges.farthest = -1
    assert [(part.after, part.last) for part in taken(ranges)] == [(-8, -5), (-5, -2), (-2, None)]


def test_the_rest_of_a_range_with_more_than_a_page_comes_before_later_ranges():
    ranges = IdRanges(2, most=4)
    ranges.answer(first(ranges), [1, 9])
    ranges.farthest = 100
    wide, later = first(ranges), first(ranges)
    assert wide.last == later.after
    end = wide.last
    ranges.answer(wide, [10, 11])
    rest = first(ranges)
    assert (rest.after, rest.last) == (11, 13)
    assert end is not None
    assert end > 13


def test_a_continued_last_range_is_cut_again():
    ranges = IdRanges(2, most=4)
    ranges.answer(first(ranges), [1, 100])  # as if a record took fifty ids
    ranges.farthest = 110
    ranges.answer(first(ranges), [101, 102])  # the open end was not so thin
    assert [(part.after, part.last) for part in taken(ranges)] == [(102, 104), (104, 106)]


def test_pages_are_delivered_as_they_come_if_the_order_does_not_matter():
    ranges = IdRanges(2, most=4, in_order=False)
    ranges.answer(first(ranges), [1, 2])
    ranges.farthest = 6
    ready = ranges.next_to_deliver()
    assert ready is not None
    ranges.deliver(ready)
    assert ranges.next_to_deliver() is None
    _, second = first(ranges), first(ranges)
    ranges.answer(second, [5, 6])
    assert ranges.next_to_deliver() is second
