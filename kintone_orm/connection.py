"""Connections: how to reach one kintone, by name, and which one is meant.

`connect()` registers a connection under an alias; `connections` has them all; `override()` picks
another one for a while. Nothing is sent, and no environment variable read, before a request needs
it. Settings and their order: `kintone_orm.settings`.
"""

from __future__ import annotations

import os
import threading
from contextlib import contextmanager
from contextvars import ContextVar
from functools import partial
from typing import TYPE_CHECKING, Any, BinaryIO, NamedTuple
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from kintone_orm.exceptions import ImproperlyConfigured
from kintone_orm.http.auth import apps_touched
from kintone_orm.http.failures import failure, read_answer
from kintone_orm.http.messages import Chunks, Request, Response, Upload
from kintone_orm.limits import ANSWER_BYTES
from kintone_orm.settings import Given, given, require_one_way, resolve, timeouts

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterator, Mapping

    from kintone_orm.http.transport import Adapter, Transport
    from kintone_orm.settings import ApiToken, ClientCert, Settings

    Send = Callable[[Request], Response]
    Wrapper = Callable[[Send, Request], Response]

__all__ = ["Connection", "Connections", "connect", "connections", "override"]

DEFAULT = "default"
DEFAULT_TIMEOUT = (10.0, 60.0)
_METHODS = frozenset({"GET", "POST", "PUT", "DELETE"})


class KnownField(NamedTuple):
    """A field as the app's form has it: its type, and the subtable that it is in.

    `made` is why kintone ignores values for it, None if it does not; `copied_by` is the code of the
    lookup that fills it. `is_lookup` is True for the key of a lookup.
    """

    type: str
    table: str | None
    made: str | None
    copied_by: str | None = None
    is_lookup: bool = False


