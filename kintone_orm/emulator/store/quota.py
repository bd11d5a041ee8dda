"""Counting the requests of each app and day.

Source: kintone REST API overview, "Limits": the number of requests of one app in a day, the
requests that do not count, and the beginning of a day. Beyond the limit kintone sends a mail, but
refuses no request. This module refuses a request only for a `Fault` that a test added.
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

# The requests that kintone does not count for any app.
_FREE = frozenset(
    (
        ("POST", "file"),
        ("GET", "file"),
        ("GET", "apps"),
        ("POST", "preview/app"),
    )
)


class Quota:
    """The number of requests of each app in a day, which begins at 00:00 UTC.

    Not thread-safe: the owner holds a lock.
    """

    def __init__(self) -> None:
        self._day = date.min
        self._used: Counter[int] = Counter()

    def copy(self) -> Quota:
        """Return an independent copy."""
        return copy.deepcopy(self)

    def used(self, app: int, now: datetime) -> int:
        """Return the number of an app's requests today."""
        self._begin_day(now)
        return self._used[app]

    def reset(self) -> None:
        """Set the count of today's requests to zero."""
        self._used.clear()

    def spend(
        self,
        request: HTTPRequest,
        sent: Mapping[str, object],
        *,
        now: datetime,
        app_of_cursor: Callable[[str], int | None],
        limit: int | None,
    ) -> None:
        """Count a request for each app in its parameters. Raises EMULATOR_QUOTA beyond `limit`.

        A bulk request counts once for each request in it. The parameters, `sent`, are not checked
        yet. Invalid apps in them do not count, because the request is refused later.
        """
        self._begin_day(now)
        spending: dict[int, int] = {}
        for app_id in _apps(request.asked_method, request.endpoint, sent, app_of_cursor):
            if _NUMBER.fullmatch(str(app_id)):
                spending[int(app_id)] = spending.get(int(app_id), 0) + 1
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
    sent: Mapping[str, object],
    app_of_cursor: Callable[[str], int | None],
) -> Iterator[Any]:
    """Iterate over the app ids in a request. No id is checked yet: it may be any JSON value.

    In a bulk request, an app occurs once for each request that names it.
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
        yield from {str(app.get("app")) for app in _objects(sent.get("apps"))}
    elif endpoint == "preview/app/deploy":
        yield from {str(app) for app in _items(sent.get("apps"))}
    else:
        yield sent.get("app")


def _items(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _objects(value: object) -> list[dict[str, Any]]:
    return [item for item in _items(value) if isinstance(item, dict)]
