"""The interface of a limiter, which makes many processes keep the limits of one domain."""

from __future__ import annotations

from abc import abstractmethod
from typing import Literal, Protocol, TypeAlias

from kintone_orm.connection.limits.counts import Counts

__all__ = ["CountingLimiter", "Limited", "Limiter"]

Limited: TypeAlias = Literal["requests", "cursors"]
"""The things that a limiter limits: requests at once, and open cursors."""


class Limiter(Protocol):
    """Slots that processes share: for ``connect(limiter=...)``.

    A slot is a lease: it ends by itself after a time, so that a process that is killed keeps no
    slot for ever. No method waits for a slot; the connection asks again until its deadline. Threads
    may share a limiter. `kintone_orm.contrib.redis` has one that keeps its slots in Redis.
    """

    @abstractmethod
    def acquire(self, kind: Limited, domain: str, *, seconds: float | None) -> str | None:
        """Take a slot and return its name; None if all slots are taken.

        The lease ends after `seconds`. None is for requests without a deadline, such as an upload:
        then the limiter chooses the time. A `domain` is, for example, "example.cybozu.com".
        """

    @abstractmethod
    def renew(self, kind: Limited, domain: str, slot: str, *, seconds: float) -> bool:
        """Let the lease end `seconds` from now; return False if it has ended already."""

    @abstractmethod
    def release(self, kind: Limited, domain: str, slot: str) -> None:
        """Give a slot back. A slot whose lease has ended is ignored."""


class CountingLimiter(Limiter, Counts, Protocol):
    """A limiter that counts the day's requests, too, so that `usage()` has those of all processes.

    With a limiter that does not, `usage()` has the requests of this process.
    """