class Connection:
    """One kintone domain (or guest space), and who asks; safe to share between threads.

    `apps` maps the keys that models use as `Meta.app` to the ids of this domain's apps; it may
    grow while the connection is in use. `forms` has the fields of the apps whose form was looked
    at, by the app's id and the field's code: their type, their subtable, and whether kintone makes
    their values itself; None for a form that may not be seen. `uniques` has the codes of the fields
    that prohibit duplicates, by app, `short_texts` those of fields that hold at most 64 characters,
    and `processes` the settings of process management, by app, as far as they were asked for.
    `timezone` is the zone of datetimes, None for UTC. `made_by_itself` says that nobody called
    `connect()`: the environment describes it.

    The repr shows no secret, and a pickle holds the alias only.
    """

    def __init__(
        self,
        said: Given,
        *,
        alias: str = DEFAULT,
        apps: Mapping[str, int] | None = None,
        timezone: str | dt.tzinfo | None = None,
        timeout: float | tuple[float, float] = DEFAULT_TIMEOUT,
        adapter: Adapter | None = None,
        max_answer: int = ANSWER_BYTES,
    ) -> None:
        self.alias = alias
        self.apps = _apps(apps or {})
        self.forms: dict[int, Mapping[str, KnownField] | None] = {}
        self.uniques: dict[int, frozenset[str]] = {}
        self.short_texts: dict[int, frozenset[str]] = {}
        self.processes: dict[int, dict[str, Any]] = {}
        self.timezone = _zone(timezone)
        self._said = said
        self._timeout = timeouts(timeout)
        self._adapter = adapter
        self._max_answer = _max_answer(max_answer)
        self._wrappers: tuple[Wrapper, ...] = ()
        self._settings: Settings | None = None
        self._transport: Transport | None = None
        self._lock = threading.RLock()
        self.made_by_itself = False

    @property
    def settings(self) -> Settings:
        """Everything resolved, from what `connect()` was given and the environment."""
        with self._lock:
            if self._settings is None:
                try:
                    # What stands in for the network must not be shown the real one's secrets.
                    environ = os.environ if self._adapter is None else None
                    self._settings = resolve(self._said, environ)
                except ImproperlyConfigured as error:
                    message = f"Connection {self.alias!r}: {error}"
                    raise ImproperlyConfigured(message) from error
            return self._settings

    @property
    def base_url(self) -> str:
        """Such as ``https://example.cybozu.com``."""
        return self.settings.base_url

    @property
    def guest_space(self) -> int | None:
        """The id of the guest space that all requests go to, or None."""
        return self.settings.guest_space

    @property
    def place(self) -> tuple[str, int | None, str | None]:
        """Which kintone it leads to: the host, the guest space and, of an emulator, its own id.

        ``x.s.cybozu.com``, which takes client certificates, is ``x.cybozu.com``.
        """
        host = urlsplit(self.base_url).netloc.lower().replace(".s.", ".", 1)
        return host, self.guest_space, getattr(self._adapter, "emulation", None)

    def replaces(self, other: Connection) -> bool:
        """Whether it is `other`, or has its alias and its records, perhaps with a new token."""
        return self is other or (
            self.alias == other.alias
            and self._adapter is other._adapter
            and (self.base_url, self.guest_space) == (other.base_url, other.guest_space)
        )

    def path(self, endpoint: str) -> str:
        """``/k/v1/records.json`` for ``records``, with the guest space if there is one."""
        if endpoint.startswith("/") or endpoint.endswith(".json"):
            message = f'{endpoint!r}: an endpoint is the part in between, such as "records/cursor"'
            raise ValueError(message)
        space = self.guest_space
        return f"/k/v1/{endpoint}.json" if space is None else f"/k/guest/{space}/v1/{endpoint}.json"

    def app_id(self, key: int | str) -> int:
        """The id of an app: an int is itself, a key is looked up in `apps`."""
        if isinstance(key, int):
            return key
        try:
            return self.apps[key]
        except KeyError:
            known = ", ".join(sorted(self.apps)) or "none"
            message = (
                f"Connection {self.alias!r} does not know the app {key!r} (known: {known}): "
                f"connect(..., apps={{{key!r}: <its id>}})"
            )
            if self.made_by_itself:
                message += (
                    "; connect() has not been called in this program, and a test needs the fixture "
                    "`kintone`, or emulate()"
                )
            raise ImproperlyConfigured(message) from None

    def request(
        self,
        method: str,
        endpoint: str,
        params: Mapping[str, Any] | None = None,
        *,
        app: int | str | None = None,
    ) -> dict[str, Any]:
        """The answer, decoded, as the endpoint's document shows it.

        `app` matters only with more than nine API tokens, for an endpoint whose parameters do
        not name the app. Raises an APIError for an answer that is not a success.
        """
        if method not in _METHODS:
            message = f"{method!r} is not one of {', '.join(sorted(_METHODS))}"
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
        """The answer to a file, which is read while it is sent, from where it stands."""
        upload = Upload(file, name, content_type)
        request = Request("POST", self.path(endpoint), app=app, upload=upload)
        return read_answer(request, self._send(request))

    def download(
        self, endpoint: str, params: Mapping[str, Any], *, app: int | str | None = None
    ) -> Chunks:
        """A file's content, piece by piece, read from the network as it is consumed."""
        request = Request("GET", self.path(endpoint), dict(params), app=app, stream=True)
        response = self._send(request)
        if response.status != 200:
            raise failure(request, response)
        return response.chunks or Chunks(iter((response.body,)), lambda: None)

    @contextmanager
    def wrap(self, wrapper: Wrapper) -> Iterator[None]:
        """Meanwhile, every request of the connection, in all threads, goes through `wrapper`.

        It is called as ``wrapper(send, request)`` just before a request is sent, and returns
        ``send(request)``, or an answer of its own, or raises. The first one entered is outermost.
        """
        entered = partial(wrapper)  # its own object: the same wrapper may be entered twice
        with self._lock:
            self._wrappers = (*self._wrappers, entered)
        try:
            yield
        finally:
            with self._lock:
                self._wrappers = tuple(each for each in self._wrappers if each is not entered)

    def close(self) -> None:
        """The network connections are closed; a later request opens new ones."""
        with self._lock:
            transport = self._transport
        if transport is not None:
            transport.close()

    def _send(self, request: Request) -> Response:
        send: Send = self._transmit
        for wrapper in reversed(self._wrappers):
            send = partial(wrapper, send)
        return send(request)

    def _transmit(self, request: Request) -> Response:
        touched = apps_touched(request)
        for key, id_ in dict(self.apps).items():
            if touched & {key, str(id_)}:
                touched |= {key, str(id_)}
        return self._way().send(request, self.settings.credentials.headers(touched))

    def _way(self) -> Transport:
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
        where = self._settings or self._said
        return f"<Connection {self.alias!r}: {where.base_url or 'from the environment'}>"

    def __reduce__(self) -> tuple[Any, ...]:
        return (_registered, (self.alias,))

    def __copy__(self) -> Connection:
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> Connection:
        return self


def _max_answer(given: int) -> int:
    if isinstance(given, bool) or not isinstance(given, int) or given < 1:
        message = f"max_answer: it is a number of bytes, such as 256 * 1024**2, not {given!r:.80}"
        raise ImproperlyConfigured(message)
    return given


def _apps(given: Mapping[str, int]) -> dict[str, int]:
    try:
        return {str.__str__(key): int(id_) for key, id_ in given.items()}
    except (AttributeError, TypeError, ValueError):
        message = f"apps: it maps keys, which are text, to ids, which are numbers; not {given!r}"
        raise ImproperlyConfigured(message) from None


