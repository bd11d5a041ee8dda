"""The choices that `override()` makes, in one thread or in all threads."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kintone_orm.connection.connection import Connection
    from kintone_orm.http.retry import Retry

__all__ = ["Choice", "Overrides"]


class Choice(NamedTuple):
    """The choices of nested overrides. None leaves the choice to an outer one."""

    connection: Connection | None = None
    retry: Retry | None = None
    deadline: float | None = None

    def within(self, outer: Choice) -> Choice:
        """Return this choice, completed by an outer one."""
        return Choice(
            self.connection or outer.connection,
            self.retry or outer.retry,
            outer.deadline if self.deadline is None else self.deadline,
        )


_NONE = Choice()


class Overrides:
    """Nested overrides. Each is for one thread or asynchronous task, or for all of them."""

    def __init__(self) -> None:
        self._here: ContextVar[Choice] = ContextVar("kintone_orm", default=_NONE)
        self._everywhere: tuple[Choice, ...] = ()
        self._lock = threading.Lock()

    @property
    def current(self) -> Choice:
        """The choice in this thread or task, completed by those for all threads, latest first."""
        choice = self._here.get()
        for outer in reversed(self._everywhere):
            choice = choice.within(outer)
        return choice

    @contextmanager
    def choosing(self, choice: Choice, *, everywhere: bool) -> Iterator[None]:
        """Make the choice inside the block."""
        token = self._here.set(choice.within(self._here.get()))
        if everywhere:
            with self._lock:
                self._everywhere = (*self._everywhere, choice)
        try:
            yield
        finally:
            if everywhere:
                self._remove_last(choice)
            self._here.reset(token)

    def _remove_last(self, choice: Choice) -> None:
        """Remove the last override with this choice. Other threads may have added others."""
        with self._lock:
            remaining = list(reversed(self._everywhere))
            remaining.remove(choice)
            self._everywhere = tuple(reversed(remaining))
