"""Reads by several workers that are abandoned in every way leave no thread and no socket."""

from __future__ import annotations

import gc
import itertools
import os
import signal
import subprocess
import sys
import threading
import time
from itertools import islice
from pathlib import Path

import pytest
from support.soak.models import Entry
from support.soak.run import RETRY

from kintone_orm import connect, connections
from kintone_orm.emulator import Fault
from kintone_orm.emulator.server import serve
from kintone_orm.exceptions import KintoneORMError
from kintone_orm.testing import emulate

NUMBER = 45  # records, read in pages of 2
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


def entries(**options):
    return Entry.objects.iterator(2, workers=4, **options)


class Stop(Exception):
    """The exception of a loop."""


def raising(connection, kind, *, query, sent):
    """Raise an exception in the thread that sends a request with this part in its query."""

    def wrapper(send, request):
        if query in str(request.params.get("query")):
            if sent:
                send(request)
            raise kind
        return send(request)

    return connection.wrap(wrapper)


# -- the ways to abandon a read -------------------------------------------------------------------


def by_break(_connection, _inside):
    for _ in entries():
        break


def by_break_later(_connection, _inside):
    for number, _ in enumerate(entries(in_order=False)):
        if number == 25:
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


def by_the_garbage_collector_in_a_sending_thread(connection, _inside):
    rows = entries()
    next(rows)
    circle = [rows]
    circle.append(circle)
    del rows, circle

    def collecting(send, request):
        gc.collect(1)
        return send(request)

    with connection.wrap(collecting):
        assert len(list(entries())) == NUMBER


def by_islice(_connection, _inside):
    assert len(list(islice(entries(), 25))) == 25


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


def by_an_interrupt_of_the_first_page(connection, _inside):
    interrupting = raising(connection, KeyboardInterrupt, query="asc limit 2", sent=False)
    with interrupting, pytest.raises(KeyboardInterrupt):
        next(entries())


def by_an_interrupt_in_a_sending_thread(connection, _inside):
    interrupting = raising(connection, KeyboardInterrupt, query='$id > "10"', sent=True)
    with interrupting, pytest.raises(KeyboardInterrupt):
        list(entries())


def by_an_interrupt_where_the_last_id_is_asked_for(connection, _inside):
    interrupting = raising(connection, KeyboardInterrupt, query="desc limit 1", sent=True)
    with interrupting, pytest.raises(KeyboardInterrupt):
        list(entries())


def by_an_error_of_a_wrapper(connection, _inside):
    with raising(connection, Stop, query='$id > "10"', sent=False), pytest.raises(Stop):
        list(entries())


def by_pages_that_are_lost_for_good(_connection, inside):
    rows = entries()
    next(rows)
    inside.emulator.faults.add(Fault.SERVICE_UNAVAILABLE, times=None)
    try:
        with pytest.raises(KintoneORMError):
            list(rows)
    finally:
        inside.emulator.faults.clear()


def by_break_while_a_request_fails(_connection, inside):
    rows = entries()
    next(rows)
    inside.emulator.faults.add(Fault.LOST_ANSWER, times=2)
    for number, _ in enumerate(rows):
        if number == 20:
            break
    del rows
    inside.emulator.faults.clear()


def by_reading_to_the_end(_connection, _inside):
    assert len(list(entries())) == NUMBER


WAYS = (
    by_break,
    by_break_later,
    by_an_exception,
    by_close,
    by_close_before_the_first_row,
    by_a_with_block,
    by_del,
    by_the_garbage_collector,
    by_the_garbage_collector_in_a_sending_thread,
    by_islice,
    by_a_failing_generator,
    by_a_thread_that_ends,
    by_another_thread,
    by_an_interrupt_of_the_first_page,
    by_an_interrupt_in_a_sending_thread,
    by_an_interrupt_where_the_last_id_is_asked_for,
    by_an_error_of_a_wrapper,
    by_pages_that_are_lost_for_good,
    by_break_while_a_request_fails,
    by_reading_to_the_end,
)


@pytest.fixture
def no_garbage_collector():
    """Until the end of the test, the garbage collector runs only where it is called."""
    gc.disable()
    yield
    gc.enable()


@pytest.mark.usefixtures("no_garbage_collector")
@pytest.mark.parametrize("way", WAYS)
def test_it_leaves_no_thread(inside, way):
    before = threading.enumerate()
    way(inside, inside)
    assert threading.enumerate() == before


def test_a_thread_that_is_left_is_seen(inside):
    before = threading.enumerate()
    rows = entries()
    next(rows)
    assert threading.enumerate() != before
    rows.close()


@pytest.mark.skipif(not FILES.is_dir(), reason="this system does not list the open files")
def test_abandoned_reads_leave_no_socket(inside, over_http):
    def files():
        return len(list(FILES.iterdir()))

    before = files()
    for way in WAYS * 2:
        way(over_http, inside)
    over_http.close()
    end = time.monotonic() + PATIENCE
    while files() > before and time.monotonic() < end:  # the server closes its half a moment later
        time.sleep(0.02)
    assert files() <= before


# -- a program that ends --------------------------------------------------------------------------

PROGRAM = """
import sys
sys.path.insert(0, {tests!r})
from support.soak.models import Entry
from kintone_orm.testing import emulate

emulated = emulate(Entry)
emulated.__enter__()
Entry.objects.bulk_create(Entry(code=str(n), value=n) for n in range(45))
rows = Entry.objects.iterator(2, workers=4)
print(next(rows).value)
{end}
"""


@pytest.mark.parametrize(
    "end", ["", "sys.exit()", "import os; os._exit(0)", "kept = [rows, globals()]"]
)
def test_a_program_may_end_in_the_middle(end):
    text = PROGRAM.format(tests=str(Path(__file__).parents[1]), end=end)
    program = subprocess.run(
        [sys.executable, "-W", "error", "-u", "-c", text],
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert (program.stdout, program.stderr, program.returncode) == ("0\n", "", 0)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
@pytest.mark.usefixtures("over_http")  # an emulator inside the process may be locked at the fork
@pytest.mark.parametrize("leaves", [True, False])
def test_a_forked_process_may_leave_the_read_or_go_on(leaves):
    rows = entries()
    read = [row.value for row in islice(rows, 5)]
    child = os.fork()
    if not child:
        try:
            if leaves:
                rows.close()
            else:
                assert read + [row.value for row in rows] == list(range(NUMBER))
            os._exit(0)
        finally:
            os._exit(1)
    end = time.monotonic() + PATIENCE
    while not (ended := os.waitpid(child, os.WNOHANG))[0] and time.monotonic() < end:
        time.sleep(0.01)
    if not ended[0]:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    assert ended == (child, 0)
    assert list(itertools.chain(read, (row.value for row in rows))) == list(range(NUMBER))
