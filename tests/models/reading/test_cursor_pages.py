"""Long reads in an order: their cursors are read, closed, and made again after a lost page."""

from __future__ import annotations

import gc
import logging
import threading
import time
from contextlib import suppress
from itertools import pairwise

import pytest
from support.models.geography import City, cities

from kintone_orm import Retry, override
from kintone_orm.api.cursors import create_cursor, delete_cursor
from kintone_orm.connection.limits.cursor_slots import CursorSlots
from kintone_orm.emulator import Fault
from kintone_orm.exceptions import APIError, CursorLimitError, TransportError
from kintone_orm.http.messages import Response
from kintone_orm.limits import CURSORS_PER_DOMAIN
from kintone_orm.outcomes import Outcome
from kintone_orm.testing import capture_requests, emulate

pytestmark = pytest.mark.usefixtures("both_ways")

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


def test_a_forked_process_does_not_close_the_cursor_of_its_parent(many, monkeypatch):
    reading = iter(City.objects.order_by("name").iterator())
    next(reading)
    with capture_requests(many) as requests:
        monkeypatch.setattr("os.getpid", lambda: -1)
        reading.close()

    assert requests == []


def test_a_forked_process_does_not_read_with_the_cursor_of_its_parent(many, monkeypatch):
    reading = City.objects.order_by("name").iterator(400, paging="CURSOR")
    next(reading)
    monkeypatch.setattr("os.getpid", lambda: -1)
    with capture_requests(many) as requests, pytest.raises(RuntimeError, match="parent process"):
        list(reading)

    assert requests == []


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


def test_eleven_ordered_reads_at_once_in_one_thread_are_one_too_many(many):
    readers = [City.objects.order_by("name").iterator() for _ in range(11)]
    for reader in readers[:10]:
        next(reader)

    with pytest.raises(CursorLimitError, match=r"paging=.seek"):
        next(readers[10])
    for reader in readers:
        reader.close()


def test_a_closed_reader_makes_room_for_another(many):
    readers = [City.objects.order_by("name").iterator() for _ in range(11)]
    for reader in readers[:10]:
        next(reader)
    readers[0].close()
    next(readers[10])
    for reader in readers:
        reader.close()


def test_a_reader_on_its_last_page_has_no_cursor_any_more(many):
    readers = [City.objects.order_by("name").iterator() for _ in range(11)]
    for reader in readers[:10]:
        for _ in range(1001):
            next(reader)
    assert len(list(readers[10])) == 1203


def test_more_threads_than_cursors_all_read_to_the_end(many):
    living, most, lengths = set(), 0, []

    def note(send, request):
        nonlocal most
        response = send(request)
        if (request.method, request.path) == ("POST", CURSOR):
            living.add(response.json()["id"])
            most = max(most, len(living))
        elif request.path == CURSOR and not response.json()["next"]:
            living.discard(request.params["id"])
        return response

    def read():
        lengths.append(len(City.objects.order_by("name")))

    threads = [threading.Thread(target=read) for _ in range(9)]
    with many.wrap(note):
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert lengths == [1203] * 9
    assert 1 <= most <= CURSORS_PER_DOMAIN


# -- ten open cursors of other programs -----------------------------------------------------------


@pytest.fixture
def others(many):
    """The ids of ten cursors that another program has open."""
    app = City._meta.app_id(many)
    return [create_cursor(many, app=app)["id"] for _ in range(CURSORS_PER_DOMAIN)]


def test_a_reader_waits_until_another_program_closes_a_cursor(many, others):
    asked = []

    def close_one_later(send, request):
        if (request.method, request.path) == ("POST", CURSOR):
            asked.append(many.clock.now())
            if len(asked) == 4:
                delete_cursor(many, id=others.pop())
        return send(request)

    with many.wrap(close_one_later):
        assert numbers(City.objects.order_by("-population").iterator()) == EVERY[::-1]
    waits = [later - earlier for earlier, later in pairwise(asked)]
    # The clock of the emulator skips waits, and goes on while the machine is busy.
    assert waits == pytest.approx([0.5, 1, 2], abs=0.4)


