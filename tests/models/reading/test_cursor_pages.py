"""Long reads in an order: their cursors are read, closed, and made again after a lost page."""

from __future__ import annotations

import gc
import logging

import pytest
from support.models.geography import City, cities

from kintone_orm.emulator import Fault
from kintone_orm.exceptions import CursorLimitError, TransportError
from kintone_orm.testing import capture_requests, emulate

RECORDS = "/k/v1/records.json"
CURSOR = "/k/v1/records/cursor.json"


@pytest.fixture(scope="module")
def loaded():
    """1,203 cities: more than two pages of 500."""
    with emulate(City) as connection:
        City.objects.bulk_create(cities(1203))
        return connection.snapshot()


@pytest.fixture
def many(loaded):
    with emulate(like=loaded) as connection:
        yield connection


def sent(requests: list) -> list[tuple[str, str]]:
    return [(request.method, request.path) for request in requests]


def test_another_order_goes_through_a_cursor(many):
    with capture_requests(many) as requests:
        found = list(City.objects.order_by("-population"))

    assert [city.population for city in found] == [n * 1000 for n in range(1203, 0, -1)]
    assert sent(requests) == [
        ("GET", RECORDS),
        ("POST", CURSOR),
        ("GET", CURSOR),
        ("GET", CURSOR),
        ("GET", CURSOR),
    ]


def test_another_order_of_less_than_a_page_needs_no_cursor(kintone):
    City.objects.bulk_create(cities(499))

    with capture_requests(kintone) as requests:
        list(City.objects.order_by("name"))

    assert sent(requests) == [("GET", RECORDS)]


def test_the_first_record_of_a_long_ordered_read_is_there_after_three_requests(many):
    with capture_requests(many) as requests:
        reading = iter(City.objects.order_by("name"))
        next(reading)
        assert len(requests) == 3


def test_an_abandoned_loop_closes_its_cursor(many):
    with capture_requests(many) as requests:
        for _city in City.objects.order_by("name"):
            break
        gc.collect()

    assert sent(requests)[-1] == ("DELETE", CURSOR)


def test_a_closed_iterator_closes_its_cursor(many):
    with capture_requests(many) as requests, City.objects.order_by("name").iterator() as records:
        next(records)

    assert sent(requests)[-1] == ("DELETE", CURSOR)


def test_a_cursor_that_was_read_to_its_end_is_not_deleted(many):
    with capture_requests(many) as requests:
        list(City.objects.order_by("name").iterator())

    assert ("DELETE", CURSOR) not in sent(requests)


def test_a_failing_loop_closes_its_cursor(many):
    def read() -> None:
        for _city in City.objects.order_by("name"):
            raise RuntimeError

    with capture_requests(many) as requests, pytest.raises(RuntimeError):
        read()
    gc.collect()

    assert sent(requests)[-1] == ("DELETE", CURSOR)


def test_a_cursor_that_outlives_its_kintone_is_let_go_in_silence(loaded, caplog):
    with emulate(like=loaded):
        reading = iter(City.objects.order_by("name"))
        next(reading)
    with caplog.at_level("DEBUG", "kintone_orm"):
        reading.close()

    assert "A cursor could not be closed" in caplog.text


def test_eleven_ordered_reads_in_turn_never_reach_the_limit_of_cursors(many):
    for _ in range(11):
        next(iter(City.objects.order_by("name")))


def test_eleven_ordered_reads_at_once_are_one_too_many(many):
    readers = [City.objects.order_by("name").iterator() for _ in range(11)]
    for reader in readers[:10]:
        next(reader)

    with pytest.raises(CursorLimitError):
        next(readers[10])
    for reader in readers:
        reader.close()


def numbers(rows) -> list[int]:
    return [row.pk for row in rows]


EVERY = list(range(1, 1204))


# -- a page of a cursor that is lost --------------------------------------------------------------


@pytest.mark.parametrize("after", [0, 1, 2])
@pytest.mark.parametrize(
    "fault", [Fault.LOST_ANSWER, Fault.SERVICE_UNAVAILABLE, Fault.EXPIRED_CURSOR]
)
def test_reading_goes_on_behind_the_last_row_with_a_new_cursor(many, caplog, fault, after):
    many.emulator.faults.add(fault, method="GET", endpoint="records/cursor", after=after)
    with capture_requests(many) as sent, caplog.at_level(logging.WARNING, "kintone_orm"):
        assert numbers(City.objects.order_by("-population").iterator()) == EVERY[::-1]

    created = [request for request in sent if (request.method, request.path) == ("POST", CURSOR)]
    assert len(created) == 2
    assert "A page of a cursor was lost" in caplog.text


def test_a_slice_goes_on_as_well(many):
    many.emulator.faults.add(Fault.LOST_ANSWER, method="GET", endpoint="records/cursor", after=1)

    rows = City.objects.order_by("-population")[3:11_000].iterator()
    assert numbers(rows) == EVERY[::-1][3:]


@pytest.mark.parametrize(
    "meanwhile",
    [
        lambda: City.objects.get(pk=3).delete(),
        lambda: City.objects.create(name="New", population=1),
        lambda: City.objects.filter(pk=3).update(population=900_000),
    ],
)
def test_records_that_changed_meanwhile_are_neither_skipped_nor_repeated(many, meanwhile):
    many.emulator.faults.add(Fault.LOST_ANSWER, method="GET", endpoint="records/cursor", after=1)
    rows = City.objects.order_by("population").iterator()
    seen = [next(rows) for _ in range(500)]
    meanwhile()

    with pytest.raises(TransportError, match="lost after 500 records, and reading cannot go on"):
        next(rows)
    assert len(seen) == 500


def test_a_change_behind_the_last_row_is_no_obstacle(many):
    many.emulator.faults.add(Fault.LOST_ANSWER, method="GET", endpoint="records/cursor", after=1)
    rows = City.objects.order_by("population").iterator()
    seen = [next(rows) for _ in range(500)]
    City.objects.get(pk=1000).delete()

    assert numbers(seen + list(rows)) == [n for n in EVERY if n != 1000]


def test_a_page_that_is_lost_twice_is_told(many):
    many.emulator.faults.add(Fault.LOST_ANSWER, method="GET", endpoint="records/cursor", times=2)

    with pytest.raises(TransportError, match="or a page was lost again. Read once more"):
        list(City.objects.order_by("name"))


def test_every_cursor_is_given_back(many):
    for _ in range(6):
        many.emulator.faults.add(Fault.LOST_ANSWER, method="GET", endpoint="records/cursor")
        list(City.objects.order_by("name"))