def _zone(name: str | dt.tzinfo | None) -> dt.tzinfo | None:
    if not isinstance(name, str):
        if hasattr(name, "localize"):  # pytz: its zones are wrong by minutes when just attached
            message = f"timezone: give the name {str(name)!r}, or a zoneinfo.ZoneInfo"
            raise ImproperlyConfigured(message)
        return name
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        message = f'timezone: no time zone is called {name!r}; they look like "Asia/Tokyo"'
        raise ImproperlyConfigured(message) from error


class Connections:
    """The registered connections by alias, and the answer to the question which one is meant."""

    def __init__(self) -> None:
        self._by_alias: dict[str, Connection] = {}
        self._lock = threading.RLock()
        self._override: ContextVar[Connection | None] = ContextVar("kintone_orm", default=None)
        self._everywhere: tuple[Connection, ...] = ()

    def add(self, connection: Connection) -> None:
        """Registers it under its alias; one that had the alias before is closed."""
        with self._lock:
            before = self._by_alias.get(connection.alias)
            self._by_alias[connection.alias] = connection
        if before is not None:
            before.close()

    def __getitem__(self, alias: str) -> Connection:
        with self._lock:
            if alias == DEFAULT and alias not in self._by_alias:
                self._by_alias[alias] = Connection(Given())
                self._by_alias[alias].made_by_itself = True
            try:
                return self._by_alias[alias]
            except KeyError:
                known = ", ".join(self._by_alias) or "none"
                message = (
                    f"No connection is called {alias!r} (known: {known}): "
                    f"connect(..., alias={alias!r}) makes it"
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
        """The network connections of all of them are closed; they stay registered."""
        for connection in tuple(self._by_alias.values()):
            connection.close()

    def resolve(
        self, using: Connection | str | None = None, *, default: str | None = None
    ) -> Connection:
        """The connection that is meant.

        The first that is there of: `using`, a connection or an alias; `override()`; `default`
        (a model's `Meta.using`); "default", which the environment describes if `connect()` did
        not. ImproperlyConfigured, listing the known ones, for an alias that is not there.
        """
        if isinstance(using, Connection):
            return using
        if using is not None:
            return self[using]
        here = self._override.get()
        if here is not None:
            return here
        return self._everywhere[-1] if self._everywhere else self[default or DEFAULT]

    @contextmanager
    def override(
        self, using: Connection | str, *, everywhere: bool = False
    ) -> Iterator[Connection]:
        """Meanwhile, here, `using` is meant unless a query says otherwise; it nests.

        Other threads and asynchronous tasks are not concerned, unless `everywhere` is said: then
        it is meant in those, too, that have no override of their own.
        """
        connection = self.resolve(using)
        token = self._override.set(connection)
        if everywhere:
            with self._lock:
                self._everywhere = (*self._everywhere, connection)
        try:
            yield connection
        finally:
            if everywhere:
                with self._lock:
                    # Other threads may have begun meanwhile, or ended: theirs stay.
                    left = list(self._everywhere)
                    left.reverse()
                    left.remove(connection)
                    self._everywhere = tuple(reversed(left))
            self._override.reset(token)


connections = Connections()
override = connections.override


def _registered(alias: str) -> Connection:
    return connections[alias]


def connect(
    base_url: str | None = None,
    *,
    api_token: ApiToken | None = None,
    username: str | None = None,
    password: str | None = None,
    basic_auth: tuple[str, str] | None = None,
    oauth_token: str | None = None,
    client_cert: ClientCert | None = None,
    guest_space: int | None = None,
    apps: Mapping[str, int] | None = None,
    timezone: str | dt.tzinfo | None = None,
    alias: str = DEFAULT,
    timeout: float | tuple[float, float] = DEFAULT_TIMEOUT,
    adapter: Adapter | None = None,
    max_answer: int = ANSWER_BYTES,
) -> Connection:
    """A new connection, registered under `alias`; nothing is sent yet.

    What is left out comes from the environment when the first request is made (the variables are
    listed in `kintone_orm.settings`). `api_token` is one token, several, or a mapping of apps
    (keys of `apps`, or ids) to tokens. `client_cert` is a PEM file, or (certificate, key).
    `timezone` is an IANA name or a tzinfo. `timeout` is in seconds, for connecting and for each
    wait while reading, or a pair of both. `adapter`, a requests adapter, stands in for the
    network; then nothing comes from the environment. `max_answer` is how many bytes an answer may
    have, unpacked: 256 MB, of which no answer of kintone's comes near; a longer one is given up on
    the way (TransportError), and a file may have any length. ImproperlyConfigured for what
    contradicts itself.
    """
    said = given(
        base_url=base_url,
        api_token=api_token,
        username=username,
        password=password,
        basic_auth=basic_auth,
        oauth_token=oauth_token,
        client_cert=client_cert,
        guest_space=guest_space,
    )
    require_one_way(said)
    connection = Connection(
        said,
        alias=alias,
        apps=apps,
        timezone=timezone,
        timeout=timeout,
        adapter=adapter,
        max_answer=max_answer,
    )
    connections.add(connection)
    return connection
