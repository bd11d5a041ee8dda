"""The slots for cursors: few, shared by all threads, and never waited for in vain."""

from __future__ import annotations

import gc
import os
import threading
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

import pytest
from support.clocks import SkippingClock

from kintone_orm.connection.limits.cursor_slots import CursorPool, CursorSlot, CursorSlots, pool_of
from kintone_orm.exceptions import CarriedOut, CursorLimitError
from kintone_orm.http.clock import Clock
from kintone_orm.http.collector import pausing_collector
from kintone_orm.limits import CURSOR_LIFETIME_SECONDS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

DOMAIN = "example.cybozu.com"


class RecordingLimiter:
    """A limiter with one slot, which notes the calls."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, float | None]] = []
        self.taken: set[str] = set()

    def acquire(self, kind: str, domain: str, *, seconds: float | None) -> str | None:
        assert (kind, domain) == ("cursors", DOMAIN)
        self.calls.append(("acquire", seconds))
        if self.taken:
            return None
        self.taken.add("slot")
        return "slot"

    def renew(self, kind: str, domain: str, slot: str, *, seconds: float) -> bool:
        self.calls.append(("renew", seconds))
        return True

    def release(self, kind: str, domain: str, slot: str) -> None:
        self.calls.append(("release", None))
        self.taken.discard(slot)


def slots(
    pool: CursorPool,
    *,
    seconds: float = 10,
    clock: Clock | None = None,
    limiter: RecordingLimiter | None = None,
) -> CursorSlots:
    return CursorSlots(
        pool,
        DOMAIN,
        clock=clock or Clock(),
        seconds=lambda: seconds,
        limiter=limiter,  # type: ignore[arg-type]
    )


def eventually(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.001)


@contextmanager
def another_thread(work: Callable[[threading.Event], None]) -> Iterator[threading.Event]:
    """Run `work` in a thread until it has begun to wait, or until the event in the block is set."""
    let_go = threading.Event()
    thread = threading.Thread(target=work, args=(let_go,), daemon=True)
    thread.start()
    try:
        yield let_go
    finally:
        let_go.set()
        thread.join(10)
        assert not thread.is_alive()


@contextmanager
def held_elsewhere(pool: CursorPool, count: int) -> Iterator[threading.Event]:
    """Another thread has so many slots until the event is set."""

    def hold(let_go: threading.Event) -> None:
        held = [slots(pool).acquire() for _ in range(count)]
        ready.set()
        let_go.wait(10)
        for slot in held:
            slot.release()

    ready = threading.Event()
    with another_thread(hold) as let_go:
        assert ready.wait(10)
        yield let_go


def waiting(pool: CursorPool) -> int:
    return len(pool.state()._waiting)


def taken(pool: CursorPool) -> int:
    return len(pool.state()._threads)


def test_there_are_as_many_slots_as_the_pool_has() -> None:
    pool = CursorPool(3)
    for _ in range(3):
        slots(pool).acquire()
    with pytest.raises(CursorLimitError):
        slots(pool).acquire()


def test_a_slot_can_be_taken_again() -> None:
    pool = CursorPool(1)
    slots(pool).acquire().release()
    slots(pool).acquire()
    assert taken(pool) == 1


def test_a_slot_is_given_back_once() -> None:
    pool = CursorPool(2)
    first, second = slots(pool).acquire(), slots(pool).acquire()
    first.release()
    first.release()
    assert taken(pool) == 1
    second.release()


def test_a_slot_that_was_given_back_cannot_be_kept() -> None:
    pool = CursorPool(1)
    slot = slots(pool).acquire()
    slot.release()
    slot.keep()
    assert taken(pool) == 0


def test_a_reader_waits_for_another_thread() -> None:
    pool = CursorPool(1)
    with held_elsewhere(pool, 1) as let_go:
        threading.Timer(0.05, let_go.set).start()
        assert isinstance(slots(pool).acquire(), CursorSlot)


def test_the_collector_runs_while_a_read_waits_for_a_cursor() -> None:
    pool, taken = CursorPool(1), []
    slot = slots(pool).acquire()

    def read() -> None:
        with pausing_collector():
            taken.append(slots(pool).acquire())

    thread = threading.Thread(target=read, daemon=True)
    thread.start()
    eventually(lambda: bool(pool.state()._waiting) and gc.isenabled())
    slot.release()
    thread.join(10)
    assert len(taken) == 1
    assert gc.isenabled()


def test_the_deadline_ends_the_wait_with_an_error_that_says_what_to_do() -> None:
    pool = CursorPool(1)
    with held_elsewhere(pool, 1), pytest.raises(CursorLimitError) as refused:
        slots(pool, seconds=0.05).acquire()
    text = str(refused.value)
    assert "are still being read after 0 seconds" in text
    assert '.order_by("pk").iterator(paging="seek")' in text
    assert '[:10_500].iterator(paging="offset")' in text
    assert refused.value.carried_out is CarriedOut.NO


def test_a_thread_does_not_wait_for_itself() -> None:
    pool = CursorPool(2)
    held = [slots(pool).acquire() for _ in range(2)]
    began = time.monotonic()
    with pytest.raises(CursorLimitError, match="open in loops that wait for this one"):
        slots(pool, seconds=60).acquire()
    assert time.monotonic() - began < 5
    assert len(held) == taken(pool)


def test_threads_do_not_wait_for_each_other() -> None:
    pool = CursorPool(2)
    ready, all_taken, went_on = threading.Event(), threading.Event(), threading.Event()

    def take_and_want_another(let_go: threading.Event) -> None:
        held = slots(pool).acquire()
        ready.set()
        all_taken.wait(10)
        with suppress(CursorLimitError):
            slots(pool, seconds=60).acquire().release()
            went_on.set()
        held.release()

    with another_thread(take_and_want_another):
        assert ready.wait(10)
        mine = slots(pool).acquire()
        all_taken.set()
        eventually(lambda: waiting(pool) == 1)
        # Now both would wait for ever.
        with pytest.raises(CursorLimitError, match="open in loops that wait"):
            slots(pool, seconds=60).acquire()
        mine.release()
    assert went_on.is_set()


def test_a_thread_that_only_waits_is_no_obstacle() -> None:
    pool = CursorPool(1)
    with held_elsewhere(pool, 1) as let_go, another_thread(_take_once(pool)):
        eventually(lambda: waiting(pool) == 1)
        threading.Timer(0.05, let_go.set).start()
        slots(pool).acquire().release()


def _take_once(pool: CursorPool) -> Callable[[threading.Event], None]:
    return lambda _: slots(pool).acquire().release()


def test_a_slot_belongs_to_the_thread_that_reads_with_it() -> None:
    pool = CursorPool(1)
    slot = slots(pool).acquire()

    def read(let_go: threading.Event) -> None:
        slot.keep()
        ready.set()
        let_go.wait(10)
        slot.release()

    ready = threading.Event()
    with another_thread(read) as let_go:
        assert ready.wait(10)
        threading.Timer(0.05, let_go.set).start()
        slots(pool).acquire().release()  # it waits, for the slot is another thread's now


def test_a_slot_is_given_back_by_the_garbage_collector() -> None:
    def read() -> Iterator[None]:
        slot = slots(pool).acquire()
        try:
            yield
        finally:
            slot.release()

    pool = CursorPool(1)
    reading = read()
    next(reading)
    del reading
    gc.collect()
    assert taken(pool) == 0


def test_many_threads_never_have_more_slots_than_there_are() -> None:
    pool, most, errors = CursorPool(3), 0, []

    def read() -> None:
        nonlocal most
        for _ in range(20):
            try:
                slot = slots(pool).acquire()
            except CursorLimitError as error:
                errors.append(error)
                return
            most = max(most, taken(pool))
            slot.keep()
            slot.release()

    threads = [threading.Thread(target=read) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert (errors, taken(pool), waiting(pool)) == ([], 0, 0)
    assert most <= 3


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
@pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")
def test_a_forked_process_has_all_slots() -> None:
    pool = CursorPool(1)
    slots(pool).acquire()
    child = os.fork()
    if child == 0:  # pragma: no cover - in another process
        with suppress(CursorLimitError):
            slots(pool).acquire()
            os._exit(0)
        os._exit(1)
    assert os.waitpid(child, 0)[1] == 0


def test_connections_of_one_domain_share_their_slots() -> None:
    assert pool_of("one.cybozu.com") is pool_of("one.cybozu.com")


def test_domains_have_slots_of_their_own() -> None:
    assert pool_of("one.cybozu.com") is not pool_of("two.cybozu.com")


# -- waiting for kintone --------------------------------------------------------------------------


def test_without_another_reader_a_wait_is_the_clocks() -> None:
    clock = SkippingClock()
    slots(CursorPool(1), clock=clock).wait_for_release(20)
    assert 19 < clock.skipped <= 20


def test_a_wait_ends_when_another_thread_closes_its_cursor() -> None:
    pool, clock = CursorPool(2), SkippingClock()
    with held_elsewhere(pool, 1) as let_go:
        threading.Timer(0.05, let_go.set).start()
        slots(pool, clock=clock).wait_for_release(10)
    assert clock.skipped == 0


def test_a_cursor_that_was_closed_before_the_wait_ends_it() -> None:
    pool, clock = CursorPool(2), SkippingClock()
    slot, waiting = slots(pool).acquire(), slots(pool, clock=clock)
    slot.release()
    waiting.wait_for_release(10)
    assert clock.skipped == 0
    waiting.wait_for_release(10)  # no other was closed since then
    assert clock.skipped > 9


def test_a_wait_takes_its_time_on_the_clock_though_another_thread_reads_on() -> None:
    pool, clock = CursorPool(2), SkippingClock()
    with held_elsewhere(pool, 1):
        began = clock.now()
        slots(pool, clock=clock).wait_for_release(0.05)
    assert clock.now() - began >= 0.05


# -- slots of a limiter ---------------------------------------------------------------------------


def test_a_cursor_takes_a_slot_of_the_limiter_for_as_long_as_kintone_keeps_it() -> None:
    limiter = RecordingLimiter()
    slot = slots(CursorPool(), limiter=limiter).acquire()
    slot.keep()
    slot.release()
    assert limiter.calls == [
        ("acquire", CURSOR_LIFETIME_SECONDS),
        ("renew", CURSOR_LIFETIME_SECONDS),
        ("release", None),
    ]


def test_a_slot_of_the_limiter_is_given_back_once() -> None:
    limiter = RecordingLimiter()
    slot = slots(CursorPool(), limiter=limiter).acquire()
    slot.release()
    slot.release()
    assert [name for name, _ in limiter.calls] == ["acquire", "release"]


def test_without_a_slot_of_the_limiter_the_error_comes_at_the_deadline() -> None:
    limiter, clock = RecordingLimiter(), SkippingClock()
    limiter.taken.add("somebody else's")
    pool = CursorPool()
    with pytest.raises(CursorLimitError, match="All cursors that the limiter allows"):
        slots(pool, seconds=100, clock=clock, limiter=limiter).acquire()
    assert 95 < clock.skipped < 101
    assert taken(pool) == 0
