"""The connections that `override()` selects, in one thread or in all threads."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kintone_orm.connection.connection import Connection

__all__ = ["Overrides"]


class Overrides:
    """Nested overrides. Each is for one thread or asynchronous task, or for all of them."""

    def __init__(self) -> None:
        self._here: ContextVar[Connection | None] = ContextVar("kintone_orm", default=None)
        self._everywhere: tuple[Connection, ...] = ()
        self._lock = threading.Lock()

    @property
    def current(self) -> Connection | None:
        """The connection of the innermost override in this thread or task.

        Without one, the connection of the last override for all threads; None if there is none.
        """
        here = self._here.get()
        if here is not None:
            return here
        return self._everywhere[-1] if self._everywhere else None

    @contextmanager
    def selecting(self, connection: Connection, *, everywhere: bool) -> Iterator[None]:
        """Select the connection inside the block."""
        token = self._here.set(connection)
        if everywhere:
            with self._lock:
                self._everywhere = (*self._everywhere, connection)
        try:
            yield
        finally:
            if everywhere:
                self._remove_last(connection)
            self._here.reset(token)

    def _remove_last(self, connection: Connection) -> None:
        """Remove the last override with this connection. Other threads may have added others."""
        with self._lock:
            remaining = list(reversed(self._everywhere))
            remaining.remove(connection)
            self._everywhere = tuple(reversed(remaining))
