"""A connection, and the registry of connections.

The two classes are in one module, because they need each other: unpickling a connection looks up
its alias in the registry, and the registry creates the default connection.
"""

from __future__ import annotations

import os
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, BinaryIO
from urllib.parse import urlsplit

from kintone_orm.connection.arguments import check_apps, check_max_answer, find_zone
from kintone_orm.connection.overrides import Overrides
from kintone_orm.connection.wrappers import Wrappers
from kintone_orm.deprecation import RenamedAttribute, renamed_arguments
from kintone_orm.exceptions import ImproperlyConfigured
from kintone_orm.http.auth import apps_touched
from kintone_orm.http.failures import failure, read_answer
from kintone_orm.http.messages import Chunks, Request, Response, Upload
from kintone_orm.limits import ANSWER_BYTES
from kintone_orm.settings import PartialSettings, read_environment, resolve, timeouts

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Mapping
    from contextlib import AbstractContextManager

    from kintone_orm.connection.known_fields import KnownField
    from kintone_orm.connection.wrappers import Wrapper
    from kintone_orm.http.transport import Adapter, Transport
    from kintone_orm.settings import Settings

__all__ = ["Connection", "Connections", "connections", "find_connection", "override"]

DEFAULT = "default"
DEFAULT_TIMEOUT = (10.0, 60.0)
_METHODS = frozenset({"GET", "POST", "PUT", "DELETE"})


class Connection:
    """A kintone domain or guest space, with credentials. Threads may share it.

    - `apps`: the ids of apps by the keys that models use as `Meta.app`. It may grow at any time.
    - `forms`: the known fields of each form, by app id and field code. None for a form that the
      user may not see.
    - `uniques`: by app id, the codes of fields that prohibit duplicates.
    - `short_texts`: by app id, the codes of fields that hold at most 64 characters.
    - `processes`: by app id, the known settings of process management.
    - `timezone`: the zone of datetimes; None for UTC.
    - `is_implicit`: True if the environment describes the connection, without `connect()`.

    The repr shows no secret. A pickle contains only the alias.
    """

    made_by_itself = RenamedAttribute[bool]("is_implicit")

    @renamed_arguments(said="settings")
    def __init__(
        self,
        settings: PartialSettings,
        *,
        alias: str = DEFAULT,
        apps: Mapping[str, int] | None = None,
        timezone: str | dt.tzinfo | None = None,
        timeout: float | tuple[float, float] = DEFAULT_TIMEOUT,
        adapter: Adapter | None = None,
        max_answer: int = ANSWER_BYTES,
    ) -> None:
        self.alias = alias
        self.apps = check_apps(apps or {})
        self.forms: dict[int, Mapping[str, KnownField] | None] = {}
        self.uniques: dict[int, frozenset[str]] = {}
        self.short_texts: dict[int, frozenset[str]] = {}
        self.processes: dict[int, dict[str, Any]] = {}
        self.timezone = find_zone(timezone)
        self.is_implicit = False
        self._arguments = settings
        self._timeout = timeouts(timeout)
        self._adapter = adapter
        self._max_answer = check_max_answer(max_answer)
        self._wrappers = Wrappers()
        self._settings: Settings | None = None
        self._transport: Transport | None = None
        self._lock = threading.RLock()

    @property
    def settings(self) -> Settings:
        """The complete settings, from the arguments of `connect()` and the environment."""
        with self._lock:
            if self._settings is None:
                try:
                    # An adapter replaces the network: it must not get a real kintone's secrets.
                    environ = read_environment(os.environ) if self._adapter is None else None
                    self._settings = resolve(self._arguments, environ)
                except ImproperlyConfigured as error:
                    message = f"Connection {self.alias!r}: {error}"
                    raise ImproperlyConfigured(message) from error
            return self._settings

    @property
    def base_url(self) -> str:
        """The address of the domain, such as ``https://example.cybozu.com``."""
        return self.settings.base_url

    @property
    def guest_space(self) -> int | None:
        """The id of the guest space that all requests go to, or None."""
        return self.settings.guest_space

    @property
    def by_oauth(self) -> bool:
        """True if kintone authenticates by an OAuth token.

        kintone documents neither cursors nor bulkRequest for OAuth, so models then use neither.
        """
        return self.settings.credentials.by_oauth

    @property
    def place(self) -> tuple[str, int | None, str | None]:
        """The identity of the kintone that answers: host, guest space and id of an emulator.

        ``x.s.cybozu.com``, the host for client certificates, is the same kintone as
        ``x.cybozu.com``.
        """
        host = urlsplit(self.base_url).netloc.lower().replace(".s.", ".", 1)
        return host, self.guest_space, getattr(self._adapter, "emulation", None)

    def replaces(self, other: Connection) -> bool:
        """Return True if `other` has the same alias and kintone; credentials may differ."""
        return self is other or (
            self.alias == other.alias
            and self._adapter is other._adapter
            and (self.base_url, self.guest_space) == (other.base_url, other.guest_space)
        )

    def path(self, endpoint: str) -> str:
        """Return the path of an endpoint: ``/k/v1/records.json`` for ``records``."""
        if endpoint.startswith("/") or endpoint.endswith(".json"):
            message = f"{endpoint!r} is a path. Give the endpoint, such as 'records/cursor'."
            raise ValueError(message)
        space = self.guest_space
        return f"/k/v1/{endpoint}.json" if space is None else f"/k/guest/{space}/v1/{endpoint}.json"

    def app_id(self, key: int | str) -> int:
        """Return the id of the app with this key. An id is returned as it is."""
        if isinstance(key, int):
            return key
        try:
            return self.apps[key]
        except KeyError:
            known = ", ".join(sorted(self.apps)) or "none"
            message = (
                f"Connection {self.alias!r} does not know the app {key!r} (known: {known}). "
                f"Use connect(..., apps={{{key!r}: <its id>}})."
            )
            if self.is_implicit:
                message += (
                    " connect() was not called in this program. A test needs the fixture "
                    "'kintone' or emulate()."
                )
            raise ImproperlyConfigured(message) from None

    def request(
        self,
        method: str,
        endpoint: str,
        params: Mapping[str, object] | None = None,
        *,
        app: int | str | None = None,
    ) -> dict[str, Any]:
        """Send a request and return the decoded answer, as the endpoint's document shows it.

        `app` is needed only if the connection has more than nine API tokens, and the parameters do
        not name the app. APIError if the answer is not a success.
        """
        if method not in _METHODS:
            message = f"The method must be one of {', '.join(sorted(_METHODS))}, not {method!r}."
            raise ValueError(message)
        request = Request(method, self.path(endpoint), dict(params or {}), app=app)
        return read_answer(request, self._send(request))

    def upload(
        self,
        endpoint: str,
        file: BinaryIO,
        *,
        name: str,
        content_type: str,
        app: int | str | None = None,
    ) -> dict[str, Any]:
        """Send a file from its current position and return the decoded answer."""
        upload = Upload(file, name, content_type)
        request = Request("POST", self.path(endpoint), app=app, upload=upload)
        return read_answer(request, self._send(request))

    def download(
        self, endpoint: str, params: Mapping[str, object], *, app: int | str | None = None
    ) -> Chunks:
        """Return a file's content in pieces, which are received while you iterate."""
        request = Request("GET", self.path(endpoint), dict(params), app=app, stream=True)
        response = self._send(request)
        if response.status != 200:
            raise failure(request, response)
        return response.chunks or Chunks(iter((response.body,)), lambda: None)

    def wrap(self, wrapper: Wrapper) -> AbstractContextManager[None]:
        """Send every request inside the block through `wrapper`, in all threads.

        Each request calls ``wrapper(send, request)``. The wrapper returns ``send(request)`` or a
        response of its own, or raises an exception. The first wrapper is the outermost.
        """
        return self._wrappers.adding(wrapper)

    def close(self) -> None:
        """Close the network connections. The next request opens new ones."""
        with self._lock:
            transport = self._transport
        if transport is not None:
            transport.close()

    def _send(self, request: Request) -> Response:
        return self._wrappers.call(self._transmit, request)

    def _transmit(self, request: Request) -> Response:
        touched = apps_touched(request)
        for key, id_ in dict(self.apps).items():
            if touched & {key, str(id_)}:
                touched |= {key, str(id_)}
        headers = self.settings.credentials.headers(touched)
        return self._open_transport().send(request, headers)

    def _open_transport(self) -> Transport:
        with self._lock:
            if self._transport is None:
                from kintone_orm.http.transport import Transport

                self._transport = Transport(
                    self.settings.base_url,
                    timeout=self._timeout,
                    client_cert=self.settings.client_cert,
                    adapter=self._adapter,
                    max_answer=self._max_answer,
                )
            return self._transport

    def __repr__(self) -> str:
        base_url = (self._settings or self._arguments).base_url
        return f"<Connection {self.alias!r}: {base_url or 'from the environment'}>"

    def __reduce__(self) -> tuple[object, ...]:
        return (find_connection, (self.alias,))

    def __copy__(self) -> Connection:
        return self

    def __deepcopy__(self, memo: dict[int, object]) -> Connection:
        return self