@pytest.mark.parametrize("retry", [True, False])
def test_a_reader_goes_on_when_another_thread_closes_its_cursor(many, monkeypatch, retry):
    monkeypatch.setattr("kintone_orm.connection.attempts.random.uniform", lambda _low, high: high)
    monkeypatch.setattr("kintone_orm.models.reading.cursor_pages._FIRST_WAIT", 20.0)
    app = City._meta.app_id(many)
    reading, refused = threading.Event(), threading.Event()

    def read_until_another_waits():
        with City.objects.order_by("name").iterator() as records:
            next(records)
            reading.set()
            refused.wait(10)

    def note(send, request):
        response = send(request)
        if response.status == 429:
            refused.set()
        return response

    thread = threading.Thread(target=read_until_another_waits)
    thread.start()
    assert reading.wait(10)
    for _ in range(CURSORS_PER_DOMAIN - 1):
        create_cursor(many, app=app)
    began = time.monotonic(), many.clock.now()
    retries = Retry(first_wait=20, longest_wait=20) if retry else False
    with override(retry=retries), many.wrap(note):
        assert len(City.objects.order_by("name")) == 1203
    thread.join()
    assert many.clock.now() - began[1] < time.monotonic() - began[0] + 1


def test_no_free_cursor_until_the_deadline_is_an_error_that_names_the_paging(many, others):
    began = many.clock.now()
    with pytest.raises(CursorLimitError, match=r"iterator\(paging=.seek.\)") as refused:
        list(City.objects.order_by("name"))
    assert refused.value.code == "GAIA_TM12"
    assert 550 < many.clock.now() - began < 700


def test_waits_for_a_cursor_are_lines_of_the_log(many, others, caplog):
    with pytest.raises(CursorLimitError), caplog.at_level(logging.WARNING, "kintone_orm"):
        next(iter(City.objects.order_by("name")))

    assert caplog.records
    for line in caplog.records:
        assert "City" in line.getMessage()
        assert vars(line)["kintone_reason"] == "no cursor of the domain was free"
        assert vars(line)["kintone_wait"] >= 0.5


def test_the_long_wait_for_another_reader_of_the_process_is_a_line_of_the_log(many, caplog):
    acquire = CursorSlots.acquire

    def acquire_late(slots):
        many.clock.sleep(3)
        return acquire(slots)

    with caplog.at_level(logging.WARNING, "kintone_orm"), pytest.MonkeyPatch.context() as patch:
        patch.setattr(CursorSlots, "acquire", acquire_late)
        next(iter(City.objects.order_by("name")))

    (line,) = caplog.records
    assert "waited 3.0 s for its turn, because no cursor" in line.getMessage()


def test_the_deadline_of_an_override_ends_the_wait(many, others):
    began = many.clock.now()
    with override(deadline=30), pytest.raises(CursorLimitError):
        list(City.objects.order_by("name"))
    assert many.clock.now() - began < 35


def test_a_reader_without_a_cursor_takes_no_slot(many, others):
    for _ in range(CURSORS_PER_DOMAIN + 1):
        with override(deadline=1), pytest.raises(CursorLimitError, match="GAIA_TM12"):
            list(City.objects.order_by("name"))


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
    (line,) = [line for line in caplog.records if "page of a cursor" in line.getMessage()]
    assert vars(line)["kintone_model"] == "City"
    assert vars(line)["kintone_reason"] in {reason.value for reason in Outcome}


def test_lines_about_cursors_have_no_text_of_kintones(many, caplog):
    def answer(send, request):
        response = send(request)
        if request.path == CURSOR and request.method in {"GET", "DELETE"}:
            return Response(503, {}, b'{"code": "CB_XX", "id": "", "message": "hush"}')
        return response

    with caplog.at_level("DEBUG", "kintone_orm"), many.wrap(answer), suppress(APIError):
        list(City.objects.order_by("name"))

    assert "A page of a cursor was lost" in caplog.text
    assert "A cursor could not be closed" in caplog.text
    assert "hush" not in caplog.text


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
