"""The registered connections, and the choice of the one to use."""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod
from contextlib import contextmanager
from typing import TYPE_CHECKING

from kintone_orm.connection.arguments import check_deadline, check_retry
from kintone_orm.connection.overrides import Choice, Overrides
from kintone_orm.exceptions import ImproperlyConfigured

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kintone_orm.connection.connection import Connection
    from kintone_orm.http.retry import Retry

__all__ = ["DEFAULT", "Registry"]

DEFAULT = "default"


class Registry(ABC):
    """Connections by alias, and the choice of the one to use. Threads may share it.

    A subclass makes the default connection, because this module must not import `Connection`, which
    asks the registry for its retries.
    """

    def __init__(self) -> None:
        self._by_alias: dict[str, Connection] = {}
        self._lock = threading.RLock()
        self._overrides = Overrides()

    @abstractmethod
    def _make_default(self) -> Connection:
        """Return the connection "default" for a program that registers none."""

    def add(self, connection: Connection) -> None:
        """Register the connection under its alias. Close the connection that it replaces."""
        with self._lock:
            replaced = self._by_alias.get(connection.alias)
            self._by_alias[connection.alias] = connection
        if replaced is not None:
            replaced.close()

    def __getitem__(self, alias: str) -> Connection:
        if (connection := self._by_alias.get(alias)) is not None:
            return connection  # without the lock: see `Connection.settings`
        with self._lock:
            if alias == DEFAULT and alias not in self._by_alias:
                self._by_alias[alias] = self._make_default()
            try:
                return self._by_alias[alias]
            except KeyError:
                known = ", ".join(self._by_alias) or "none"
                message = (
                    f"No connection is called {alias!r} (known: {known}). "
                    f"Create it with connect(..., alias={alias!r})."
                )
                raise ImproperlyConfigured(message) from None

    def __delitem__(self, alias: str) -> None:
        with self._lock:
            connection = self[alias]
            del self._by_alias[alias]
        connection.close()

    def __contains__(self, alias: object) -> bool:
        return alias in self._by_alias

    def __iter__(self) -> Iterator[str]:
        return iter(tuple(self._by_alias))

    def close(self) -> None:
        """Close the network connections of all registered connections. They stay registered."""
        for connection in tuple(self._by_alias.values()):
            connection.close()

    def resolve(
        self, using: Connection | str | None = None, *, default: str | None = None
    ) -> Connection:
        """Return the connection to use: the first in this list that exists.

        1. `using`, a connection or an alias.
        2. The connection of `override()`.
        3. `default`, a model's `Meta.using`.
        4. "default", which the environment describes if `connect()` was not called.

        ImproperlyConfigured for an unknown alias; the message lists the known ones.
        """
        if isinstance(using, str):
            return self[using]
        if using is not None:
            return using
        return self.choice.connection or self[default or DEFAULT]

    @property
    def choice(self) -> Choice:
        """The choice of `override()` in this thread or task."""
        return self._overrides.current

    @contextmanager
    def override(
        self,
        using: Connection | str | None = None,
        *,
        everywhere: bool = False,
        retry: Retry | bool | None = None,
        deadline: float | None = None,
    ) -> Iterator[Connection]:
        """Use this connection, these retries or this deadline inside the block. Blocks can nest.

        A query that names a connection keeps it. `retry` and `deadline` are those of `connect()`;
        they apply to the requests of all connections. What is left out does not change.

        By default, the choice is made for the current thread or asynchronous task. With
        `everywhere`, it is made for all threads and tasks that have no override of their own.
        """
        connection = None if using is None else self.resolve(using)
        choice = Choice(
            connection,
            None if retry is None else check_retry(retry),
            check_deadline(deadline),
        )
        with self._overrides.choosing(choice, everywhere=everywhere):
            yield self.resolve()
