"""A limit of the requests that one connection sends at once.

kintone serves 100 requests of a domain at once, over all users and programs, and refuses more with
429. A connection therefore has slots: a request takes one, and gives it back when its answer was
read. A thread that finds no free slot waits in a queue, so that the longest wait ends first.

The number of slots follows kintone's headers, which say how many requests run in the domain. It
grows and shrinks as TCP's window does (additive increase, multiplicative decrease, AIMD):

- If the domain is crowded, the number is halved, at most once for the requests under way: their
  answers all tell of the same crowd. Crowded means that 80 of its 100 requests run, or that kintone
  refused the request.
- Otherwise each answer adds a part of a slot: as many answers as there are slots add one. The
  number never exceeds the one that the connection began with.

All connections that do so share a crowded domain in equal parts, without knowing each other.
"""

from __future__ import annotations

import os
import threading
from collections import deque
from typing import TYPE_CHECKING

from kintone_orm.exceptions import RateLimited
from kintone_orm.http.collector import running_collector
from kintone_orm.http.failures import failure, wire_error
from kintone_orm.outcomes import Outcome

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from kintone_orm.exceptions import APIError
    from kintone_orm.http.messages import Request, Response

__all__ = ["Throttle", "is_crowded", "next_number"]

_CROWDED = 0.8  # the share of the domain's requests from which on the domain is crowded


def is_crowded(headers: Mapping[str, str]) -> bool:
    """Return True if most of the requests that kintone serves at once are running.

    Without the headers, or if they hold no numbers, as behind some proxies, the answer is False.
    """
    try:
        running = int(headers["X-ConcurrencyLimit-Running"])
        return running >= _CROWDED * int(headers["X-ConcurrencyLimit-Limit"])
    except (KeyError, ValueError):
        return False


def next_number(number: float, most: int, *, crowded: bool) -> float:
    """Return the number of slots after an answer. It is at least 1 and at most `most`."""
    return max(1.0, number / 2) if crowded else min(float(most), number + 1 / number)


class Throttle:
    """At most `most` requests at once, over all threads of the process. It starts no thread."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._slots = _Slots(most)
        self._own = threading.local()

    @property
    def number(self) -> int:
        """The present number of slots."""
        return int(self._slots.number)

    def run(
        self, send: Callable[[Request], Response], request: Request, seconds: float | None
    ) -> Response:
        """Send the request as soon as there is a free slot, and return the response.

        RateLimited if there is none for `seconds`; None waits without an end. A streamed body is
        read after the slot was given back, so that a slow reader holds no slot.
        """
        # A request may be sent while this thread has a slot, or waits for its lock: by a file that
        # is read while it is uploaded, or by an iterator that the garbage collector closes. It must
        # not wait for the thread itself, so it needs no slot of its own.
        if getattr(self._own, "is_busy", False):
            return send(request)
        self._own.is_busy = True
        try:
            slots = self._slots_of_this_process()
            if not slots.acquire(seconds):
                raise self._no_slot(request, seconds)
            crowded = None
            try:
                response = send(request)
                crowded = is_crowded(response.headers) or _is_refused(request, response)
            finally:
                slots.release(crowded=crowded)
            return response
        finally:
            self._own.is_busy = False

    def _slots_of_this_process(self) -> _Slots:
        # The threads that hold the slots of the parent process do not exist in a forked process.
        if self._slots.process != os.getpid():
            self._slots = _Slots(self._most)
        return self._slots

    def _no_slot(self, request: Request, seconds: float | None) -> APIError:
        text = (
            f"The request was not sent: the {self.number} requests that this connection may send "
            f"at once are still running after {seconds or 0:.0f} seconds. Use fewer threads, or "
            "connect() with a greater deadline= or max_concurrency=."
        )
        return wire_error(RateLimited, text, request, Outcome.OUT_OF_TIME)


class _Slots:
    """The slots of one process, and the queue of threads that wait for one."""

    def __init__(self, most: int) -> None:
        self.process = os.getpid()
        self.number = float(most)
        self._most = most
        self._running = 0
        # Requests under way when the number was halved. Their answers change nothing.
        self._under_way = 0
        self._lock = threading.Lock()
        self._queue: deque[threading.Lock] = deque()  # a locked lock for each thread that waits

    def acquire(self, seconds: float | None) -> bool:
        with self._lock:
            if self._running < int(self.number) and not self._queue:
                self._running += 1
                return True
            turn = threading.Lock()
            turn.acquire()
            self._queue.append(turn)
        has_slot = False
        try:
            timeout = -1 if seconds is None else min(max(seconds, 0), threading.TIMEOUT_MAX)
            with running_collector():
                has_slot = turn.acquire(timeout=timeout)
        finally:
            if not has_slot:
                self._leave_queue(turn)
        return has_slot

    def release(self, *, crowded: bool | None) -> None:
        """Give a slot back. `crowded` is the state of the domain; None if no answer told it."""
        with self._lock:
            self._running -= 1
            if self._under_way:
                self._under_way -= 1
            elif crowded or (crowded is False and self.number < self._most):
                self.number = next_number(self.number, self._most, crowded=crowded)
                self._under_way = self._running if crowded else 0
            self._serve_queue()

    def _serve_queue(self) -> None:
        # The slot is given to the first thread of the queue, which only wakes up. If threads had to
        # take it, a busy thread would always come before those that wait.
        while self._queue and self._running < int(self.number):
            self._running += 1
            self._queue.popleft().release()

    def _leave_queue(self, turn: threading.Lock) -> None:
        with self._lock:
            if turn in self._queue:
                self._queue.remove(turn)
            else:  # the slot came at the last moment
                self._running -= 1
                self._serve_queue()


def _is_refused(request: Request, response: Response) -> bool:
    """Return True if too many requests ran; False if there are too many cursors."""
    return response.status == 429 and failure(request, response).outcome is Outcome.TOO_MANY
