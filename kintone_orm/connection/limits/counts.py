"""Counts of requests by app and day, in this process or shared with others.

A count is kept for a domain, such as "example.cybozu.com", and a day. App 0 stands for requests
that name no app.
"""

from __future__ import annotations

import os
import threading
from abc import abstractmethod
from collections import defaultdict
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

__all__ = ["Counts", "MemoryCounts"]


class Counts(Protocol):
    """A place that counts requests. Threads may share it."""

    @abstractmethod
    def add(
        self, domain: str, day: dt.date, requests: Mapping[int, int], *, most: int | None = None
    ) -> Mapping[int, int]:
        """Add the numbers of requests, by app, and return the new totals of these apps.

        If a total would exceed `most`, no request is counted; the totals returned include the
        requests all the same. A negative number takes requests back.
        """

    @abstractmethod
    def totals(self, domain: str, day: dt.date) -> Mapping[int, int]:
        """Return the requests of the day, by app."""


class MemoryCounts:
    """Counts of this process. They end with it, and only the last two days are kept."""

    def __init__(self) -> None:
        # A request may be counted while this thread counts another one: the garbage collector may
        # close an iterator, which closes its cursor. So the lock is reentrant, and no step below
        # reads a number and stores it in separate calls.
        self._lock = threading.RLock()
        self._process = os.getpid()
        self._days: dict[dt.date, defaultdict[str, defaultdict[int, int]]] = {}

    def add(
        self, domain: str, day: dt.date, requests: Mapping[int, int], *, most: int | None = None
    ) -> Mapping[int, int]:
        """Add the requests and return the new totals of their apps: see `Counts`."""
        with self._own_lock():
            counts = self._counts(domain, day)
            if most is not None:
                totals = {app: counts[app] + number for app, number in requests.items()}
                if max(totals.values(), default=0) > most:
                    return totals
            for app, number in requests.items():
                counts[app] += number
            return {app: counts[app] for app in requests}

    def totals(self, domain: str, day: dt.date) -> Mapping[int, int]:
        """Return the requests of the day, by app."""
        with self._own_lock():
            return dict(self._counts(domain, day))

    def _own_lock(self) -> threading.RLock:
        # A forked process inherits the lock, perhaps from a thread that it does not have.
        if self._process != (process := os.getpid()):
            self._lock, self._process = threading.RLock(), process
        return self._lock

    def _counts(self, domain: str, day: dt.date) -> defaultdict[int, int]:
        if day not in self._days:
            # The day before is kept for requests that were counted then and are taken back now.
            for old in [old for old in self._days if (day - old).days > 1]:
                del self._days[old]
            self._days[day] = defaultdict(_no_counts)
        return self._days[day][domain]


def _no_counts() -> defaultdict[int, int]:
    return defaultdict(int)
