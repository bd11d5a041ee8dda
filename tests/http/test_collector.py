from __future__ import annotations

import gc
import os
import sys
import warnings
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest

from kintone_orm.http import collector
from kintone_orm.http.collector import pausing_collector, running_collector


@pytest.fixture(params=[True, False], ids=["on", "off"])
def collecting(request):
    """Switch the collector on or off until the test ends."""
    before = gc.isenabled()
    (gc.enable if request.param else gc.disable)()
    yield request.param
    (gc.enable if before else gc.disable)()


def test_the_collector_is_off_inside_and_then_as_it_was(collecting):
    with pausing_collector():
        assert not gc.isenabled()
    assert gc.isenabled() is collecting


def test_it_is_as_it_was_after_an_error_too(collecting):
    with pytest.raises(ZeroDivisionError), pausing_collector():
        raise ZeroDivisionError
    assert gc.isenabled() is collecting


def test_of_two_pauses_the_outer_one_ends_it():
    with pausing_collector():
        with pausing_collector():
            pass
        assert not gc.isenabled()


def test_a_pause_that_ends_as_another_one_begins_leaves_the_collector_on(monkeypatch):
    """The second pause finds the collector off, and goes on when the first has ended."""

    class EndsBetween:
        enable, disable = gc.enable, gc.disable

        @staticmethod
        def isenabled():
            before = gc.isenabled()
            gc.enable()  # the end of the first pause, in another thread
            return before

    gc.disable()
    monkeypatch.setattr(collector, "gc", EndsBetween)
    try:
        with pausing_collector():
            pass
        assert gc.isenabled()
    finally:
        gc.enable()


def test_the_collector_runs_in_a_wait_of_the_thread_that_paused_it():
    with pausing_collector():
        with running_collector():
            assert gc.isenabled()
        assert not gc.isenabled()
    assert gc.isenabled()


def test_a_wait_leaves_the_pauses_of_others_alone(collecting):
    with running_collector():
        assert gc.isenabled() is collecting
    with pausing_collector(), ThreadPoolExecutor(1) as threads:
        threads.submit(look_while_waiting).result()
    assert gc.isenabled() is collecting


def look_while_waiting():
    with running_collector():
        assert not gc.isenabled()
    assert not gc.isenabled()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no fork")
def test_a_process_that_is_forked_in_the_pause_of_another_thread_has_a_collector():
    paused, done = Event(), Event()

    def pause():
        with pausing_collector():
            paused.set()
            done.wait(10)

    with ThreadPoolExecutor(1) as threads:
        threads.submit(pause)
        paused.wait(10)
        assert exit_code_of_child() == 1
        done.set()
    with pausing_collector():
        assert exit_code_of_child() == 0
    assert gc.isenabled()


def exit_code_of_child():
    """Return 1 if the collector is on in a forked process."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        child = os.fork()
    if child == 0:
        os._exit(int(gc.isenabled()))
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
