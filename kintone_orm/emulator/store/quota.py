"""How many requests each app has had today.

Source: kintone REST API overview, "Limits": the number of API requests of one app and day, the
requests that do not count, and when a day begins. kintone refuses nothing beyond its number, and
sends a mail; a refusal here is a fault that somebody ordered.
"""

from __future__ import annotations

import copy
import re
from collections import Counter
from datetime import date, datetime, timezone
from typing import TYPE_CHECKING, Any

from ..ground.errors import fault

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from ..ground.http import HTTPRequest

__all__ = ["Quota"]

_NUMBER = re.compile(r"\+?[0-9]{1,19}")

# What counts for no app, whatever it names.
_FREE = frozenset(
    (
        ("POST", "file"),
        ("GET", "file"),
        ("GET", "apps"),
        ("POST", "preview/app"),
    )
)


class Quota:
    """Counts the requests of a day, which begins at 00:00 UTC. Its owner holds a lock."""

    def __init__(self) -> None:
        self._day = date.min
        self._used: Counter[int] = Counter()

    def copy(self) -> Quota:
        """A quota that has counted the same, and counts on its own."""
        return copy.deepcopy(self)

    def used(self, app: int, now: datetime) -> int:
        """How many requests an app has had today."""
        self._begin_day(now)
        return self._used[app]

    def forget(self) -> None:
        """Count this day's requests from none again."""
        self._used.clear()

    def spend(
        self,
        request: HTTPRequest,
        sent: Mapping[str, Any],
        *,
        now: datetime,
        app_of_cursor: Callable[[str], int | None],
        limit: int | None,
    ) -> None:
        """Count a request for each app that it names; an error when one has had its `limit`.

        A bulk request counts as many times as the requests that it holds. `sent` may be any JSON
        object: what makes no sense in it counts for nothing, and is refused later.
        """
        self._begin_day(now)
        spending: dict[int, int] = {}
        for named in _apps(request.asked_method, request.endpoint, sent, app_of_cursor):
            if _NUMBER.fullmatch(str(named)):
                spending[int(named)] = spending.get(int(named), 0) + 1
        for app, count in spending.items():
            if limit is not None and self._used[app] + count > limit:
                raise fault("EMULATOR_QUOTA", app=app, limit=limit)
        for app, count in spending.items():
            self._used[app] += count

    def _begin_day(self, now: datetime) -> None:
        today = now.astimezone(timezone.utc).date()
        if today != self._day:
            self._day = today
            self._used.clear()


def _apps(
    method: str,
    endpoint: str | None,
    sent: Mapping[str, Any],
    app_of_cursor: Callable[[str], int | None],
) -> Iterator[Any]:
    """What stands where apps are named; in a request that was not checked, that may be anything.

    An app is there once for each request that it is named in, so more than once in a bulk request.
    """
    if (method, endpoint) in _FREE:
        return
    if endpoint == "records/cursor" and method != "POST":
        yield app_of_cursor(str(sent.get("id")))
    elif endpoint == "app":
        yield sent.get("id")
    elif endpoint == "bulkRequest":
        for request in _objects(sent.get("requests")):
            for payload in _objects([request.get("payload")]):
                yield payload.get("app")
    elif endpoint == "preview/app/deploy" and method == "POST":
        yield from {str(each.get("app")) for each in _objects(sent.get("apps"))}
    elif endpoint == "preview/app/deploy":
        yield from {str(each) for each in _items(sent.get("apps"))}
    else:
        yield sent.get("app")


def _items(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _objects(value: Any) -> list[dict[str, Any]]:
    return [each for each in _items(value) if isinstance(each, dict)]
