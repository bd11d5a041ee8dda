"""Sending a request over the network and receiving its response. No other module does so."""

from __future__ import annotations

import os
import threading
import time
import weakref
from http.cookiejar import DefaultCookiePolicy
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import requests
from requests.adapters import BaseAdapter as Adapter

from kintone_orm.exceptions import TransportError
from kintone_orm.http.encoding import encode
from kintone_orm.http.failures import wire_error
from kintone_orm.http.messages import Chunks, Response
from kintone_orm.http.network.pool import NetworkAdapter
from kintone_orm.http.network.transport_errors import translating_errors
from kintone_orm.limits import ANSWER_BYTES, IDLE_SECONDS
from kintone_orm.outcomes import Outcome
from kintone_orm.version import __version__

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from kintone_orm.http.messages import Request

__all__ = ["Adapter", "Transport"]

_CHUNK = 256 * 1024
# The number of compressed bytes to read at once. It is small, because they may unpack to a thousand
# times as many.
_UNPACKED = 32 * 1024


class Transport:
    """A sender of requests to one kintone. Threads may share it; each thread has its own session.

    `timeout` is (seconds to connect, seconds without a byte while reading), unless a request has
    its own. `max_answer` is the largest size of an unpacked answer in bytes; a download may be
    larger. A network connection that was idle for more than `keep_alive` seconds is not used again;
    0 uses each connection once. `adapter`, if given, serves `base_url` instead of the network.
    Redirects are not followed, because they would take the credentials along. Cookies are not kept,
    because requests must not depend on each other.
    """

    def __init__(
        self,
        base_url: str,
        *,
        timeout: tuple[float, float] = (10.0, 60.0),
        client_cert: str | tuple[str, str] | None = None,
        adapter: Adapter | None = None,
        max_answer: int = ANSWER_BYTES,
        keep_alive: float = IDLE_SECONDS,
    ) -> None:
        self.base_url = base_url
        self._host = urlsplit(base_url).netloc
        self._timeout = timeout
        # A pair of files, even of the same: urllib3 then refuses a key that has a password.
        # Otherwise OpenSSL would ask for it on the terminal, and no deadline would end that.
        self._client_cert = (
            (client_cert, client_cert) if isinstance(client_cert, str) else client_cert
        )
        self.adapter = adapter
        self._max_answer = max_answer
        self._keep_alive = keep_alive
        self._local = threading.local()
        self._sessions: weakref.WeakSet[requests.Session] = weakref.WeakSet()
        self._lock, self._process = threading.Lock(), os.getpid()

    def send(
        self,
        request: Request,
        credentials: Mapping[str, str],
        *,
        timeout: tuple[float, float] | None = None,
        deadline: float | None = None,
    ) -> Response:
        """Send the request and return the response, whatever its status.

        `credentials` are the headers that authenticate the request. `deadline` is an instant of
        time.monotonic(). Each wait for the network ends at the deadline at the latest: for opening
        the connection, sending, and each byte of the answer; also while the caller reads the chunks
        of a download. The deadline does not apply to the resolution of the host's name, and an
        `adapter` decides about its own waits. TransportError if there is no response.
        """
        limits = self._timeout if timeout is None else timeout
        if deadline is not None:
            left = max(0.001, deadline - time.monotonic())
            limits = min(limits[0], left), min(limits[1], left)
        wire = encode(request, self.base_url)
        session = self._session()
        network: NetworkAdapter = self._local.network
        exchange = network.begin(deadline, request.meanwhile)
        with translating_errors(request, self._host, exchange if self.adapter is None else None):
            prepared = requests.Request(
                wire.method, wire.url, headers={**session.headers, **wire.headers}, data=wire.body
            ).prepare()
            prepared.headers.update(credentials)
            received = session.send(
                prepared, timeout=limits, allow_redirects=False, **self._options(session, prepared)
            )
            return self._response(request, received)

    def close(self) -> None:
        """Close the network connections of all threads. The next request opens new ones."""
        with self._lock_of_this_process():
            sessions = list(self._sessions)
        for session in sessions:
            session.close()

    def _response(self, request: Request, received: requests.Response) -> Response:
        if request.stream and received.status_code == 200:
            chunks = Chunks(_pieces(request, self._host, received), received.close)
            return Response(received.status_code, received.headers, chunks=chunks)
        try:
            body = self._body(request, received)
        finally:
            received.close()
        _require_whole(received, len(body))
        return Response(received.status_code, received.headers, body)

    def _body(self, request: Request, received: requests.Response) -> bytes:
        """Read the unpacked body. TransportError as soon as it exceeds `max_answer`."""
        body = bytearray()
        for piece in received.iter_content(_UNPACKED):
            body += piece
            if len(body) > self._max_answer:
                raise wire_error(
                    TransportError,
                    f"{self._host}: the answer has more than {self._max_answer:,} bytes. It was "
                    "not read to its end. If kintone sent it, use connect(max_answer=...).",
                    request,
                    Outcome.NOT_KINTONES,
                    status=received.status_code,
                )
        # The library requests reads the body from `_content` when an adapter returns the same
        # response a second time.
        setattr(received, "_content", bytes(body))  # noqa: B010 - requests has no public way
        return received.content

    def _options(
        self, session: requests.Session, prepared: requests.PreparedRequest
    ) -> dict[str, Any]:
        """Return the proxies and certificates for the request.

        `stream` makes `_body()` able to stop reading when an answer is too long.
        """
        if not session.trust_env:  # merging nothing would take a tenth of the time of a request
            return {"proxies": {}, "stream": True, "verify": True, "cert": self._client_cert}
        merged = session.merge_environment_settings(prepared.url, {}, True, None, self._client_cert)
        return dict(merged)

    def _may_use_proxies(self) -> bool:
        """Return True if the environment's proxies and certificates apply to these requests.

        The environment's settings do not apply to http, which is allowed only to this computer, or
        to an emulator's adapter, which uses no network. Looking for proxies takes a tenth of the
        time of such a request.
        """
        in_process = getattr(self.adapter, "emulation", None) is not None
        return self.base_url.startswith("https:") and not in_process

    def _lock_of_this_process(self) -> threading.Lock:
        # A forked process inherits the lock, perhaps locked by a thread that it does not have.
        if self._process != (process := os.getpid()):
            self._lock, self._process = threading.Lock(), process
        return self._lock

    def _session(self) -> requests.Session:
        # A forked process must not write into the sockets of its parent.
        if getattr(self._local, "process", None) != os.getpid():
            session = _Session()
            session.headers["User-Agent"] = f"kintone-orm/{__version__}"
            session.trust_env = self._may_use_proxies()
            session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
            network = NetworkAdapter(self._keep_alive)
            session.mount(self.base_url, network if self.adapter is None else self.adapter)
            self._local.network = network
            self._local.session = session
            self._local.process = os.getpid()
            with self._lock_of_this_process():
                self._sessions.add(session)
        session_of_this_thread: requests.Session = self._local.session
        return session_of_this_thread


class _Session(requests.Session):
    """A session that does not even prepare to follow a redirect.

    The library requests would read the whole body and prepare a request to the other host.
    """

    def get_redirect_target(self, resp: requests.Response) -> None:  # noqa: ARG002
        return None


def _pieces(request: Request, host: str, received: requests.Response) -> Iterator[bytes]:
    pieces, count = received.iter_content(_CHUNK), 0
    try:
        while True:
            with translating_errors(request, host):
                piece = next(pieces, None)
                if piece is None:
                    _require_whole(received, count)
                    return
            count += len(piece)
            yield piece
    finally:
        received.close()


def _require_whole(received: requests.Response, count: int) -> None:
    """Raise an error if the body is incomplete. urllib3 1.26 does not check this itself."""
    length = received.headers.get("Content-Length")
    if length is None or "Content-Encoding" in received.headers:
        return
    if str(count) != length:
        message = f"{count} of {length} bytes arrived."
        raise requests.exceptions.ChunkedEncodingError(message)
