"""What was asked and answered lately: for the log, and for the page that people look at."""

from __future__ import annotations

import logging
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

if TYPE_CHECKING:
    from datetime import datetime

__all__ = ["Exchange", "Journal"]

_log = logging.getLogger(__name__)

_KEPT = 50


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request and how it ended; nothing of what it carried.

    `path` is percent-encoded. `status` is None where the connection was ended without an answer.
    """

    at: datetime
    method: str
    path: str
    status: int | None
    milliseconds: float

    def __str__(self) -> str:
        return (
            f"method={self.method} path={self.path} "
            f"status={self.status or 'none'} ms={self.milliseconds:.1f}"
        )


class Journal:
    """The latest exchanges. Each is logged as a line, at the level INFO, when it is noted."""

    def __init__(self) -> None:
        self._exchanges: deque[Exchange] = deque(maxlen=_KEPT)

    def note(
        self, *, at: datetime, method: str, path: str, status: int | None, milliseconds: float
    ) -> None:
        """Keep an exchange, and log it. Safe to call from many threads."""
        exchange = Exchange(at, quote(method), quote(path), status, milliseconds)
        self._exchanges.append(exchange)
        _log.info("%s", exchange)

    def latest(self) -> list[Exchange]:
        """At most fifty exchanges, the newest first."""
        return list(self._exchanges)[::-1]
