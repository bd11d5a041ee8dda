"""Reads that are abandoned in every way leave no cursor, no thread and no socket."""

from __future__ import annotations

import gc
import threading
import time
from contextlib import suppress
from itertools import cycle, islice
from pathlib import Path

import pytest
from support.examples import number_of
from support.soak.models import Entry
from support.soak.run import RETRY

from kintone_orm import connect, connections
from kintone_orm.api.cursors import create_cursor, delete_cursor
from kintone_orm.emulator import Fault
from kintone_orm.emulator.server import serve
from kintone_orm.exceptions import CursorLimitError, KintoneORMError
from kintone_orm.limits import CURSORS_PER_DOMAIN
from kintone_orm.testing import emulate

NUMBER = 45  # records, read in pages of 20
PATIENCE = 60
FILES = Path("/proc/self/fd")


@pytest.fixture(scope="module")
def loaded():
    with emulate(Entry) as connection:
        Entry.objects.bulk_create(Entry(code=str(n), value=n) for n in range(NUMBER))
        return connection.snapshot()


@pytest.fixture
def inside(loaded):
    with emulate(like=loaded, retry=RETRY) as connection:
        yield connection


@pytest.fixture
def over_http(inside):
    """A connection over HTTP to the emulator of `inside`."""
    username, password = inside.emulator.credentials
    with serve(inside.emulator, host="127.0.0.1") as server:
        connection = connect(
            server.url,
            username=username,
            password=password,
            apps=inside.apps,
            alias="abandoned",
            retry=RETRY,
        )
        with connections.override(connection, everywhere=True):
            yield connection
        del connections[connection.alias]


def entries():
    return Entry.objects.order_by("value").iterator(20, paging="CURSOR")


class Stop(Exception):
    """The exception of a loop."""


def interrupting(connection, *, sent, kind=KeyboardInterrupt):
    """Interrupt the first page of a cursor, before it is sent or after its answer."""

    def wrapper(send, request):
        if request.method == "GET" and request.path.endswith("/records/cursor.json"):
            if sent:
                send(request)
            raise kind
        return send(request)

    return connection.wrap(wrapper)


# -- the ways to abandon a read -------------------------------------------------------------------


def by_break(_connection, _inside):
    for _ in entries():
        break


def by_an_exception(_connection, _inside):
    def read():
        for _ in entries():
            raise Stop

    with pytest.raises(Stop):
        read()


def by_close(_connection, _inside):
    rows = entries()
    next(rows)
    rows.close()


def by_close_before_the_first_row(_connection, _inside):
    entries().close()


def by_a_with_block(_connection, _inside):
    with entries() as rows:
        next(rows)


def by_del(_connection, _inside):
    rows = entries()
    next(rows)
    del rows


def by_the_garbage_collector(_connection, _inside):
    rows = entries()
    next(rows)
    circle = [rows]
    circle.append(circle)
    del rows, circle
    gc.collect(1)  # the old objects of the suite have nothing to do with it


def by_islice(_connection, _inside):
    assert len(list(islice(entries(), 25))) == 25


def by_a_slice_of_a_queryset(_connection, _inside):
    rows = Entry.objects.order_by("value")[:25].iterator(20, paging="CURSOR")
    next(rows)
    del rows


def by_a_failing_generator(_connection, _inside):
    def values():
        for entry in entries():
            yield 1 / (entry.value - 3)

    with pytest.raises(ZeroDivisionError):
        sum(values())


def by_a_thread_that_ends(_connection, _inside):
    def read():
        rows = entries()
        next(rows)

    thread = threading.Thread(target=read)
    thread.start()
    thread.join()


def by_another_thread(_connection, _inside):
    rows = entries()
    next(rows)
    thread = threading.Thread(target=rows.close)
    thread.start()
    thread.join()


def by_an_interrupt_before_a_page_is_sent(connection, _inside):
    with interrupting(connection, sent=False), pytest.raises(KeyboardInterrupt):
        next(entries())


def by_an_interrupt_after_a_page_is_read(connection, _inside):
    with interrupting(connection, sent=True), pytest.raises(KeyboardInterrupt):
        next(entries())


