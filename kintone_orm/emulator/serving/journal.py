"""The latest requests and answers, for the log and for the emulator's pages."""

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

    from .recording import Recording

__all__ = ["LOGGER", "Exchange", "Journal"]

# Programs may use this logger by its name, so the name must not change.
LOGGER = "kintone_orm.emulator.journal"
_log = logging.getLogger(LOGGER)

_LATEST = 50


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request and its answer.

    `path` is percent-encoded. `status` is None if the connection ended without an answer. The log
    and the repr do not show `query_string`, `request` and `answer`, which hold the sent data.
    `number` counts the exchanges from 1, `fault` is the fault that applied, and `writes` are the
    records that the request wrote, as (app, record).
    """

    at: datetime
    method: str
    path: str
    status: int | None
    milliseconds: float
    number: int = 0
    query_string: str = field(default="", repr=False)
    request: Recording | None = field(default=None, repr=False)
    answer: Recording | None = field(default=None, repr=False)
    fault: str | None = None
    writes: Collection[tuple[int, int]] = field(default=(), repr=False)

    def __str__(self) -> str:
        return (
            f"method={self.method} path={self.path} "
            f"status={self.status or 'none'} ms={self.milliseconds:.1f}"
        )


class Journal:
    """The latest exchanges. Each exchange is logged as one line at the level INFO."""

    def __init__(self) -> None:
        self._exchanges: deque[Exchange] = deque(maxlen=_LATEST)
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
        request: Recording | None = None,
        answer: Recording | None = None,
        fault: str | None = None,
        writes: Collection[tuple[int, int]] = (),
    ) -> None:
        """Add an exchange to the journal, and log it. Thread-safe."""
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
        """Return the latest exchanges, at most fifty, the newest first."""
        return list(self._exchanges)[::-1]

    def exchange(self, number: int) -> Exchange | None:
        """Return the exchange with this number, or None if the journal no longer has it."""
        matches = (exchange for exchange in self.latest() if exchange.number == number)
        return next(matches, None)

    def writes_of(self, app: int, record: int) -> list[Exchange]:
        """Return the latest exchanges that wrote this record, the newest first."""
        return [exchange for exchange in self.latest() if (app, record) in exchange.writes]
