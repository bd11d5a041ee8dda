"""The time-outs and the deadline of a request.

A time-out limits each wait for the network. A deadline limits one request with all its attempts and
waits. kintone takes up to five minutes to create a cursor, and a full bulkRequest took 48 seconds
in the median of a measurement, so both have longer limits. Source: "kintone REST API: Add Cursor".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kintone_orm.http.messages import Request

__all__ = ["seconds_in_all", "seconds_of_waits"]

_SLOW = ("/records/cursor.json", "/bulkRequest.json")
_CONNECT = 10.0
_READ, _SLOW_READ = 60.0, 300.0
_DEADLINE, _SLOW_DEADLINE = 120.0, 600.0


def seconds_of_waits(request: Request, timeout: tuple[float, float] | None) -> tuple[float, float]:
    """Return the seconds for connecting, and for each wait for the answer.

    `timeout` is the argument of `connect()`; None chooses by the kind of the request.
    """
    if timeout is not None:
        return timeout
    return _CONNECT, _SLOW_READ if _is_slow(request) else _READ


def seconds_in_all(request: Request, deadline: float | None) -> float | None:
    """Return the seconds for the request with all its attempts; None for any number of seconds.

    `deadline` is the argument of `connect()` or `override()`. Without it, uploads and downloads
    have no limit, because files have up to 1 GB.
    """
    if deadline is not None:
        return deadline
    if request.path.endswith("/file.json"):
        return None
    return _SLOW_DEADLINE if _is_slow(request) else _DEADLINE


def _is_slow(request: Request) -> bool:
    # This runs before each request, so it does not look at the records that the request contains.
    return request.method == "POST" and request.path.endswith(_SLOW)
