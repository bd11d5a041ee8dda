"""The requests and seconds that the demonstration takes."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from kintone_orm.http.messages import Request, Response

__all__ = ["Costs"]


class Costs:
    """A wrapper of a connection that counts requests and the seconds until their answers."""

    def __init__(self) -> None:
        self._requests = 0
        self._waited = 0.0
        self._started = self._lap_started = time.perf_counter()
        self._lap_requests = 0

    def __call__(self, send: Callable[[Request], Response], request: Request) -> Response:
        """Send the request and count it."""
        self._requests += 1
        sent = time.perf_counter()
        try:
            return send(request)
        finally:
            self._waited += time.perf_counter() - sent

    def lap(self) -> str:
        """Return the cost since the last lap, such as "18 requests, 3.2 seconds"."""
        now = time.perf_counter()
        requests = self._requests - self._lap_requests
        seconds = now - self._lap_started
        self._lap_requests, self._lap_started = self._requests, now
        return f"{requests} request{'s' * (requests != 1)}, {seconds:.1f} seconds"

    def total(self) -> str:
        """Return the total cost, and the seconds of it that kintone took."""
        seconds = time.perf_counter() - self._started
        return (
            f"{self._requests} requests, {seconds:.1f} seconds; "
            f"kintone took {self._waited:.1f} of them"
        )
