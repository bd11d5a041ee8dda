"""A limit of the cursors that this process has open in a domain.

kintone allows ten open cursors in a domain, over all programs. A reader takes a slot before it
creates a cursor, and waits if all slots are taken. Some waits would never end, because a thread
that waits closes none of its own cursors: one thread reads in nested loops, or several threads
with open cursors all wait for more. They are noticed, and end at once with an error.
"""

from __future__ import annotations

import os
import threading
from typing import TYPE_CHECKING
from weakref import WeakValueDictionary

from kintone_orm.connection.limits.shared_slots import give_back, wait_for_slot
from kintone_orm.exceptions import CursorLimitError
from kintone_orm.http.clock import Clock
from kintone_orm.http.collector import running_collector
from kintone_orm.limits import CURSOR_LIFETIME_SECONDS, CURSORS_PER_DOMAIN

if TYPE_CHECKING:
    from collections.abc import Callable

    from kintone_orm.connection.limits.limiter import Limiter

__all__ = [
    "ADVICE",
    "CursorPool",
    "CursorSlot",
    "CursorSlots",
    "WaitForCursor",
    "no_cursor",
    "pool_of",
]


class CursorSlots:
    """The slots for cursors of one connection. `pool` is common to connections of one domain."""

    def __init__(
        self,
        pool: CursorPool,
        domain: str,
        *,
        clock: Clock,
        seconds: Callable[[], float | None],
        limiter: Limiter | None = None,
    ) -> None:
        self._pool = pool
        self._domain = domain
        self._clock = clock
        self._seconds = seconds
        self._limiter = limiter
        self._seen = pool.state().releases

    def acquire(self) -> CursorSlot:
        """Return a slot as soon as one is free.

        CursorLimitError when `seconds()` are over; or at once, if the threads that have the slots
        wait themselves.
        """
        seconds = self._seconds()
        deadline = None if seconds is None else self._clock.now() + seconds
        state = self._pool.state()
        slot = CursorSlot(state, self._domain, self._limiter, deadline)
        state.acquire(slot, seconds)
        try:
            slot.take_shared(self._clock)
        except BaseException:
            slot.release()
            raise
        return slot

    def wait_for_release(self, seconds: float) -> None:
        """Wait, but only until this process closes a cursor in the domain.

        A cursor that was closed since the last wait, or since this object was made, ends the wait.
        """
        end = self._clock.now() + seconds
        state = self._pool.state()
        if not state.wait_for_release(self._seen, seconds):
            self._clock.sleep(max(0.0, end - self._clock.now()))
        self._seen = state.releases


class WaitForCursor(Clock):
    """The clock of a request that creates a cursor: a wait ends when this process closes one."""

    def __init__(self, slots: CursorSlots, clock: Clock) -> None:
        self._slots = slots
        self._clock = clock

    def now(self) -> float:
        """Return the seconds of the connection's clock."""
        return self._clock.now()

    def sleep(self, seconds: float) -> None:
        """Wait, but only until this process closes a cursor in the domain."""
        self._slots.wait_for_release(seconds)


class CursorSlot:
    """The right to have one cursor open. It ends with `release()`.

    The cursor must be created until `deadline`, an instant of the connection's clock, or None.
    """

    def __init__(
        self, state: _State, domain: str, limiter: Limiter | None, deadline: float | None
    ) -> None:
        self.deadline = deadline
        self._state = state
        self._domain = domain
        self._limiter = limiter
        self._shared: str | None = None

    def take_shared(self, clock: Clock) -> None:
        """Take a slot of the limiter, if the connection has one."""
        if self._limiter is None:
            return
        self._shared = wait_for_slot(
            self._limiter,
            "cursors",
            self._domain,
            deadline=self.deadline,
            clock=clock,
            seconds=CURSOR_LIFETIME_SECONDS,
        )
        if self._shared is None:
            raise no_cursor("All cursors that the limiter allows the programs are still open.")

    def keep(self) -> None:
        """Note that the cursor was used: it belongs to this thread, and lives on."""
        self._state.move(self)
        # kintone's ten minutes start again with each page, and so do the limiter's.
        if self._limiter is not None and self._shared is not None:
            self._limiter.renew(
                "cursors", self._domain, self._shared, seconds=CURSOR_LIFETIME_SECONDS
            )

    def release(self) -> None:
        """Give the slot back. A second call does nothing."""
        self._state.release(self)
        shared, self._shared = self._shared, None
        if self._limiter is not None and shared is not None:
            give_back(self._limiter, "cursors", self._domain, shared)


