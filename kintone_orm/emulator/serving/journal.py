"""What was asked and answered lately: for the log, and for the pages that people look at."""

from __future__ import annotations

import logging
from collections import deque
from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING
from urllib.parse import quote

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from .recording import Kept

__all__ = ["Exchange", "Journal"]

_log = logging.getLogger(__name__)

_KEPT = 50


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request and how it ended.

    `path` is percent-encoded. `status` is None where the connection was ended without an answer.
    What it carried is in `query_string`, `request` and `answer`, as far as it is kept, and stays
    out of the log and of the repr; `number` counts the exchanges from 1, `fault` is the one that
    was ordered, and `writes` are the records that were written, as (app, record).
    """

    at: datetime
    method: str
    path: str
    status: int | None
    milliseconds: float
    number: int = 0
    query_string: str = field(default="", repr=False)
    request: Kept | None = field(default=None, repr=False)
    answer: Kept | None = field(default=None, repr=False)
    fault: str | None = None
    writes: Collection[tuple[int, int]] = field(default=(), repr=False)

    def __str__(self) -> str:
        return (
            f"method={self.method} path={self.path} "
            f"status={self.status or 'none'} ms={self.milliseconds:.1f}"
        )


class Journal:
    """The latest exchanges. Each is logged as a line, at the level INFO, when it is noted."""

    def __init__(self) -> None:
        self._exchanges: deque[Exchange] = deque(maxlen=_KEPT)
        self._numbers = count(1)

    def note(
        self,
        *,
        at: datetime,
        method: str,
        path: str,
        status: int | None,
        milliseconds: float,
        query_string: str = "",
        request: Kept | None = None,
        answer: Kept | None = None,
        fault: str | None = None,
        writes: Collection[tuple[int, int]] = (),
    ) -> None:
        """Keep an exchange, and log it. Safe to call from many threads."""
        exchange = Exchange(
            at=at,
            method=quote(method),
            path=quote(path, safe="/:"),
            status=status,
            milliseconds=milliseconds,
            number=next(self._numbers),
            query_string=query_string,
            request=request,
            answer=answer,
            fault=fault,
            writes=writes,
        )
        self._exchanges.append(exchange)
        _log.info("%s", exchange)

    def latest(self) -> list[Exchange]:
        """At most fifty exchanges, the newest first."""
        return list(self._exchanges)[::-1]

    def exchange(self, number: int) -> Exchange | None:
        """The exchange with this number, if it is still one of the latest."""
        return next((each for each in self.latest() if each.number == number), None)

    def writes_of(self, app: int, record: int) -> list[Exchange]:
        """Those of the latest exchanges that wrote this record, the newest first."""
        return [each for each in self.latest() if (app, record) in each.writes]
