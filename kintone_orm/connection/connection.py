"""A connection, and the registered connections."""

from __future__ import annotations

import os
import threading
import time
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, BinaryIO, ClassVar, TypeVar
from urllib.parse import urlsplit

from kintone_orm.connection.arguments import (
    check_alias,
    check_apps,
    check_deadline,
    check_keep_alive,
    check_max_answer,
    check_retry,
    find_zone,
)
from kintone_orm.connection.attempts import (
    Patience,
    Transmission,
    make_attempt,
    send_until_settled,
)
from kintone_orm.connection.configured_apps import ConfiguredApps
from kintone_orm.connection.judging import chunks_of, reading
from kintone_orm.connection.limits.cursor_slots import WaitForCursor
from kintone_orm.connection.limits.traffic import NO_LIMITS, Traffic
from kintone_orm.connection.model_names import ModelNames
from kintone_orm.connection.registry import DEFAULT, Registry
from kintone_orm.connection.time_limits import seconds_in_all, seconds_of_waits
from kintone_orm.connection.wrappers import Wrappers
from kintone_orm.deprecation import RenamedAttribute, renamed_arguments
from kintone_orm.exceptions import APIError, ImproperlyConfigured, TransportError
from kintone_orm.http.apps_named import apps_touched
from kintone_orm.http.clock import Clock
from kintone_orm.http.failures import wire_error
from kintone_orm.http.messages import Chunks, Request, Response, Upload
from kintone_orm.http.request_kinds import creates_cursor
from kintone_orm.http.request_log import send_and_log
from kintone_orm.http.sent_ahead import Once, SentAhead
from kintone_orm.limits import ANSWER_BYTES, IDLE_SECONDS
from kintone_orm.outcomes import Outcome
from kintone_orm.settings import PartialSettings, read_environment, resolve, timeouts
from kintone_orm.toml_text import toml_key

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Mapping
    from contextlib import AbstractContextManager

    from kintone_orm.connection.known_fields import KnownField, KnownPrecision
    from kintone_orm.connection.limits.cursor_slots import CursorSlots
    from kintone_orm.connection.limits.traffic import Limits
    from kintone_orm.connection.limits.usage import Usage
    from kintone_orm.connection.wrappers import Wrapper
    from kintone_orm.http.messages import RecordsReader
    from kintone_orm.http.network.transport import Adapter, Transport
    from kintone_orm.http.retry import Retry
    from kintone_orm.settings import Settings

__all__ = ["Connection", "Connections", "connections", "find_connection", "override"]

T = TypeVar("T")

_METHODS = frozenset({"GET", "POST", "PUT", "DELETE"})


