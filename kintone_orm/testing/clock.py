"""The time of an emulated kintone: stop it, and move it by hand."""

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
    """A clock that shows `now`, an aware datetime, until you move it."""

    def __init__(self, now: datetime) -> None:
        self.move_to(now)

    def __call__(self) -> datetime:
        """Return the current time of the clock."""
        return self.now

    def tick(self, delta: timedelta) -> None:
        """Move the clock by `delta`, which may be negative."""
        self.move_to(self.now + delta)

    def move_to(self, now: datetime) -> None:
        """Set the clock. ValueError for a naive datetime, which depends on a time zone."""
        if now.tzinfo is None:
            raise ValueError(f"{now!r} has no time zone. Add one, such as tzinfo=timezone.utc.")
        self.now = now


@contextmanager
def freeze(now: datetime, *, using: Connection | str | None = None) -> Iterator[FrozenClock]:
    """Stop the clock of an emulated kintone inside the block.

    The clock sets created and updated times, the meaning of TODAY() and NOW() in a query, and the
    expiry of cursors. The rest of the process keeps its own time. `now` is an aware datetime.
    `using` names the connection; by default it is the current one. TypeError if the connection is
    not emulated.
    """
    connection = connections.resolve(using)
    if not isinstance(connection, EmulatedConnection):
        raise TypeError(
            f"freeze() needs an emulated kintone, but {connection!r} is not emulated. Use it in a "
            "test with the fixture 'kintone', or inside emulate()."
        )
    clock = FrozenClock(now)
    before, connection.emulator.clock = connection.emulator.clock, clock
    try:
        yield clock
    finally:
        connection.emulator.clock = before