class _State:
    """The slots of one process. `releases` is the number of slots that were given back."""

    def __init__(self, most: int) -> None:
        self.process = os.getpid()
        self._most = most
        self._threads: dict[CursorSlot, int] = {}  # the thread that used each slot last
        self._waiting: set[int] = set()
        self.releases = 0
        # A reentrant lock: the garbage collector may close an iterator while this thread has it.
        self._changed = threading.Condition(threading.RLock())

    def acquire(self, slot: CursorSlot, seconds: float | None) -> None:
        me = threading.get_ident()
        with self._changed:
            self._waiting.add(me)
            try:
                with running_collector():
                    is_settled = self._changed.wait_for(self._can_go_on, seconds)
                if not is_settled:
                    raise no_cursor(
                        f"The {self._most} cursors that this process may have open in the domain "
                        f"are still being read after {seconds or 0:.0f} seconds."
                    )
            finally:
                self._waiting.discard(me)
            if len(self._threads) >= self._most:
                raise no_cursor(
                    f"The {self._most} cursors that this process may have open in the domain are "
                    "open in loops that wait for this one."
                )
            self._threads[slot] = me

    def _can_go_on(self) -> bool:
        """Return True if there is a free slot, or will never be one."""
        return len(self._threads) < self._most or self._waiting.issuperset(self._threads.values())

    def move(self, slot: CursorSlot) -> None:
        with self._changed:
            if slot in self._threads:
                self._threads[slot] = threading.get_ident()

    def release(self, slot: CursorSlot) -> None:
        with self._changed:
            if self._threads.pop(slot, None) is not None:
                self.releases += 1
                self._changed.notify_all()

    def wait_for_release(self, seen: int, seconds: float) -> bool:
        """Return True as soon as `releases` exceeds `seen`; False if no other thread has a slot."""
        with self._changed:
            if self.releases == seen and {threading.get_ident()}.issuperset(self._threads.values()):
                return False
            with running_collector():
                return self._changed.wait_for(lambda: self.releases != seen, seconds)


class CursorPool:
    """The slots for cursors of a domain. A forked process begins without any slot taken."""

    def __init__(self, most: int = CURSORS_PER_DOMAIN) -> None:
        self._most = most
        self._state = _State(most)

    def state(self) -> _State:
        """Return the slots of this process."""
        if self._state.process != os.getpid():
            self._state = _State(self._most)
        return self._state


ADVICE = (
    "A cursor is open while an ordered query with more than one page is read. Finish or close "
    "other iterators first, or read without a cursor: in the order of $id, with "
    '.order_by("pk").iterator(paging="seek"), or at most 10,500 records, with '
    '[:10_500].iterator(paging="offset").'
)

_pools: WeakValueDictionary[str, CursorPool] = WeakValueDictionary()
_pools_lock = threading.RLock()


def pool_of(domain: str) -> CursorPool:
    """Return the pool of a domain, which all connections of this process share."""
    with _pools_lock:
        pool = _pools.get(domain)
        if pool is None:
            pool = _pools[domain] = CursorPool()
        return pool


def no_cursor(reason: str) -> CursorLimitError:
    """Return the error for a reader that gets no cursor."""
    return CursorLimitError(f"{reason} {ADVICE}")
