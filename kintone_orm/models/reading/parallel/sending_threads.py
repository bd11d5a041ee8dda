"""Threads that send requests and wait for the answers, and do nothing else."""

from __future__ import annotations

import atexit
import os
from contextlib import suppress
from contextvars import copy_context
from queue import Empty, SimpleQueue
from threading import Thread, current_thread
from time import monotonic
from typing import TYPE_CHECKING, Any, Generic, TypeVar
from weakref import WeakSet

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextvars import Context
    from typing import TypeAlias

    from kintone_orm.http.sent_ahead import SentAhead

    Job: TypeAlias = Callable[[], SentAhead]

__all__ = ["SendingThreads"]

K = TypeVar("K")

# The seconds that `stop()` waits for the answers under way.
_PATIENCE = 10.0

_NO_PROCESS = -1


class SendingThreads(Generic[K]):
    """At most `most` threads, which make requests that were submitted under a key.

    A thread starts with a request that finds no other one free. If the system starts no more
    threads, there are fewer; without any, a request is made by the thread that needs an answer. A
    forked process, which has no threads, starts its own and makes the requests under way once more.
    When the program ends, the threads are stopped.
    """

    _process: int

    def __init__(self, most: int) -> None:
        self._most = most
        self._under_way: dict[K, Job] = {}
        self._begin()

    def submit(self, key: K, job: Job) -> None:
        """Make a request as soon as a thread is free, with the context variables of this thread."""
        self._under_way[key] = job
        self._put(key, job)

    def next(self) -> tuple[K, SentAhead]:
        """Return the key and the outcome of a request that has ended; wait for it if needed.

        An exception that is no Exception, such as a wrapper's KeyboardInterrupt, is raised.
        """
        if self._process != os.getpid():
            self._begin()
            for key, job in self._under_way.items():
                self._put(key, job)
        if not self._threads and (first := self._jobs.get()) is not None:
            self._outcomes.put(_run(*first))
        key, outcome = self._outcomes.get()
        del self._under_way[key]
        if isinstance(outcome, BaseException):
            raise outcome
        return key, outcome

    def stop(self) -> None:
        """Drop the requests that were not sent, wait for the others, and end the threads.

        The wait ends after ten seconds. A thread whose answer comes later ends with it. If an
        outcome is needed after all, everything begins anew, as in a forked process.
        """
        if self._process != os.getpid():
            return
        self._process = _NO_PROCESS
        with suppress(Empty):
            while True:
                self._jobs.get_nowait()
        for _ in self._threads:
            self._jobs.put(None)
        end = monotonic() + _PATIENCE
        for thread in self._threads:
            # The garbage collector may close an iterator in any thread, also in one of these.
            if thread is not current_thread():
                thread.join(max(0.0, end - monotonic()))

    def _begin(self) -> None:
        self._process = os.getpid()
        _running.add(self)
        self._threads: list[Thread] = []
        self._jobs: SimpleQueue[tuple[Context, K, Job] | None] = SimpleQueue()
        self._outcomes: SimpleQueue[tuple[K, SentAhead | BaseException]] = SimpleQueue()

    def _put(self, key: K, job: Job) -> None:
        self._jobs.put((copy_context(), key, job))
        if len(self._threads) >= min(self._most, len(self._under_way)):
            return
        # A thread has no reference to this object. So an abandoned iterator is closed at once.
        thread = Thread(
            target=_work, args=(self._jobs, self._outcomes), name="kintone_orm", daemon=True
        )
        self._threads.append(thread)
        try:
            thread.start()
        except RuntimeError:  # the system starts no more threads
            self._threads.remove(thread)
            self._most = len(self._threads)


# The threads are daemons, because idle ones must keep no program from ending. But a daemon that
# runs when the interpreter ends stops wherever it is, and keeps its locks. So they end before.
_running: WeakSet[SendingThreads[Any]] = WeakSet()


@atexit.register
def _stop_all() -> None:
    for threads in list(_running):
        threads.stop()


def _work(
    jobs: SimpleQueue[tuple[Context, K, Job] | None],
    outcomes: SimpleQueue[tuple[K, SentAhead | BaseException]],
) -> None:
    while (job := jobs.get()) is not None:
        outcomes.put(_run(*job))
        del job  # a thread that waits keeps nothing alive


def _run(context: Context, key: K, job: Job) -> tuple[K, SentAhead | BaseException]:
    try:
        return key, context.run(job)
    except BaseException as error:  # noqa: BLE001 - it is raised where the answer is needed
        return key, error
