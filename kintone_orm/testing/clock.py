"""Time in an emulated kintone: stopped, and moved by hand."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from kintone_orm.connection import connections
from kintone_orm.testing.emulation import EmulatedConnection

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime, timedelta

    from kintone_orm.connection import Connection

__all__ = ["FrozenClock", "freeze"]


class FrozenClock:
    """A clock that stands at `now`, an aware datetime, until it is moved."""

    def __init__(self, now: datetime) -> None:
        self.move_to(now)

    def __call__(self) -> datetime:
        """The time that it shows."""
        return self.now

    def tick(self, delta: timedelta) -> None:
        """Go on by `delta`, or back by a negative one."""
        self.move_to(self.now + delta)

    def move_to(self, now: datetime) -> None:
        """Go to an instant; ValueError for a naive one, which means another in each time zone."""
        if now.tzinfo is None:
            raise ValueError(f"{now!r} has no time zone: add one, such as tzinfo=timezone.utc.")
        self.now = now


@contextmanager
def freeze(now: datetime, *, using: Connection | str | None = None) -> Iterator[FrozenClock]:
    """The clock of an emulated kintone, which stands still in the block until it is moved.

    It decides what created and updated times are, what TODAY() and NOW() mean in a query, and
    when a cursor expires. The rest of the process has its own time. `now` is aware. Without
    `using` it is the kintone that is meant here; TypeError if that is not an emulated one.
    """
    connection = connections.resolve(using)
    if not isinstance(connection, EmulatedConnection):
        raise TypeError(
            f"freeze() stops the clock of an emulated kintone, and {connection!r} is none: use it "
            "in a test with the kintone fixture, or inside emulate()."
        )
    clock = FrozenClock(now)
    before, connection.emulator.clock = connection.emulator.clock, clock
    try:
        yield clock
    finally:
        connection.emulator.clock = before
