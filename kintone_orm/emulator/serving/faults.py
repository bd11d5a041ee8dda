"""What can go wrong on purpose: faults that are asked for, and which requests they happen to.

::

    emulator.faults.add(Fault.SERVICE_UNAVAILABLE, method="GET", endpoint="records", times=2)

The next two requests that read records are answered by a page of HTML with the status 503.
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
    """What happens to a request instead of what should.

    These are carried out, but the answer has an accident:
    """

    LATENCY = "latency"
    """It comes `seconds` late: a client that does not wait so long has a time-out."""
    SLOW_BODY = "slow_body"
    """Its body drips, for `seconds` in all."""
    TRUNCATED_BODY = "truncated_body"
    """The connection ends in the middle of its body."""
    LOST_ANSWER = "lost_answer"
    """The connection ends before its first byte."""

    # These are not carried out:

    LOST_REQUEST = "lost_request"
    """The connection ends, before the request was read."""
    SERVICE_UNAVAILABLE = "service_unavailable"
    """503 with a page of HTML, as in a maintenance."""
    TOO_MANY_REQUESTS = "too_many_requests"
    """429 and GAIA_TO04, as if a hundred other requests were running."""
    DATABASE_LOCKED = "database_locked"
    """GAIA_DA02, as when others write the same."""

    IN_MAINTENANCE = "in_maintenance"
    """403 and GAIA_NO02, as from an app in maintenance mode: to wait helps, rights do not."""
    DAILY_QUOTA = "daily_quota"
    """429 and EMULATOR_QUOTA, once an app has had `after` requests of a day.

    kintone itself refuses nothing beyond the quota, and has no such code: it sends a mail. The day
    ends at 00:00 UTC, and this goes on until the faults are cleared.
    """

    EXPIRED_CURSOR = "expired_cursor"
    """The cursor that is to be read has expired (GAIA_CN01). Only reading a cursor has it."""


_CURSOR_READ = ("GET", "records/cursor")
_DAY = 86_400  # seconds
_TAKING_TIME = frozenset((Fault.LATENCY, Fault.SLOW_BODY))


@dataclass(frozen=True, slots=True)
class FaultRule:
    """A fault, and the requests that it happens to.

    They have this `method` and this `endpoint`, the path below /k/v1/ without ".json"; None is any.
    The first `after` of them pass, the next `times` have the fault; None is all. `seconds` is for
    LATENCY and SLOW_BODY, a day at most, and for no other. Of DAILY_QUOTA, `after` is how many each
    app has a day, and `times` does not matter.

    ValueError when there is no such request, or the numbers make no sense.
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
            raise ValueError('EXPIRED_CURSOR happens only to "GET" of "records/cursor"')
        if self.method not in (None, *_METHODS):
            raise ValueError(f"there is no method {self.method!r}: {sorted(_METHODS)} exist")
        if self.endpoint is not None and f"{self.endpoint}.json" not in ENDPOINTS:
            known = sorted(name.removesuffix(".json") for name in ENDPOINTS)
            raise ValueError(f"there is no endpoint {self.endpoint!r}: {', '.join(known)} exist")
        if self.times is not None and self.times < 1:
            raise ValueError("times is a positive number, or None for every request")
        if self.after < 0:
            raise ValueError("after is how many requests pass first: not a negative number")
        if not 0 <= self.seconds <= _DAY:  # a longer sleep may be none that the system knows
            raise ValueError("seconds is a number from 0 to 86,400, which is a day")
        if bool(self.seconds) != (self.fault in _TAKING_TIME):
            raise ValueError("LATENCY and SLOW_BODY take a number of seconds; no other fault does")

    def concerns(self, request: HTTPRequest) -> bool:
        """Whether the request is one of those that this is for."""
        method, endpoint = request.asked_method, request.endpoint
        if self.fault is Fault.EXPIRED_CURSOR and (method, endpoint) != _CURSOR_READ:
            return False
        return self.method in (None, method) and self.endpoint in (None, endpoint)

    @property
    def delivery(self) -> Delivery:
        """How an answer travels to which this happens."""
        return Delivery(
            delay=self.seconds if self.fault is Fault.LATENCY else 0,
            lost=self.fault in (Fault.LOST_ANSWER, Fault.LOST_REQUEST),
            cut=self.fault is Fault.TRUNCATED_BODY,
            seconds=self.seconds if self.fault is Fault.SLOW_BODY else 0,
        )


class Faults:
    """The faults that are to come. Safe to use from many threads."""

    def __init__(self) -> None:
        self._rules: list[FaultRule] = []
        self._lock = threading.Lock()

    @property
    def pending(self) -> tuple[FaultRule, ...]:
        """What is still to happen, with how many times are left; empty when all is over."""
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
        """Let this happen, as FaultRule says. A request has the first fault that is due for it."""
        rule = FaultRule(fault, method, endpoint, times, after, seconds)
        with self._lock:
            self._rules.append(rule)

    def daily_quota(self, request: HTTPRequest) -> int | None:
        """How many requests an app may have in a day, as far as this one is concerned."""
        with self._lock:
            limits = [
                rule.after
                for rule in self._rules
                if rule.fault is Fault.DAILY_QUOTA and rule.concerns(request)
            ]
        return min(limits, default=None)

    def clear(self) -> None:
        """Let nothing happen any more."""
        with self._lock:
            self._rules.clear()

    def take(self, request: HTTPRequest) -> FaultRule | None:
        """What happens to this request, which counts for the rules that concern it."""
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
