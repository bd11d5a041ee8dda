"""A clock for connections whose waits take no time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kintone_orm.http.clock import Clock

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["SkippingClock"]


class SkippingClock(Clock):
    """A clock that jumps over every wait. At the end of each, `waiting` is called."""

    def __init__(self, waiting: Callable[[], None] = lambda: None) -> None:
        self.skipped = 0.0
        self._waiting = waiting

    def now(self) -> float:
        return super().now() + self.skipped

    def sleep(self, seconds: float) -> None:
        self.skipped += seconds
        self._waiting()
