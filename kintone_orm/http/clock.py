"""The clock of a connection: everything that waits asks it."""

from __future__ import annotations

import time

__all__ = ["Clock"]


class Clock:
    """The computer's clock. A test replaces it, so that waits take no time."""

    def now(self) -> float:
        """Return the seconds since a fixed moment. The computer's date does not change them."""
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        """Wait for this time, without sending a request."""
        time.sleep(seconds)
