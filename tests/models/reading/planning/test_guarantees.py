"""Reading while others write: each way keeps the promises of its row in the planner's table.

The pages are small. Somebody writes after one of the answers; every answer is tried.
"""

from __future__ import annotations

from contextlib import ExitStack
from functools import cache
from itertools import count
from threading import RLock

import pytest
from support.oauth import using_oauth

from kintone_orm import Model, fields, override
from kintone_orm.models.reading.planning.guarantees import GUARANTEES, Fate, Reading
from kintone_orm.testing import emulate

SIZE, RECORDS, SLICE = 4, 13, 11


class Item(Model):
    number = fields.IntegerField()
    is_open = fields.RadioButtonField(choices=["yes", "no"])
    note = fields.SingleLineTextField()


def by_number():
    return Item.objects.filter(is_open="yes").order_by("number")


def by_id():
    return Item.objects.filter(is_open="yes")


# How each way is chosen.
READS = {
    Reading.SINGLE: lambda: by_number()[:500].iterator(),
    Reading.SEEK: lambda: by_id().iterator(SIZE, ahead=0),
    Reading.SEEK_AHEAD: lambda: by_id().iterator(SIZE),
    Reading.SEEK_WORKERS: lambda: by_id().iterator(SIZE, workers=2),
    Reading.OFFSET: lambda: by_number()[:SLICE].iterator(SIZE),
    Reading.OFFSET_OAUTH: lambda: by_number()[:SLICE].iterator(SIZE),
    Reading.CURSOR: lambda: by_number().iterator(SIZE, ahead=0),
    Reading.CURSOR_AHEAD: lambda: by_number().iterator(SIZE),
}
BY_CURSOR = {Reading.CURSOR, Reading.CURSOR_AHEAD}
BY_OFFSET = {Reading.OFFSET, Reading.OFFSET_OAUTH}
TIMES = {Fate.ONCE: {1}, Fate.EITHER: {0, 1}, Fate.MISSING: {0}}

# The writes of others. Each is done to a record at the beginning, in the middle or at the end.
PLACES = [1, 6]


def add(place):
    return Item.objects.create(number=10 * place + 5, is_open="yes").pk


def delete(place):
    return _of(place, lambda item: item.delete())


def move(place):
    def act(item):
        item.number = 10 * (RECORDS - place) + 6
        item.save()

    return _of(place, act)


def begin_to_match(place):
    item = Item.objects.get(number=10 * place + 1)
    item.is_open = "yes"
    item.save()
    return item.pk


def stop_matching(place):
    def act(item):
        item.is_open = "no"
        item.save()

    return _of(place, act)


def _of(place, act):
    item = Item.objects.get(number=10 * place)
    pk = item.pk
    act(item)
    return pk


WRITES = {
    "added": add,
    "deleted": delete,
    "moved": move,
    "matching": begin_to_match,
    "unmatching": stop_matching,
}


@pytest.fixture(scope="module")
def loaded():
    with emulate(Item) as connection:
        Item.objects.bulk_create(
            item
            for n in range(RECORDS)
            for item in (
                Item(number=10 * n, is_open="yes"),
                Item(number=10 * n + 1, is_open="no"),
            )
        )
        return connection.snapshot()


class AfterAnswer:
    """Call a function once, after the answer to the request of this number, counted from 0."""

    def __init__(self, number, act):
        self._number, self._act, self.result = number, act, None
        self._is_acting, self._answers = False, 0
        self._lock = RLock()

    def __call__(self, send, request):
        response = send(request)
        with self._lock:  # workers wait until the function has returned
            if not self._is_acting:
                self._is_acting = True
                if self._answers == self._number:
                    self.result = self._act()
                self._is_acting = False
                self._answers += 1
        return response


def read_while(loaded, read, number, write, place, *, oauth=False):
    """Return the ids that are read, and the id of the record that is written meanwhile, or None."""
    with emulate(like=loaded) as connection, ExitStack() as stack:

        def act():
            with override(connection):
                return write(place)

        reader = connection
        if oauth:
            reader = stack.enter_context(using_oauth(connection))
        wrapper = AfterAnswer(number, act)
        stack.enter_context(reader.wrap(wrapper))
        return [item.pk for item in read()], wrapper.result


@cache
def trials(loaded, reading, write):
    """Return the ids read and the id written, for every place and every answer."""
    results = []
    for place in PLACES:
        for number in count(1 if reading in BY_CURSOR else 0):  # the second request makes a cursor
            found, written = read_while(
                loaded,
                READS[reading],
                number,
                WRITES[write],
                place,
                oauth=reading is Reading.OFFSET_OAUTH,
            )
            if written is None:
                break
            results.append((found, written))
    return results


