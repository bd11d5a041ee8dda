"""Counting a connection's requests by app and kintone's day, and keeping a daily budget.

kintone's day begins at 09:00 in Japan, which is 00:00 UTC. In the Standard course, an app has
10,000 requests a day. kintone refuses none beyond them, but informs the administrator. Source:
"kintone REST API Overview" (limits).
"""

from __future__ import annotations

import datetime as dt
import logging
import math
from dataclasses import dataclass, field
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from kintone_orm.argument_checks import require_count
from kintone_orm.exceptions import DailyBudgetExceeded, ImproperlyConfigured
from kintone_orm.http.apps_named import apps_named, endpoint_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from kintone_orm.connection.limits.counts import Counts
    from kintone_orm.http.messages import Request

__all__ = ["DailyBudget", "Meter", "Usage", "apps_counted"]

_logger = logging.getLogger("kintone_orm")

UNKNOWN_APP = 0

# The endpoints that kintone does not count, by the first word of the endpoint. A bulkRequest is not
# here, because the requests inside it count.
_FREE = frozenset(
    {"apis", "apps", "file", "guests", "plugin", "plugins", "space", "spaces", "template"}
)


@dataclass(frozen=True, slots=True)
class DailyBudget:
    """The requests that each app may get on one day of kintone's.

    When a share of them (`warn_at`) is used, a warning is logged once. When all are used, requests
    to the app raise DailyBudgetExceeded until the day ends. ImproperlyConfigured if `requests` is
    not a whole number above 0, or if `warn_at` is not above 0 and at most 1.
    """

    requests: int
    warn_at: float = 0.8

    def __post_init__(self) -> None:
        require_count(self.requests, "daily_budget: 'requests'", example="10_000")
        share = self.warn_at
        is_number = isinstance(share, (int, float)) and not isinstance(share, bool)
        if not is_number or not 0 < share <= 1:
            message = (
                f"daily_budget: 'warn_at' must be a share above 0 and at most 1, not {share!r:.80}."
            )
            raise ImproperlyConfigured(message)


@dataclass(frozen=True, slots=True)
class Usage:
    """The requests of one day.

    - `day`: kintone's day. It begins at 09:00 in Japan, and is the date in UTC.
    - `by_app`: the requests by the app's id. Each request inside a bulkRequest counts for its app;
      files, spaces and the bulkRequest itself do not count. 0 stands for requests that name no app,
      such as cursors that were read below the models.
    - `budget`: the requests that each app may get a day; None without a budget.
    """

    day: dt.date
    by_app: Mapping[int, int] = field(default_factory=dict)
    budget: int | None = None

    @property
    def total(self) -> int:
        """The requests to all apps."""
        return sum(self.by_app.values())

    @property
    def ends(self) -> dt.datetime:
        """The end of the day, in UTC: 09:00 in Japan."""
        return _end(self.day)

    def left(self, app: int) -> int | None:
        """Return how many requests the app may still get today; None without a budget."""
        return None if self.budget is None else max(0, self.budget - self.by_app.get(app, 0))

    def __reduce__(self) -> tuple[object, ...]:
        # A read-only mapping has no pickle.
        return (Usage, (self.day, dict(self.by_app), self.budget))


def _end(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), dt.timezone.utc)


def _today() -> dt.date:
    return dt.datetime.now(dt.timezone.utc).date()


def apps_counted(request: Request, apps: Mapping[str, int]) -> dict[int, int]:
    """Return how many requests kintone counts for each app. `apps` has the ids of keys."""
    endpoint = endpoint_of(request.path)
    if not _is_counted(request.method, endpoint):
        return {}
    counts: dict[int, int] = {}
    for app in apps_named(endpoint, request.params, request.app):
        id_ = _app_id(app, apps)
        counts[id_] = counts.get(id_, 0) + 1
    return counts


@lru_cache(maxsize=256)
def _is_counted(method: str, endpoint: str) -> bool:
    if (method, endpoint) == ("POST", "preview/app"):
        return False
    words = endpoint.split("/")
    return words[0] not in _FREE and words[-1] != "plugins"


def _app_id(app: object, apps: Mapping[str, int]) -> int:
    if isinstance(app, int):
        return app
    if not isinstance(app, str):
        return UNKNOWN_APP
    id_ = apps.get(app)
    if id_ is None:
        return int(app) if app.isascii() and app.isdigit() else UNKNOWN_APP
    return id_


class Meter:
    """The counter of one connection's requests, which keeps the budget. Threads may share it."""

    def __init__(
        self,
        counts: Counts,
        domain: str,
        budget: DailyBudget | None = None,
        *,
        today: Callable[[], dt.date] = _today,
    ) -> None:
        self._counts = counts
        self._domain = domain
        self._budget = budget
        self._today = today
        self._warned: set[tuple[dt.date, int]] = set()

    def count(self, request: Request, apps: Mapping[str, int]) -> Callable[[], None]:
        """Count the request; call the result to take it back if it was not sent.

        DailyBudgetExceeded if an app has no requests left; then no request is counted. Closing a
        cursor is always possible, because an open one keeps others from reading.
        """
        requests = apps_counted(request, apps)
        if not requests:
            return _nothing
        day, budget = self._today(), self._budget
        closes = request.method == "DELETE" and request.path.endswith("/records/cursor.json")
        most = None if budget is None or closes else budget.requests
        totals = self._counts.add(self._domain, day, requests, most=most)
        if budget is not None:
            self._compare(totals, requests, day, budget, most)
        return lambda: self._take_back(day, requests)

    def usage(self) -> Usage:
        """Return the requests of this day."""
        day = self._today()
        counts = {app: n for app, n in self._counts.totals(self._domain, day).items() if n}
        most = None if self._budget is None else self._budget.requests
        return Usage(day, MappingProxyType(dict(sorted(counts.items()))), most)

    def _take_back(self, day: dt.date, requests: Mapping[int, int]) -> None:
        self._counts.add(self._domain, day, {app: -number for app, number in requests.items()})

    def _compare(
        self,
        totals: Mapping[int, int],
        requests: Mapping[int, int],
        day: dt.date,
        budget: DailyBudget,
        most: int | None,
    ) -> None:
        """Raise DailyBudgetExceeded if a total exceeds `most`; warn once if a share is used."""
        for app, total in totals.items():
            if most is not None and total > most:
                raise _exceeded(app, total - requests[app], requests[app], most, _end(day))
        threshold = math.ceil(budget.requests * budget.warn_at)
        for app, total in totals.items():
            if total >= threshold and (day, app) not in self._warned:
                self._warned.add((day, app))
                _logger.warning(
                    "App %d got %s of its %s requests of today. The day ends at %s.",
                    app,
                    f"{total:,}",
                    f"{budget.requests:,}",
                    _in_words(_end(day)),
                )


def _nothing() -> None:
    pass


def _in_words(end: dt.datetime) -> str:
    return f"{end:%Y-%m-%d %H:%M} UTC (09:00 in Japan)"


def _exceeded(app: int, used: int, number: int, most: int, end: dt.datetime) -> DailyBudgetExceeded:
    needed = "" if number == 1 else f" This bulkRequest has {number:,} for it."
    return DailyBudgetExceeded(
        f"App {app} got {used:,} of its {most:,} requests of today, so the request was not sent."
        f"{needed} The day ends at {_in_words(end)}. Go on then, or raise daily_budget in "
        "connect().",
        app=app,
        used=used,
        budget=most,
        ends=end,
    )