def by_an_error_of_a_wrapper(connection, _inside):
    with interrupting(connection, sent=True, kind=Stop), pytest.raises(Stop):
        next(entries())


def by_pages_that_are_lost_for_good(_connection, inside):
    rows = entries()
    next(rows)
    inside.emulator.faults.add(
        Fault.SERVICE_UNAVAILABLE, method="GET", endpoint="records/cursor", times=None
    )
    try:
        with pytest.raises(KintoneORMError):
            list(rows)
    finally:
        inside.emulator.faults.clear()


def by_a_page_that_is_lost_and_then_by_break(_connection, inside):
    inside.emulator.faults.add(Fault.LOST_ANSWER, method="GET", endpoint="records/cursor", after=1)
    for number, _ in enumerate(entries()):
        if number == 25:
            break
    inside.emulator.faults.clear()


def by_a_with_block_after_a_page_that_failed_once(_connection, inside):
    inside.emulator.faults.add(Fault.SERVICE_UNAVAILABLE, method="GET", endpoint="records")
    with entries() as rows:
        assert len(list(islice(rows, 25))) == 25


def by_a_with_block_after_a_cursor_that_was_refused_once(_connection, inside):
    inside.emulator.faults.add(Fault.TOO_MANY_REQUESTS, method="POST", endpoint="records/cursor")
    with entries() as rows:
        assert len(list(islice(rows, 25))) == 25


def by_a_function_that_returns_after_a_repeated_request(_connection, inside):
    rows = entries()
    next(rows)
    inside.emulator.faults.add(Fault.SERVICE_UNAVAILABLE, method="GET", endpoint="records")
    assert Entry.objects.get(code="1").value == 1


WAYS = (
    by_break,
    by_an_exception,
    by_close,
    by_close_before_the_first_row,
    by_a_with_block,
    by_del,
    by_the_garbage_collector,
    by_islice,
    by_a_slice_of_a_queryset,
    by_a_failing_generator,
    by_a_thread_that_ends,
    by_another_thread,
    by_an_interrupt_before_a_page_is_sent,
    by_an_interrupt_after_a_page_is_read,
    by_an_error_of_a_wrapper,
    by_pages_that_are_lost_for_good,
    by_a_page_that_is_lost_and_then_by_break,
    by_a_with_block_after_a_page_that_failed_once,
    by_a_with_block_after_a_cursor_that_was_refused_once,
    by_a_function_that_returns_after_a_repeated_request,
)


def free_cursors(connection):
    """The number of cursors that the domain still has."""
    app, opened = connection.apps["entry"], []
    with suppress(CursorLimitError):
        while True:
            opened.append(create_cursor(connection, app=app)["id"])
    for cursor in opened:
        delete_cursor(connection, id=cursor)
    return len(opened)


@pytest.fixture
def no_garbage_collector():
    """Until the end of the test, the garbage collector runs only where it is called."""
    gc.disable()
    yield
    gc.enable()


@pytest.mark.usefixtures("no_garbage_collector")
@pytest.mark.parametrize("way", WAYS)
def test_it_leaves_no_cursor(inside, way):
    way(inside, inside)
    assert free_cursors(inside) == CURSORS_PER_DOMAIN


def test_a_cursor_that_is_left_is_seen(inside):
    rows = entries()
    next(rows)
    assert free_cursors(inside) == CURSORS_PER_DOMAIN - 1
    rows.close()


def test_a_thousand_abandoned_reads_leave_no_cursor_and_no_thread(inside):
    before = threading.enumerate()
    for way in islice(cycle(WAYS), number_of(1000)):
        way(inside, inside)
    assert threading.enumerate() == before
    assert free_cursors(inside) == CURSORS_PER_DOMAIN


@pytest.mark.skipif(not FILES.is_dir(), reason="this system does not list the open files")
def test_abandoned_reads_leave_no_socket(inside, over_http):
    def files():
        return len(list(FILES.iterdir()))

    before = files()
    for way in WAYS * 3:
        way(over_http, inside)
    assert free_cursors(over_http) == CURSORS_PER_DOMAIN
    over_http.close()
    end = time.monotonic() + PATIENCE
    while files() > before and time.monotonic() < end:  # the server closes its half a moment later
        time.sleep(0.02)
    assert files() <= before
