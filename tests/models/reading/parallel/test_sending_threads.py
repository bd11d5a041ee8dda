"""Threads that make requests: how many, with which context, and how they end."""

from __future__ import annotations

import gc
import os
import threading
import time
from contextvars import ContextVar
from types import SimpleNamespace

import pytest

from kintone_orm.models.reading.parallel import sending_threads
from kintone_orm.models.reading.parallel.sending_threads import SendingThreads

NAME = ContextVar("NAME", default="nobody")


@pytest.fixture
def threads():
    before = threading.enumerate()
    made = SendingThreads[int](3)
    yield made
    made.stop()
    assert threading.enumerate() == before


def outcome(value):
    """What a request ends with, for these tests."""
    return SimpleNamespace(value=value)


def started_by(threads, job):
    """The threads that a request starts."""
    before = threading.enumerate()
    threads.submit(1, job)
    return [thread for thread in threads._threads if thread not in before]


def test_each_outcome_comes_once_under_its_key(threads):
    for number in range(10):
        threads.submit(number, lambda number=number: outcome(number * 2))
    found = dict(threads.next() for _ in range(10))
    assert {key: one.value for key, one in found.items()} == {n: n * 2 for n in range(10)}


def test_as_many_run_at_once_as_there_are_threads(threads):
    barrier = threading.Barrier(3, timeout=60)
    for number in range(3):
        threads.submit(number, lambda: outcome(barrier.wait()))
    assert sorted(threads.next()[1].value for _ in range(3)) == [0, 1, 2]


def test_one_request_needs_one_thread(threads):
    before = threading.active_count()
    threads.submit(1, lambda: outcome(0))
    threads.next()
    assert threading.active_count() == before + 1


def test_a_request_has_the_context_variables_of_the_thread_that_submitted_it(threads):
    token = NAME.set("somebody")
    threads.submit(1, lambda: outcome(NAME.get()))
    NAME.reset(token)
    assert threads.next()[1].value == "somebody"


def test_an_exception_is_raised_where_the_outcome_is_needed(threads):
    def interrupt():
        raise KeyboardInterrupt

    threads.submit(1, interrupt)
    with pytest.raises(KeyboardInterrupt):
        threads.next()


def test_requests_that_were_not_sent_are_dropped(threads):
    made, begin, go_on = [], threading.Semaphore(0), threading.Event()

    def wait(number):
        made.append(number)
        begin.release()
        assert go_on.wait(60)
        return outcome(number)

    for number in range(20):
        threads.submit(number, lambda number=number: wait(number))
    for _ in range(3):
        assert begin.acquire(timeout=60)
    threading.Timer(0.05, go_on.set).start()
    threads.stop()
    assert len(made) == 3


def test_the_requests_under_way_are_waited_for(threads):
    begun, done = threading.Event(), []

    def slow():
        begun.set()
        time.sleep(0.1)
        done.append(True)
        return outcome(0)

    threads.submit(1, slow)
    assert begun.wait(60)
    threads.stop()
    assert done


def test_a_request_without_an_end_is_not_waited_for(monkeypatch):
    monkeypatch.setattr(sending_threads, "_PATIENCE", 0.05)
    threads, go_on = SendingThreads[int](1), threading.Event()
    threads.submit(1, lambda: outcome(go_on.wait(60)))
    (thread,) = threads._threads
    threads.stop()
    assert thread.is_alive()
    assert thread.daemon
    go_on.set()
    thread.join(60)
    assert not thread.is_alive()


def test_without_threads_requests_are_made_where_their_outcome_is_needed(monkeypatch):
    def refuse(_thread):
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", refuse)
    threads = SendingThreads[int](3)
    token = NAME.set("somebody")
    for number in range(5):
        threads.submit(number, lambda: outcome((NAME.get(), threading.get_ident())))
    NAME.reset(token)
    for _ in range(5):
        assert threads.next()[1].value == ("somebody", threading.get_ident())
    threads.stop()


def test_fewer_threads_than_wanted_are_enough(monkeypatch):
    start, started = threading.Thread.start, []

    def start_one(thread):
        if started:
            raise RuntimeError("can't start new thread")
        started.append(thread)
        start(thread)

    monkeypatch.setattr(threading.Thread, "start", start_one)
    threads = SendingThreads[int](3)
    for number in range(5):
        threads.submit(number, lambda number=number: outcome(number))
    assert sorted(threads.next()[1].value for _ in range(5)) == [0, 1, 2, 3, 4]
    threads.stop()


def test_an_outcome_that_is_needed_after_the_end_is_made_once_more(threads):
    made = []
    for number in range(2):
        threads.submit(number, lambda number=number: outcome(made.append(number)))
    threads.stop()
    assert sorted(threads.next()[0] for _ in range(2)) == [0, 1]
    assert {0, 1} == set(made)


def test_a_thread_may_stop_the_threads_that_it_is_one_of(threads):
    stopped = threading.Event()

    def stop():
        threads.stop()
        stopped.set()
        return outcome(0)

    (thread,) = started_by(threads, stop)
    assert stopped.wait(60)
    thread.join(60)
    assert not thread.is_alive()


def test_a_thread_that_waits_keeps_no_outcome_alive(threads):
    big = SimpleNamespace()
    threads.submit(1, lambda: big)
    _, found = threads.next()
    assert found is big
    end = time.monotonic() + 60
    del found
    while len(gc.get_referrers(big)) > 1 and time.monotonic() < end:
        time.sleep(0.01)
    assert len(gc.get_referrers(big)) <= 1


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_a_forked_process_makes_the_requests_under_way_once_more(threads):
    for number in range(5):
        threads.submit(number, lambda number=number: outcome(number))
    threads.next()
    child = os.fork()
    if not child:
        try:
            found = [threads.next()[1].value for _ in range(4)]
            threads.stop()
            os._exit(0 if len(set(found)) == 4 else 1)
        finally:
            os._exit(2)
    assert os.waitpid(child, 0)[1] == 0
    assert len([threads.next() for _ in range(4)]) == 4


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_a_forked_process_leaves_the_threads_to_its_parent(threads):
    threads.submit(1, lambda: outcome(0))
    child = os.fork()
    if not child:
        try:
            threads.stop()
            os._exit(0)
        finally:
            os._exit(2)
    assert os.waitpid(child, 0)[1] == 0
    threads.next()
