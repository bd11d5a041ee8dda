"""Network connections whose waits end at the deadline of a request."""

from __future__ import annotations

import math
import socket
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError
from urllib3.util.connection import allowed_gai_family, create_connection

from kintone_orm.http.network.bounded_reader import BoundedResponse

if TYPE_CHECKING:
    from kintone_orm.http.network.exchange import Exchange

__all__ = ["BoundedHTTPConnection", "BoundedHTTPSConnection"]

# A TLS record has at most this many bytes, and a socket waits once for each of them.
_RECORD = 16 * 1024
_Socket = TypeVar("_Socket", bound=socket.socket)


class BoundedHTTPConnection(HTTPConnection):
    """A connection that keeps the deadline of its current `exchange`, besides its time-outs.

    The resolution of the host's name is the operating system's, and no deadline ends it. Until the
    connection is open, a wait that is too long raises urllib3's ConnectTimeoutError, also during
    the TLS handshake and a proxy's CONNECT; later it raises TimeoutError.
    """

    exchange: Exchange
    idle_since = 0.0  # the instant of time.monotonic() when the last answer was read

    def begin(self, exchange: Exchange) -> None:
        """Make `exchange` the current one. The pool calls this before the connection is used."""
        self.exchange = exchange
        exchange.is_begun = False
        self.response_class = partial(  # type: ignore[assignment]  # pyright: ignore[reportAttributeAccessIssue]
            BoundedResponse, exchange=exchange
        )

    def connect(self) -> None:
        """Open the connection."""
        try:
            super().connect()
        except TimeoutError as error:
            raise self._timed_out() from error
        finally:
            self.exchange.is_begun = False  # it was True if a proxy was sent CONNECT

    def send(self, data: Any) -> None:
        """Send the bytes, and open the connection before if necessary."""
        if self.sock is None and self.auto_open:
            self.connect()
        if self.exchange.deadline is None or not isinstance(data, bytes) or len(data) <= _RECORD:
            self._send(data)
            return
        view = memoryview(data)
        for start in range(0, len(data), _RECORD):
            self._send(view[start : start + _RECORD])

    def getresponse(self) -> Any:
        """Return the answer. The work of the exchange is done before, while the answer travels."""
        self.exchange.work_meanwhile()
        return super().getresponse()

    def _send(self, data: Any) -> None:
        self._limit_wait(self.sock)
        self.exchange.is_begun = True
        super().send(data)

    def _new_conn(self) -> socket.socket:
        if self.exchange.deadline is None:
            return super()._new_conn()
        try:
            return self._open_socket()
        except TimeoutError as error:
            raise self._timed_out() from error
        except OSError as error:
            raise NewConnectionError(self, f"No connection was made: {error}") from error

    def _open_socket(self) -> socket.socket:
        """Return a socket to the first address that answers.

        urllib3 would try each address of the host for the whole time-out.
        """
        addresses = socket.getaddrinfo(
            self._dns_host, self.port, allowed_gai_family(), socket.SOCK_STREAM
        )
        for *_, address in addresses[:-1]:
            with suppress(OSError):
                return self._open_socket_to(address)
        return self._open_socket_to(addresses[-1][-1])

    def _open_socket_to(self, address: tuple[Any, ...]) -> socket.socket:
        sock = create_connection(
            (str(address[0]), int(address[1])),
            self._longest_wait(),
            source_address=self.source_address,
            socket_options=self.socket_options,
        )
        return self._ready(sock)

    def _tunnel(self) -> None:
        super()._tunnel()
        self._limit_wait(self.sock)

    def _ready(self, sock: _Socket) -> _Socket:
        """Return the new socket, whose next wait ends at the deadline."""
        try:
            self._limit_wait(sock)
        except TimeoutError:
            sock.close()
            raise
        return sock

    def _limit_wait(self, sock: Any) -> None:
        """Make the next wait of the socket end at the deadline at the latest."""
        if sock is not None:
            sock.settimeout(self._longest_wait())

    def _longest_wait(self) -> float | None:
        """Return the time-out in seconds or, if it is less, the time until the deadline."""
        left = self.exchange.seconds_left()
        timeout = self.timeout if isinstance(self.timeout, (int, float)) else math.inf
        wait = min(timeout, left)
        return None if wait == math.inf else wait

    def _timed_out(self) -> ConnectTimeoutError:
        return ConnectTimeoutError(self, f"No connection to {self.host} was made in time.")


class BoundedHTTPSConnection(BoundedHTTPConnection, HTTPSConnection):
    """A BoundedHTTPConnection over TLS."""

    def _connect_tls_proxy(self, hostname: str, sock: socket.socket) -> Any:
        return self._ready(super()._connect_tls_proxy(hostname, sock))