class Connections:
    """The registered connections by alias. `resolve()` chooses the connection to use."""

    def __init__(self) -> None:
        self._by_alias: dict[str, Connection] = {}
        self._lock = threading.RLock()
        self._overrides = Overrides()

    def add(self, connection: Connection) -> None:
        """Register the connection under its alias. Close the connection that it replaces."""
        with self._lock:
            replaced = self._by_alias.get(connection.alias)
            self._by_alias[connection.alias] = connection
        if replaced is not None:
            replaced.close()

    def __getitem__(self, alias: str) -> Connection:
        with self._lock:
            if alias == DEFAULT and alias not in self._by_alias:
                self._by_alias[alias] = Connection(PartialSettings())
                self._by_alias[alias].is_implicit = True
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
        if isinstance(using, Connection):
            return using
        if using is not None:
            return self[using]
        return self._overrides.current or self[default or DEFAULT]

    @contextmanager
    def override(
        self, using: Connection | str, *, everywhere: bool = False
    ) -> Iterator[Connection]:
        """Use this connection inside the block, unless a query names another one. Blocks can nest.

        By default, the connection is used in the current thread or asynchronous task. With
        `everywhere`, the connection is used in all threads and tasks that have no override of their
        own.
        """
        connection = self.resolve(using)
        with self._overrides.selecting(connection, everywhere=everywhere):
            yield connection


connections = Connections()
override = connections.override


def find_connection(alias: str) -> Connection:
    """Return the registered connection for the alias in a pickle."""
    return connections[alias]