class Connection:
    """A kintone domain or guest space, with credentials. Threads may share it.

    - `apps`: the ids of apps by the keys that models use as `Meta.app`. It may grow at any time.
    - `forms`: the known fields of each form, by app id and field code. None for a form that the
      user may not see.
    - `uniques`: by app id, the codes of fields that prohibit duplicates.
    - `short_texts`: by app id, the codes of fields that hold at most 64 characters.
    - `number_precisions`: by app id, the precision of numbers, if an app's settings were read.
    - `processes`: by app id, the known settings of process management.
    - `last_writes`: by app id as text, an object that is replaced at each write to the app.
    - `timezone`: the zone of datetimes; None for UTC.
    - `retry`: how often a failed request is sent again.
    - `deadline`: the seconds for one request with all its attempts, or None for the defaults.
    - `model_names`: the names of the models that use each app, for log lines.
    - `clock`: the clock that all waits use. A test may replace it.
    - `is_implicit`: True if the environment describes the connection, without `connect()`.

    The repr shows no secret. A pickle contains only the alias.
    """

    # An emulator must not get the ids of a real kintone.
    uses_configuration: ClassVar[bool] = True

    made_by_itself = RenamedAttribute[bool]("is_implicit")

    @renamed_arguments(said="settings")
    def __init__(
        self,
        settings: PartialSettings,
        *,
        alias: str = DEFAULT,
        apps: Mapping[str, int] | None = None,
        timezone: str | dt.tzinfo | None = None,
        timeout: float | tuple[float, float] | None = None,
        retry: Retry | bool = True,
        deadline: float | None = None,
        keep_alive: float = IDLE_SECONDS,
        adapter: Adapter | None = None,
        max_answer: int = ANSWER_BYTES,
        limits: Limits = NO_LIMITS,
    ) -> None:
        self.alias = check_alias(alias)
        self.apps = check_apps(apps or {})
        self._configured_apps = ConfiguredApps(is_used=self.uses_configuration and adapter is None)
        self.forms: dict[int, Mapping[str, KnownField] | None] = {}
        self.uniques: dict[int, frozenset[str]] = {}
        self.short_texts: dict[int, frozenset[str]] = {}
        self.number_precisions: dict[int, KnownPrecision] = {}
        self.processes: dict[int, dict[str, Any]] = {}
        self.last_writes: dict[str, object] = {}
        self.timezone = find_zone(timezone)
        self.model_names = ModelNames()
        self.is_implicit = False
        self._arguments = settings
        self.retry = check_retry(retry)
        self.clock = Clock()
        self._timeout = None if timeout is None else timeouts(timeout)
        self.deadline = check_deadline(deadline)
        self._keep_alive = check_keep_alive(keep_alive)
        self._adapter = adapter
        self._max_answer = check_max_answer(max_answer)
        self._limits = limits
        self._traffic: Traffic | None = None
        self._wrappers = Wrappers()
        self._settings: Settings | None = None
        self._transport: Transport | None = None
        self._lock = threading.RLock()

    @property
    def settings(self) -> Settings:
        """The complete settings, from the arguments of `connect()` and the environment."""
        # A process may be forked while another thread holds the lock, which then stays locked in
        # the new process. So it is not taken once the settings are known.
        if self._settings is not None:
            return self._settings
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
    def max_concurrency(self) -> int:
        """The number of requests that the connection sends at once, at most."""
        return self._limits.max_concurrency

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
        if (id_ := self.find_app(key)) is not None:
            return id_
        known = ", ".join(sorted(self.known_apps)) or "none"
        message = (
            f"Connection {self.alias!r} does not know the app {key!r} (known: {known}). "
            f"Use connect(..., apps={{{key!r}: <its id>}})"
        )
        if self._configured_apps.is_used:
            message += f", or write {toml_key(key)} = <its id> under [apps] in kintone.toml"
        message += "."
        if self.is_implicit:
            message += (
                " connect() was not called in this program. A test needs the fixture "
                "'kintone' or emulate()."
            )
        raise ImproperlyConfigured(message)

    def find_app(self, key: str) -> int | None:
        """Return the id of the app with this key; None if it is unknown.

        A key that `apps` does not name is looked up in `kintone_orm.configuration`.
        """
        id_ = self.apps.get(key)
        return self._configured_apps.get(key) if id_ is None else id_

    @property
    def known_apps(self) -> dict[str, int]:
        """The ids of all known apps by key: `apps`, and the configuration once it was read."""
        return {**self._configured_apps.known, **self.apps}

    def request(
        self,
        method: str,
        endpoint: str,
        params: Mapping[str, object] | None = None,
        *,
        app: int | str | None = None,
        check: Callable[[dict[str, Any]], APIError | None] = lambda _answer: None,
        records: RecordsReader | None = None,
        sent: SentAhead | None = None,
    ) -> dict[str, Any]:
        """Send a request and return the decoded answer, as the endpoint's document shows it.

        `app` is the app of a request whose parameters do not name it, such as a page of a cursor:
        the choice among more than nine API tokens, `usage()` and log lines need it. `check` returns
        the error of an answer that cannot be used, or None. The retries judge this error like any
        other. `records` reads the records of the answer; the answer then has its result in their
        place. `sent` is the first attempt, which `send_ahead` made with the same arguments.
        APIError if the answer is not a success.
        """
        request = self._request(method, endpoint, params, app)
        return self._send(request, reading(check, records), nothing_left={}, sent=sent)

    def send_ahead(
        self,
        method: str,
        endpoint: str,
        params: Mapping[str, object] | None = None,
        *,
        app: int | str | None = None,
        meanwhile: Callable[[], object] | None = None,
    ) -> SentAhead:
        """Make the first attempt of a request now; pass the result to `request()` later.

        No APIError is raised here; `request()` tries again, or raises it. `meanwhile` is called
        once, in this thread: while the answer is on its way, or as soon as it is here.
        """
        work = Once(meanwhile, self.clock)
        request = replace(self._request(method, endpoint, params, app), meanwhile=work)
        attempt = partial(self._attempt, request, self._deadline_of(request))
        sent = SentAhead(attempt, self.clock)
        sent.seconds -= work.seconds  # it is not the time of this request
        work()
        return sent

    def upload(
        self,
        endpoint: str,
        file: BinaryIO,
        *,
        name: str,
        content_type: str,
        app: int | str | None = None,
        check: Callable[[dict[str, Any]], APIError | None] = lambda _answer: None,
    ) -> dict[str, Any]:
        """Send a file from its current position and return the decoded answer.

        Each attempt sends the file from that position. ValueError for a file of more than 1 GB, or
        one that cannot be rewound. `app`, `check` and other errors are those of `request`.
        """
        model = self.model_names.of_request(endpoint, {}, app)
        upload = Upload(file, name, content_type)
        request = Request("POST", self.path(endpoint), app=app, upload=upload, model=model)
        return self._send(request, reading(check), nothing_left={})

    def download(
        self, endpoint: str, params: Mapping[str, object], *, app: int | str | None = None
    ) -> Chunks:
        """Return a file's content in pieces, which are received while you iterate.

        APIError if the answer is not a success. If the file breaks off, the loop raises it.
        """
        model = self.model_names.of_request(endpoint, params, app)
        request = Request(
            "GET", self.path(endpoint), dict(params), app=app, stream=True, model=model
        )
        return self._send(request, chunks_of, nothing_left=Chunks(iter(()), lambda: None))

    def wrap(self, wrapper: Wrapper) -> AbstractContextManager[None]:
        """Send every request inside the block through `wrapper`, in all threads.

        Each request calls ``wrapper(send, request)``. The wrapper returns ``send(request)`` or a
        response of its own, or raises an exception. The first wrapper is the outermost.
        """
        return self._wrappers.adding(wrapper)

    def usage(self) -> Usage:
        """Return the requests of this day, which begins at 09:00 in Japan, by app.

        They are the requests of this process to the domain. With a file (``connect(usage=...)``) or
        a limiter that counts, they are the requests of all programs that share it.
        """
        return self._open_traffic().usage()

    @property
    def current_retry(self) -> Retry:
        """The retries in this thread or task: those of `override()`, or else of `connect()`."""
        return connections.choice.retry or self.retry

    @property
    def current_deadline(self) -> float | None:
        """The deadline in this thread or task: that of `override()`, or else of `connect()`."""
        return connections.choice.deadline or self.deadline

    @property
    def cursor_slots(self) -> CursorSlots:
        """The right to create cursors, which readers wait for."""

        def seconds() -> float | None:
            request = Request("POST", self.path("records/cursor"))
            return seconds_in_all(request, self.current_deadline)

        return self._open_traffic().cursor_slots(self.clock, seconds)

    def close(self) -> None:
        """Close the network connections. The next request opens new ones."""
        with self._lock:
            transport = self._transport
        if transport is not None:
            transport.close()

    def _request(
        self,
        method: str,
        endpoint: str,
        params: Mapping[str, object] | None,
        app: int | str | None,
    ) -> Request:
        if method not in _METHODS:
            message = f"The method must be one of {', '.join(sorted(_METHODS))}, not {method!r}."
            raise ValueError(message)
        params = dict(params or {})
        model = self.model_names.of_request(endpoint, params, app)
        return Request(method, self.path(endpoint), params, app=app, model=model)

    def _send(
        self,
        request: Request,
        judge: Callable[[Request, Response], T],
        *,
        nothing_left: T,
        sent: SentAhead | None = None,
    ) -> T:
        """Send the request until it is settled. `judge` returns the result of a response."""
        deadline = self._deadline_of(request)
        if sent is not None and deadline is not None:
            deadline -= sent.seconds  # the time until the answer was needed does not count

        def attempt_once(request: Request) -> T | APIError:
            nonlocal sent
            ahead, sent = sent, None
            outcome = self._attempt(request, deadline) if ahead is None else ahead.take()
            if isinstance(outcome, APIError):
                return outcome
            try:
                return judge(request, outcome)
            except APIError as error:
                return error

        return send_until_settled(
            request,
            attempt_once,
            patience=Patience(self.current_retry, deadline),
            clock=self._clock_of(request),
            nothing_left=nothing_left,
        )

    def _deadline_of(self, request: Request) -> float | None:
        """Return the instant of the clock when the time of a request is over, if it begins now."""
        seconds = seconds_in_all(request, self.current_deadline)
        return None if seconds is None else self.clock.now() + seconds

    def _attempt(self, request: Request, deadline: float | None) -> Response | APIError:
        """Make one attempt. Return the response, or an error that the retry table judges."""
        transmission = Transmission(partial(self._transmit, deadline=deadline))
        send = partial(self._authenticate, transmit=transmission)
        return make_attempt(partial(self._wrappers.call, send), request, transmission)

    def _clock_of(self, request: Request) -> Clock:
        """Return the clock for the waits between the attempts to send a request."""
        if creates_cursor(request):
            return WaitForCursor(self.cursor_slots, self.clock)
        return self.clock

    def _authenticate(self, request: Request, transmit: Transmission) -> Response:
        """Send one attempt with the credentials; a second time if a refused token is renewed."""
        touched = apps_touched(request)
        for key, id_ in self.known_apps.items():
            if touched & {key, str(id_)}:
                touched |= {key, str(id_)}
        credentials = self.settings.credentials
        headers = credentials.headers(touched)
        try:
            response = transmit(request, headers)
            if response.status == 401 and credentials.renew(headers):
                # kintone did not carry out the request, so it may be sent again, whatever it does.
                response = transmit(request, credentials.headers(touched))
        finally:
            if request.method != "GET":
                self.last_writes.update(dict.fromkeys(touched, object()))
        return response

    def _transmit(
        self, request: Request, headers: Mapping[str, str], deadline: float | None
    ) -> Response:
        """Send the request within the limits. `deadline` is an instant of `clock`, or None."""
        return self._open_traffic().send(
            request,
            partial(self._put_on_wire, headers=headers, deadline=deadline),
            self.known_apps,
            deadline=deadline,
            clock=self.clock,
        )

    def _put_on_wire(
        self, request: Request, headers: Mapping[str, str], deadline: float | None
    ) -> Response:
        left = None if deadline is None else deadline - self.clock.now()
        if left is not None and left <= 0:
            text = "The deadline passed before the request was sent. Give it more time."
            raise wire_error(TransportError, text, request, Outcome.OUT_OF_TIME)
        send = partial(
            self._open_transport().send,
            credentials=headers,
            timeout=seconds_of_waits(request, self._timeout),
            deadline=None if left is None else time.monotonic() + left,
        )
        return send_and_log(send, request)

    def _open_traffic(self) -> Traffic:
        if self._traffic is None:
            with self._lock:
                if self._traffic is None:
                    host, _, emulation = self.place
                    domain = host if emulation is None else f"{host}#{emulation}"
                    is_emulated = emulation is not None
                    self._traffic = Traffic(self._limits, domain, is_emulated=is_emulated)
        return self._traffic

    def _open_transport(self) -> Transport:
        if self._transport is not None:  # without the lock: see `settings`
            return self._transport
        with self._lock:
            if self._transport is None:
                from kintone_orm.http.network.transport import Transport

                self._transport = Transport(
                    self.settings.base_url,
                    client_cert=self.settings.client_cert,
                    keep_alive=self._keep_alive,
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


class Connections(Registry):
    """The registered connections by alias. `resolve()` chooses the connection to use."""

    def _make_default(self) -> Connection:
        connection = Connection(PartialSettings())
        connection.is_implicit = True  # the environment describes it
        return connection


connections = Connections()
override = connections.override


def find_connection(alias: str) -> Connection:
    """Return the registered connection for the alias in a pickle."""
    return connections[alias]
