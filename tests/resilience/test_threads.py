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
from kintone_orm.http.clock import Clock
from kintone_orm.testing import emulate

THREADS = CONCURRENT_REQUESTS + 30


@pytest.fixture
def inside():
    with emulate(Entry, retry=RETRY) as connection:
        Entry.objects.bulk_create(Entry(code=str(n), value=n) for n in range(10))
        yield connection


# -- no thread is started -------------------------------------------------------------------------


class Watching(Clock):
    """A clock that notes the threads of the process at each wait."""

    def __init__(self):
        self.seen = []

    def sleep(self, seconds):
        self.seen.append(set(threading.enumerate()))
        super().sleep(min(seconds, 0.001))


def test_retries_start_no_thread(inside, monkeypatch):
    inside.clock = clock = Watching()
    started = []
    start = _thread.start_new_thread
    for module in (threading, _thread):
        for name in ("_start_new_thread", "start_new_thread", "_start_joinable_thread"):
            if hasattr(module, name):
                monkeypatch.setattr(
                    module, name, lambda *given, **more: (started.append(given), start(*given))
                )
    before = set(threading.enumerate())
    inside.emulator.faults.add(Fault.TOO_MANY_REQUESTS, times=4)

    entry = Entry.objects.get(code="7")
    inside.emulator.faults.add(Fault.DATABASE_LOCKED, method="PUT", times=3)
    entry.value = 70
    entry.save()

    assert len(clock.seen) == 7
    assert all(seen == before for seen in clock.seen)
    assert set(threading.enumerate()) == before
    assert started == []


# -- more threads than kintone serves -------------------------------------------------------------


def test_no_thread_of_130_is_told_that_too_many_requests_run(inside):
    username, password = inside.emulator.credentials
    inside.emulator.faults.add(Fault.LATENCY, times=None, seconds=0.02)
    with serve(inside.emulator, host="127.0.0.1") as server:
        connection = connect(
            server.url,
            username=username,
            password=password,
            apps=inside.apps,
            alias="130 threads",
            retry=Retry(attempts=20, first_wait=0.05, longest_wait=1.0),
        )
        barrier = threading.Barrier(THREADS)

        def read(number):
            barrier.wait(60)
            return [Entry.objects.using(connection).get(code=str(number)).value for _ in range(3)]

        with ThreadPoolExecutor(THREADS) as pool:
            values = list(pool.map(read, [n % 10 for n in range(THREADS)]))
        del connections[connection.alias]
    assert values == [[n % 10] * 3 for n in range(THREADS)]
