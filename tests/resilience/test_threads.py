"""Many threads that share one connection; no thread is started for retries and limits."""

from __future__ import annotations

import _thread
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from support.soak.models import Entry
from support.soak.run import RETRY

from kintone_orm import Retry, connect, connections
from kintone_orm.emulator import Fault
from kintone_orm.emulator.ground.limits import CONCURRENT_REQUESTS
from kintone_orm.emulator.server import serve
from kintone_orm.exceptions import RateLimited
from kintone_orm.http.clock import Clock
from kintone_orm.testing import emulate

THREADS = CONCURRENT_REQUESTS + 30


@pytest.fixture
def inside():
    with emulate(Entry, retry=RETRY) as connection:
        Entry.objects.bulk_create(Entry(code=str(n), value=n) for n in range(10))
        yield connection


@pytest.fixture
def served(inside):
    """A function that connects to the emulator of `inside` over HTTP, where it takes its time."""
    username, password = inside.emulator.credentials
    aliases = []

    def connect_as(alias, **options):
        aliases.append(alias)
        return connect(
            server.url,
            username=username,
            password=password,
            apps=inside.apps,
            alias=alias,
            **options,
        )

    inside.emulator.faults.add(Fault.LATENCY, times=None, seconds=0.02)
    with serve(inside.emulator, host="127.0.0.1") as server:
        yield connect_as
        for alias in aliases:
            del connections[alias]


def read_in_threads(connection, number, *, times=1, meanwhile=lambda: None):
    """The values or errors of threads that all begin to read when `meanwhile` returns."""
    barrier = threading.Barrier(number + 1)

    def read(number):
        barrier.wait(60)
        try:
            entries = Entry.objects.using(connection)
            return [entries.get(code=str(number)).value for _ in range(times)]
        except RateLimited as error:
            return error

    with ThreadPoolExecutor(number) as pool:
        results = [pool.submit(read, n % 10) for n in range(number)]
        meanwhile()
        barrier.wait(60)
        return [result.result() for result in results]


# -- no thread is started -------------------------------------------------------------------------


class Watching(Clock):
    """A clock that notes the threads of the process at each wait."""

    def __init__(self):
        self.seen = []

    def sleep(self, seconds):
        self.seen.append(set(threading.enumerate()))
        super().sleep(min(seconds, 0.001))


@pytest.fixture
def started(monkeypatch):
    """A function that begins to watch, and the threads that this process starts from then on."""
    started = []
    start = _thread.start_new_thread

    def note(*arguments, **options):
        started.append(arguments)
        return start(*arguments, **options)

    def watch():
        for module in (threading, _thread):
            for name in ("_start_new_thread", "start_new_thread"):
                if hasattr(module, name):
                    monkeypatch.setattr(module, name, note)
        joinable = getattr(threading, "_start_joinable_thread", None)  # since Python 3.13
        if joinable is not None:

            def note_joinable(*arguments, **options):
                started.append(arguments)
                return joinable(*arguments, **options)

            monkeypatch.setattr(threading, "_start_joinable_thread", note_joinable)

    return watch, started


def test_a_thread_that_is_started_is_seen(started):
    watch, threads = started
    watch()
    thread = threading.Thread(target=int)
    thread.start()
    thread.join()
    assert len(threads) == 1


def test_retries_start_no_thread(inside, started):
    watch, threads = started
    inside.clock = clock = Watching()
    before = set(threading.enumerate())
    watch()
    inside.emulator.faults.add(Fault.TOO_MANY_REQUESTS, times=4)

    entry = Entry.objects.get(code="7")
    inside.emulator.faults.add(Fault.DATABASE_LOCKED, method="PUT", times=3)
    entry.value = 70
    entry.save()

    assert len(clock.seen) == 7
    assert all(seen == before for seen in clock.seen)
    assert set(threading.enumerate()) == before
    assert threads == []


def test_threads_that_wait_for_their_turn_start_no_thread(served, started):
    watch, threads = started
    connection = served("one at a time", max_concurrency=1)
    Entry.objects.using(connection).count()  # the server has all its threads
    values = read_in_threads(connection, 5, times=2, meanwhile=watch)
    assert values == [[n] * 2 for n in range(5)]
    assert threads == []


# -- more threads than kintone serves -------------------------------------------------------------


def test_130_threads_that_share_a_connection_are_never_refused(served):
    connection = served("shared", retry=False)
    values = read_in_threads(connection, THREADS, times=3)
    assert values == [[n % 10] * 3 for n in range(THREADS)]


def test_130_requests_at_once_are_more_than_kintone_serves(inside, served, monkeypatch):
    proxy, enough = inside.emulator._proxy, threading.Event()

    def hold(_seconds):
        """Answer only when one request too many has arrived, however slow the machine is."""
        if proxy.running > CONCURRENT_REQUESTS:
            enough.set()
        enough.wait(60)

    monkeypatch.setattr(proxy, "_sleep", hold)
    connection = served("greedy", retry=False, max_concurrency=THREADS)
    results = read_in_threads(connection, THREADS)
    assert any(isinstance(result, RateLimited) for result in results)


def test_130_requests_at_once_succeed_with_retries(served):
    patient = Retry(attempts=20, first_wait=0.05, longest_wait=1.0)
    connection = served("patient", retry=patient, max_concurrency=THREADS)
    values = read_in_threads(connection, THREADS, times=3)
    assert values == [[n % 10] * 3 for n in range(THREADS)]
