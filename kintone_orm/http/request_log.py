"""The log of requests, by the logger `kintone_orm`.

A line has the method and the path of a request, its model, and how it ended. It has no header, no
query, no value and no text of kintone's.
"""

from __future__ import annotations

import logging
import time
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

from kintone_orm.exceptions import APIError
from kintone_orm.http.apps_named import apps_touched

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from kintone_orm.http.messages import Request, Response

__all__ = [
    "Tally",
    "log_cursor",
    "log_fields",
    "log_retry",
    "log_turn",
    "logger",
    "reason_of",
    "send_and_log",
]

logger = logging.getLogger("kintone_orm")

_LONG_TURN = 1.0  # seconds; a shorter wait is part of every busy program


class Tally:
    """The number of requests that were sent inside its `counting()` blocks, by any threads."""

    def __init__(self) -> None:
        self._sent: list[None] = []  # no lock: appending to a list is one step

    @property
    def requests(self) -> int:
        """The number of requests."""
        return len(self._sent)

    def add(self) -> None:
        """Count a request."""
        self._sent.append(None)

    @contextmanager
    def counting(self) -> Iterator[None]:
        """Count the requests of this thread or task in the block, unless a block inside does."""
        token = _tally.set(self)
        try:
            yield
        finally:
            _tally.reset(token)


_tally: ContextVar[Tally | None] = ContextVar("_tally", default=None)


def log_fields(request: Request) -> dict[str, Any]:
    """Return the attributes of a log record that identify the request."""
    return {
        "kintone_method": request.method,
        "kintone_path": request.path,
        "kintone_model": request.model,
        "kintone_app": ",".join(sorted(apps_touched(request), key=lambda app: (len(app), app))),
        "kintone_attempt": request.attempt,
    }


def send_and_log(send: Callable[[Request], Response], request: Request) -> Response:
    """Send one attempt by `send`, count it, and write its line if the level is DEBUG."""
    if (tally := _tally.get()) is not None:
        tally.add()
    if not logger.isEnabledFor(logging.DEBUG):
        return send(request)
    started = time.perf_counter()
    status, reason = 0, ""
    try:
        response = send(request)
        status = response.status
    except APIError as error:
        status, reason = error.status, reason_of(error)
        raise
    finally:
        _log_attempt(request, status, time.perf_counter() - started, reason)
    return response


def log_retry(request: Request, error: APIError, wait: float) -> None:
    """Write the line of an attempt that failed, and after which another one begins."""
    reason = reason_of(error)
    logger.warning(
        "%s: attempt %d failed, because %s. The next one begins in %.2f s.",
        _in_words(request),
        request.attempt,
        reason,
        wait,
        extra={**log_fields(request), "kintone_reason": reason, "kintone_wait": wait},
    )


def log_turn(
    request: Request,
    seconds: float,
    *,
    reason: str = "the connection or its limiter sends no more requests at once",
) -> None:
    """Write the line of a request that waited for more than a second before it was sent."""
    if seconds <= _LONG_TURN:
        return
    logger.warning(
        "%s: waited %.1f s for its turn, because %s.",
        _in_words(request),
        seconds,
        reason,
        extra={**log_fields(request), "kintone_reason": reason, "kintone_wait": seconds},
    )


def _in_words(request: Request) -> str:
    model = f" ({request.model})" if request.model else ""
    return f"{request.method} {request.path}{model}"


def log_cursor(level: int, text: str, request: Request, reason: str, wait: float = 0.0) -> None:
    """Write a line about a cursor: `text`, and the reason. `wait` are seconds."""
    extra = {**log_fields(request), "kintone_reason": reason, "kintone_wait": wait}
    model = f" ({request.model})" if request.model else ""
    logger.log(level, "%s%s, because %s.", text, model, reason, extra=extra)


def reason_of(error: APIError) -> str:
    """Return how the attempt ended. It is not the error's text, which may have a value."""
    return "" if error.outcome is None else error.outcome.value


def _log_attempt(request: Request, status: int, seconds: float, reason: str) -> None:
    logger.debug(
        "%s %s %s in %.3f s (%sattempt %d%s)",
        request.method,
        request.path,
        status or "no answer",
        seconds,
        f"{request.model}, " if request.model else "",
        request.attempt,
        f"; {reason}" if reason else "",
        extra={
            **log_fields(request),
            "kintone_status": status,
            "kintone_seconds": seconds,
            "kintone_reason": reason,
        },
    )
