"""Faults: errors that the emulator makes on request, to test how a program reacts.

::

    emulator.faults.add(Fault.SERVICE_UNAVAILABLE, method="GET", endpoint="records", times=2)

The next two requests that read records get an HTML page with the status 503.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace
from enum import Enum
from typing import TYPE_CHECKING

from ..ground.delivery import Delivery
from .router import ENDPOINTS

if TYPE_CHECKING:
    from ..ground.http import HTTPRequest

__all__ = ["Fault", "FaultRule", "Faults"]

_METHODS = frozenset(("GET", "POST", "PUT", "DELETE"))


class Fault(str, Enum):
    """The kinds of faults.

    With one of the first four faults, the request is carried out, but its answer is delayed, cut or
    lost. With any other fault, the request is not carried out.
    """

    LATENCY = "latency"
    """The answer comes `seconds` late. A client with a shorter timeout gives up."""
    SLOW_BODY = "slow_body"
    """The body of the answer arrives slowly, in `seconds`."""
    TRUNCATED_BODY = "truncated_body"
    """The connection ends in the middle of the body."""
    LOST_ANSWER = "lost_answer"
    """The connection ends before the first byte of the answer."""

    LOST_REQUEST = "lost_request"
    """The connection ends before the request is read."""
    SERVICE_UNAVAILABLE = "service_unavailable"
    """503 with an HTML page, as during maintenance."""
    TOO_MANY_REQUESTS = "too_many_requests"
    """The status 429 and GAIA_TO04, as if a hundred other requests were running."""
    DATABASE_LOCKED = "database_locked"
    """GAIA_DA02, as if another request were writing to the same app."""

    IN_MAINTENANCE = "in_maintenance"
    """403 and GAIA_NO02, as from an app in maintenance mode. Waiting helps, more rights do not."""
    DAILY_QUOTA = "daily_quota"
    """429 and EMULATOR_QUOTA, after an app has had `after` requests in a day.

    kintone has no such error: beyond the quota, it only sends a mail. The day ends at 00:00 UTC.
    The fault applies every day until the faults are cleared.
    """

    EXPIRED_CURSOR = "expired_cursor"
    """The cursor has expired (GAIA_CN01). This fault applies only to reading a cursor."""


_CURSOR_READ = ("GET", "records/cursor")
_DAY = 86_400  # A day has this many seconds.
_TAKING_TIME = frozenset((Fault.LATENCY, Fault.SLOW_BODY))


@dataclass(frozen=True, slots=True)
class FaultRule:
    """A fault, and the requests that it applies to.

    The fault applies to requests with this `method` and this `endpoint`, which is the path below
    /k/v1/ without ".json". None means any method or endpoint. The first `after` requests pass, and
    the next `times` requests have the fault (all later requests if `times` is None).

    `seconds` is for LATENCY and SLOW_BODY only, and at most a day. For DAILY_QUOTA, `after` is the
    number of requests that each app may get in a day, and `times` is ignored.

    Raises ValueError if there is no such method or endpoint, or if a number is invalid.
    """

    fault: Fault
    method: str | None = None
    endpoint: str | None = None
    times: int | None = 1
    after: int = 0
    seconds: float = 0

    def __post_init__(self) -> None:
        if self.fault is Fault.EXPIRED_CURSOR and (
            (self.method or "GET", self.endpoint or "records/cursor") != _CURSOR_READ
        ):
            raise ValueError(
                "EXPIRED_CURSOR applies only to GET of 'records/cursor'. "
                "Leave out the method and the endpoint."
            )
        if self.method not in (None, *_METHODS):
            methods = ", ".join(sorted(_METHODS))
            raise ValueError(f"There is no method {self.method!r}. Use one of {methods}.")
        if self.endpoint is not None and f"{self.endpoint}.json" not in ENDPOINTS:
            endpoints = ", ".join(sorted(name.removesuffix(".json") for name in ENDPOINTS))
            raise ValueError(f"There is no endpoint {self.endpoint!r}. Use one of {endpoints}.")
        if self.times is not None and self.times < 1:
            raise ValueError("'times' must be a positive number, or None for every request.")
        if self.after < 0:
            raise ValueError(
                "'after' must not be negative: it counts the requests that pass first."
            )
        if not 0 <= self.seconds <= _DAY:  # Some systems cannot sleep longer.
            raise ValueError("'seconds' must be a number from 0 to 86,400, which is a day.")
        if bool(self.seconds) != (self.fault in _TAKING_TIME):
            raise ValueError(
                "'seconds' is required for LATENCY and SLOW_BODY. Other faults cannot have "
                "'seconds'."
            )

    def concerns(self, request: HTTPRequest) -> bool:
        """Return True if the fault applies to this method and endpoint."""
        method, endpoint = request.asked_method, request.endpoint
        if self.fault is Fault.EXPIRED_CURSOR and (method, endpoint) != _CURSOR_READ:
            return False
        return self.method in (None, method) and self.endpoint in (None, endpoint)

    @property
    def delivery(self) -> Delivery:
        """The delivery of an answer with this fault."""
        return Delivery(
            delay=self.seconds if self.fault is Fault.LATENCY else 0,
            lost=self.fault in (Fault.LOST_ANSWER, Fault.LOST_REQUEST),
            cut=self.fault is Fault.TRUNCATED_BODY,
            seconds=self.seconds if self.fault is Fault.SLOW_BODY else 0,
        )


class Faults:
    """The pending faults. Thread-safe."""

    def __init__(self) -> None:
        self._rules: list[FaultRule] = []
        self._lock = threading.Lock()

    @property
    def pending(self) -> tuple[FaultRule, ...]:
        """The pending faults. Their `times` and `after` count only the requests that remain."""
        with self._lock:
            return tuple(self._rules)

    def add(
        self,
        fault: Fault,
        *,
        method: str | None = None,
        endpoint: str | None = None,
        times: int | None = 1,
        after: int = 0,
        seconds: float = 0,
    ) -> None:
        """Add a fault; the arguments are those of FaultRule.

        If several faults apply to a request, the request gets the fault that was added first.
        """
        rule = FaultRule(fault, method, endpoint, times, after, seconds)
        with self._lock:
            self._rules.append(rule)

    def daily_quota(self, request: HTTPRequest) -> int | None:
        """Return the daily quota that applies to this request, or None."""
        with self._lock:
            limits = [
                rule.after
                for rule in self._rules
                if rule.fault is Fault.DAILY_QUOTA and rule.concerns(request)
            ]
        return min(limits, default=None)

    def clear(self) -> None:
        """Delete all faults."""
        with self._lock:
            self._rules.clear()

    def take(self, request: HTTPRequest) -> FaultRule | None:
        """Return the fault that this request gets, or None, and count it in `after` and `times`."""
        if not self._rules:
            return None
        with self._lock:
            for at, rule in enumerate(self._rules):
                if rule.fault is Fault.DAILY_QUOTA or not rule.concerns(request):
                    continue
                if rule.after:
                    self._rules[at] = replace(rule, after=rule.after - 1)
                    continue
                if rule.times == 1:
                    del self._rules[at]
                elif rule.times is not None:
                    self._rules[at] = replace(rule, times=rule.times - 1)
                return rule
        return None
