"""Several processes and one kintone: decrements, killed writers, fork and spawn."""

from __future__ import annotations

import json
import logging
import multiprocessing
import os
import pickle
import signal
import threading
import time

import pytest
from support.locks import held_elsewhere
from support.soak import children
from support.soak.models import FULL, Entry, Stock
from support.soak.run import behind_a_proxy, spoiling

from kintone_orm import connections
from kintone_orm.testing import emulate

PATIENCE = 60  # seconds, after which a child is lost
GROUP = 40  # records of an atomic request in support.soak.children
SPAWN = multiprocessing.get_context("spawn")


@pytest.fixture
def inside():
    with emulate(Entry, Stock) as connection:
        yield connection


@pytest.fixture
def wire(inside):
    """A connection through a proxy, and the proxy."""
    with behind_a_proxy(inside) as wire:
        yield wire


def place(inside, proxy):
    return children.Place(proxy.url, *inside.emulator.credentials, dict(inside.apps))


def join(process):
    process.join(PATIENCE)
    assert not process.is_alive()


# -- two writers of one stock ---------------------------------------------------------------------


def test_two_processes_lose_no_decrement(inside, wire):
    _, proxy = wire
    Stock.objects.create(quantity=FULL, decrements="")
    proxy.spoil_by(spoiling(0.15, seed=1))
    pipes = [SPAWN.Pipe(duplex=False) for _ in range(2)]
    processes = [
        SPAWN.Process(target=children.decrement, args=(place(inside, proxy), name, 50, sender))
        for name, (_, sender) in zip("ab", pipes, strict=True)
    ]
    for process in processes:
        process.start()
    ends = {}
    for receiver, _ in pipes:
        assert receiver.poll(PATIENCE)
        ends.update(receiver.recv())
    for process in processes:
        join(process)
    proxy.relax()

    stock = Stock.objects.get(pk=1)
    lines = stock.decrements.split()
    assert stock.quantity == FULL - len(lines)
    assert len(lines) == len({*lines}), "no decrement happens twice"
    assert len(ends) == 100
    by_end = {end: {line for line in ends if ends[line] == end} for end in ends.values()}
    assert by_end.get("carried out", set()) <= {*lines}
    assert not by_end.get("not carried out", set()) & {*lines}


# -- a writer that is killed ----------------------------------------------------------------------


def before_the_server_gets_it(exchange, kill):
    exchange.read()
    kill()
    exchange.drop()


def before_the_answer(exchange, kill):
    exchange.carry_out()
    kill()
    exchange.drop()


def in_the_middle_of_the_answer(exchange, kill):
    exchange.send(exchange.whole()[:40])
    kill()
    exchange.drop()


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="this system has no kill -9")
@pytest.mark.parametrize(
    ("moment", "groups"),
    [(before_the_server_gets_it, 3), (before_the_answer, 4), (in_the_middle_of_the_answer, 4)],
)
@pytest.mark.parametrize("write", [children.add_entries, children.change_entries])
def test_a_killed_writer_leaves_whole_groups(inside, wire, write, moment, groups):
    _, proxy = wire
    number, is_update = 6 * GROUP, write is children.change_entries
    if is_update:
        with connections.override(inside):
            Entry.objects.bulk_create(Entry(code=str(n), value=n) for n in range(number))
    killed = threading.Event()

    def kill():
        os.kill(process.pid, signal.SIGKILL)
        killed.set()

    bulks = 0

    def spoiling(_number):
        return looking

    def looking(exchange):
        nonlocal bulks
        if b"/bulkRequest.json" in exchange.read().partition(b"\r\n")[0]:
            bulks += 1
            if bulks == 4:
                moment(exchange, kill)
                return
        exchange.pass_on()

    proxy.spoil_by(spoiling)
    process = SPAWN.Process(target=write, args=(place(inside, proxy), number))
    process.start()
    join(process)
    assert killed.is_set()
    assert process.exitcode == -signal.SIGKILL

    with connections.override(inside):
        entries = list(Entry.objects.all())
    written = [entry.code for entry in entries if not is_update or entry.value >= 1000]
    assert written == [str(n) for n in range(groups * GROUP)]