@pytest.mark.parametrize("write", WRITES)
@pytest.mark.parametrize("reading", READS)
def test_a_record_that_others_write_comes_as_often_as_the_table_says(loaded, reading, write):
    times = {found.count(written) for found, written in trials(loaded, reading, write)}

    assert times == TIMES[getattr(GUARANTEES[reading], write)]


@pytest.mark.parametrize("write", WRITES)
@pytest.mark.parametrize("reading", READS)
def test_a_record_that_nobody_writes_comes_exactly_once_and_in_order(loaded, reading, write):
    with emulate(like=loaded):
        all_of_them = [item.pk for item in by_number()]
    for found, written in trials(loaded, reading, write):
        others = [pk for pk in found if pk != written]
        expected = [pk for pk in all_of_them if pk != written]
        if reading in BY_OFFSET:  # a slice may end one row earlier or later
            assert SLICE - 1 <= len(others) <= SLICE
            expected = expected[: len(others)]
        assert others == expected


SLICES = {
    "by id": lambda: by_id()[2:SLICE].iterator(SIZE),
    "by a cursor": lambda: by_number()[2:SLICE].iterator(SIZE, paging="cursor"),
}


@pytest.mark.parametrize("write", WRITES)
@pytest.mark.parametrize("read", SLICES)
def test_a_slice_has_every_other_record_between_its_first_and_its_last(loaded, read, write):
    with emulate(like=loaded):
        all_of_them = [item.pk for item in by_number()]
    for place in PLACES:
        for number in range(5):
            found, written = read_while(loaded, SLICES[read], number, WRITES[write], place)
            others = [pk for pk in found if pk != written]
            expected = [pk for pk in all_of_them if pk != written]
            assert len(found) == len(set(found))
            first = expected.index(others[0])
            assert others == expected[first : first + len(others)]


def test_records_that_others_add_are_missing_if_ids_go_down(loaded):
    with emulate(like=loaded) as connection:
        with connection.wrap(AfterAnswer(0, lambda: add(1))):
            found = [item.pk for item in by_id().order_by("-pk").iterator(SIZE)]
        assert len(found) == RECORDS
        assert by_id().count() == RECORDS + 1


def test_a_record_that_others_add_before_the_cursor_is_created_comes(loaded):
    found, added = read_while(loaded, READS[Reading.CURSOR_AHEAD], 0, add, 6)
    assert found.count(added) == 1


def test_a_row_of_a_cursor_shows_that_it_no_longer_matches(loaded):
    with (
        emulate(like=loaded) as connection,
        connection.wrap(AfterAnswer(1, lambda: stop_matching(6))),
    ):
        found = [item.is_open for item in by_number().iterator(SIZE)]
    assert found.count("no") == 1


# The next pages, counted from the page of the loop, that show what the loop writes.
SHOWN = {
    "never": [],
    "the next page": [1, 2],
    "the page after the next": [2],
}


@pytest.mark.parametrize("reading", [each for each in READS if each is not Reading.SEEK_WORKERS])
def test_a_loop_sees_its_own_writes_where_the_table_says(loaded, reading):
    with emulate(like=loaded) as connection, ExitStack() as stack:
        if reading is Reading.OFFSET_OAUTH:
            stack.enter_context(using_oauth(connection))
        shown = []
        for number, item in enumerate(READS[reading]()):
            if number == SIZE:  # the first row of the second page
                Item.objects.filter(pk__gt=item.pk).update(note="written")
            elif number > SIZE and number % SIZE == 0 and item.note == "written":
                shown.append(number // SIZE - 1)
    assert shown == SHOWN[GUARANTEES[reading].own_writes]


def test_every_way_of_reading_is_tested():
    assert set(READS) == set(Reading)


def test_with_workers_a_loop_sees_what_it_writes_into_a_page_that_is_not_requested_yet(loaded):
    with emulate(like=loaded):
        notes = []
        for number, item in enumerate(by_id().iterator(1, workers=2)):
            if not number:
                Item.objects.filter(pk__gt=item.pk).update(note="written")
            notes.append(item.note)
    assert notes[0] == ""
    assert notes[-1] == "written"


@pytest.mark.parametrize("write", WRITES)
def test_pages_in_any_order_have_the_same_records(loaded, write):
    with emulate(like=loaded):
        all_of_them = {item.pk for item in by_number()}
    for place in PLACES:
        for number in range(5):
            found, written = read_while(
                loaded,
                lambda: by_id().iterator(SIZE, workers=2, in_order=False),
                number,
                WRITES[write],
                place,
            )
            assert len(found) == len(set(found))
            assert set(found) - {written} == all_of_them - {written}
