"""One request and its answer, as the network connection that carries them sees them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from time import monotonic
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Exchange"]


@dataclass(slots=True)
class Exchange:
    """A request that is being sent, and its answer.

    `deadline` is an instant of time.monotonic(), or None. `is_begun` is False from the moment that
    a connection of ours is chosen until the first byte of the request is sent; opening the
    connection and a proxy's CONNECT do not count. Without a connection of ours it stays True: a
    SOCKS proxy's connections, and libraries that replace parts of requests, do not tell when they
    send. `has_extra_bytes` becomes True if the server sent more than the answer. `meanwhile` is
    called after the request was sent, before its answer is read. Its time does not count.
    """

    deadline: float | None = None
    is_begun: bool = True
    has_extra_bytes: bool = False
    meanwhile: Callable[[], None] | None = None

    def work_meanwhile(self) -> None:
        """Call `meanwhile`, and move the deadline by the time that this takes."""
        if self.meanwhile is None:
            return
        begun = monotonic()
        self.meanwhile()
        if self.deadline is not None:
            self.deadline += monotonic() - begun

    def seconds_left(self) -> float:
        """Return the seconds until the deadline, infinity without one.

        TimeoutError from the deadline on.
        """
        if self.deadline is None:
            return math.inf
        seconds = self.deadline - monotonic()
        if seconds <= 0:
            raise TimeoutError("The deadline of the request has passed.")
        return seconds
