"""The way of a request out of this process: its slots, its count, and then the network."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kintone_orm.argument_checks import require_count
from kintone_orm.connection.limits.counts import MemoryCounts
from kintone_orm.connection.limits.cursor_slots import CursorSlots, pool_of
from kintone_orm.connection.limits.shared_slots import give_back, wait_for_slot
from kintone_orm.connection.limits.throttle import Throttle
from kintone_orm.connection.limits.usage import DailyBudget, Meter
from kintone_orm.exceptions import APIError, ImproperlyConfigured, RateLimited
from kintone_orm.http.failures import wire_error
from kintone_orm.http.request_log import log_turn
from kintone_orm.limits import REQUESTS_OF_A_CONNECTION
from kintone_orm.outcomes import Outcome

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import TypeGuard

    from kintone_orm.connection.limits.counts import Counts
    from kintone_orm.connection.limits.limiter import CountingLimiter, Limiter
    from kintone_orm.connection.limits.usage import Usage
    from kintone_orm.http.clock import Clock
    from kintone_orm.http.messages import Request, Response

__all__ = ["NO_LIMITS", "Limits", "Traffic"]

_METHODS_OF_A_LIMITER = ("acquire", "renew", "release")
_METHODS_OF_COUNTS = ("add", "totals")

# The counts of this process. A connection that replaces another one goes on with them.
_counts = MemoryCounts()


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The limits of a connection, as `connect()` takes them. ImproperlyConfigured if invalid."""

    max_concurrency: int = REQUESTS_OF_A_CONNECTION
    limiter: Limiter | None = None
    daily_budget: DailyBudget | int | None = None
    usage: str | os.PathLike[str] | None = None

    def __post_init__(self) -> None:
        require_count(self.max_concurrency, "'max_concurrency'", example="10")
        limiter = self.limiter
        if limiter is not None and not _is_limiter(limiter):
            # The value is not shown: it may be the URL of a Redis, with its password.
            kind = "text" if isinstance(limiter, str) else f"a {type(limiter).__name__}"
            message = f"'limiter' must be a Limiter, such as RedisLimiter(...), not {kind}."
            raise ImproperlyConfigured(message)
        if self.usage is not None and not _is_path(self.usage):
            _refuse("usage", "the path of a file", self.usage)
        self.budget()

    def budget(self) -> DailyBudget | None:
        """Return the daily budget, if there is one."""
        budget = self.daily_budget
        return budget if budget is None or isinstance(budget, DailyBudget) else DailyBudget(budget)


NO_LIMITS = Limits()
"""The limits of a connection that was made without arguments for them."""


def _is_limiter(value: object) -> TypeGuard[Limiter]:
    return not isinstance(value, type) and _has(value, _METHODS_OF_A_LIMITER)


def _counts_too(limiter: Limiter) -> TypeGuard[CountingLimiter]:
    return _has(limiter, _METHODS_OF_COUNTS)


def _has(value: object, methods: tuple[str, ...]) -> bool:
    return all(callable(getattr(value, name, None)) for name in methods)


def _is_path(value: object) -> bool:
    return (
        isinstance(value, (str, os.PathLike))
        and isinstance(path := os.fspath(value), str)
        and bool(path)
    )


def _refuse(name: str, expected: str, value: object) -> None:
    raise ImproperlyConfigured(f"{name!r} must be {expected}, not {value!r:.80}.")


class Traffic:
    """The requests of a connection, within its limits. Threads may share it.

    `domain` is, for example, "example.cybozu.com". An emulated domain has counts of its own.
    """

    def __init__(self, limits: Limits, domain: str, *, is_emulated: bool) -> None:
        self._domain = domain
        self._limiter = limits.limiter
        self._throttle = Throttle(limits.max_concurrency)
        self._cursors = pool_of(domain)
        counts = _place_to_count(limits, MemoryCounts() if is_emulated else _counts)
        self._meter = Meter(counts, domain, limits.budget())

    def usage(self) -> Usage:
        """Return the requests of this day."""
        return self._meter.usage()

    def cursor_slots(self, clock: Clock, seconds: Callable[[], float | None]) -> CursorSlots:
        """Return the slots for cursors. A reader waits for one until `seconds()` are over."""
        return CursorSlots(
            self._cursors, self._domain, clock=clock, seconds=seconds, limiter=self._limiter
        )

    def send(
        self,
        request: Request,
        transmit: Callable[[Request], Response],
        apps: Mapping[str, int],
        *,
        deadline: float | None,
        clock: Clock,
    ) -> Response:
        """Send the request by `transmit` as soon as the limits allow it; return the response.

        `apps` has the ids of keys. `deadline` is an instant of `clock`. RateLimited if no slot is
        free until then; DailyBudgetExceeded if an app has no requests left today. Then the request
        was not sent.
        """
        begun = clock.now()

        def send_counted(request: Request) -> Response:
            log_turn(request, clock.now() - begun)
            take_back = self._meter.count(request, apps)
            try:
                return transmit(request)
            except APIError as error:
                if error.outcome is not None and error.outcome.is_unsent:
                    take_back()
                raise

        limiter = self._limiter
        send = (
            send_counted
            if limiter is None
            else lambda request: self._send_shared(request, send_counted, limiter, deadline, clock)
        )
        seconds = None if deadline is None else deadline - clock.now()
        return self._throttle.run(send, request, seconds)

    def _send_shared(
        self,
        request: Request,
        send: Callable[[Request], Response],
        limiter: Limiter,
        deadline: float | None,
        clock: Clock,
    ) -> Response:
        slot = wait_for_slot(limiter, "requests", self._domain, deadline=deadline, clock=clock)
        if slot is None:
            text = (
                "The request was not sent: all requests that the limiter allows the programs at "
                "once were still running at the deadline. Run fewer programs, or give connect() a "
                "greater deadline= or the limiter more requests."
            )
            raise wire_error(RateLimited, text, request, Outcome.OUT_OF_TIME)
        try:
            return send(request)
        finally:
            give_back(limiter, "requests", self._domain, slot)


def _place_to_count(limits: Limits, otherwise: Counts) -> Counts:
    """Return the file or the limiter that counts, if there is one."""
    if limits.usage is None:
        limiter = limits.limiter
        return limiter if limiter is not None and _counts_too(limiter) else otherwise
    from kintone_orm.connection.limits.counts_file import CountsFile

    return CountsFile(limits.usage)