# -- processes that are made while requests are in flight -----------------------------------------


class Senders:
    """Threads that send all the time. `wrong` are answers that were not those of the requests."""

    def __init__(self, number=4):
        self.wrong = []
        self.sent = 0
        self._stop = threading.Event()
        self._threads = [threading.Thread(target=self._send, args=(n,)) for n in range(number)]

    def _send(self, number):
        while not self._stop.is_set():
            number = (number + 1) % 10
            try:
                if (value := Entry.objects.get(code=str(number)).value) != number:
                    self.wrong.append((number, value))
            except Exception as error:  # noqa: BLE001 - it is a result
                self.wrong.append(error)
            self.sent += 1

    def wait_for_more(self):
        end, goal = time.monotonic() + PATIENCE, self.sent + 10
        while self.sent < goal:
            assert time.monotonic() < end
            time.sleep(0.001)

    def __enter__(self):
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self._stop.set()
        for thread in self._threads:
            thread.join()


@pytest.fixture
def entries(inside):
    """Ten entries, by which an answer shows to which request it belongs."""
    with connections.override(inside):
        Entry.objects.bulk_create(Entry(code=str(n), value=n) for n in range(10))


def forked(send):
    """What `send` returns in a forked process, or the text of its error."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:  # pragma: no cover - in another process
        signal.alarm(PATIENCE)  # a child that hangs is killed
        try:
            result = send()
        except BaseException as error:  # noqa: BLE001 - the child must not run on
            result = repr(error)
        os.write(writing, json.dumps(result).encode())
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        result = pipe.read()
    assert os.waitpid(child, 0)[1] == 0, "the child did not hang"
    return json.loads(result)


def get_all():
    return [Entry.objects.get(code=str(n)).value for n in range(10)]


needs_fork = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
quiet = pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")


@needs_fork
@quiet
@pytest.mark.usefixtures("entries", "wire")
def test_a_fork_while_requests_are_in_flight_uses_sockets_of_its_own(caplog):
    with caplog.at_level(logging.WARNING, "kintone_orm"), Senders() as senders:
        get_all()  # this thread's own socket is open when it forks
        for _ in range(5):
            senders.wait_for_more()
            assert forked(get_all) == [*range(10)]
            assert get_all() == [*range(10)]
        senders.wait_for_more()
    assert senders.wrong == []
    assert caplog.messages == [], "no request was sent again"


@needs_fork
@quiet
@pytest.mark.usefixtures("entries")
def test_a_fork_while_another_thread_holds_a_lock_does_not_hang(wire):
    connection, _ = wire
    Entry.objects.count()
    transport, traffic = connection._open_transport(), connection._open_traffic()
    counts = traffic._meter._counts
    with held_elsewhere(connection._lock, connections._lock, transport._lock, counts._lock):
        assert forked(get_all) == [*range(10)]


@needs_fork
@quiet
@pytest.mark.usefixtures("entries")
def test_a_fork_while_a_cursor_is_read_leaves_it_to_the_parent(wire):
    _, proxy = wire
    rows = Entry.objects.order_by("value").iterator(4, paging="CURSOR")
    read = [next(rows).value]
    assert forked(rows.close) is None
    assert "parent process" in forked(lambda: [row.value for row in rows])
    assert read + [row.value for row in rows] == [*range(10)]
    assert "DELETE /k/v1/records/cursor.json" not in proxy.arrived


@pytest.mark.usefixtures("entries")
def test_a_spawned_process_uses_a_pickled_connection_while_requests_are_in_flight(inside, wire):
    connection, proxy = wire
    receiver, sender = SPAWN.Pipe(duplex=False)
    arguments = (place(inside, proxy), pickle.dumps(connection), connection.alias, sender)
    with Senders() as senders:
        process = SPAWN.Process(target=children.get_by_pickle, args=arguments)
        process.start()
        assert receiver.poll(PATIENCE)
        assert receiver.recv() == [*range(10)]
        join(process)
        senders.wait_for_more()
    assert senders.wrong == []
