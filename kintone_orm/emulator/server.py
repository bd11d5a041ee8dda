"""The emulator over HTTP, for programs in other processes and other languages."""

from __future__ import annotations

import errno
import socket
import threading
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from cheroot.server import HTTPConnection, HTTPRequest
from cheroot.wsgi import Server

from .ground import limits
from .serving.loopback import is_loopback
from .wsgi import WSGIApplication

if TYPE_CHECKING:
    from types import TracebackType

    from .emulator import Emulator

__all__ = ["EmulatorServer", "serve"]

_LOCALHOST = ("127.0.0.1", "::1")
_ATTEMPTS = 20

# kintone allows 100 concurrent requests. The emulator needs threads for some more, to refuse them.
_THREADS = limits.CONCURRENT_REQUESTS + 10
_BACKLOG = 256
_BETWEEN_SIGNALS = 0.1  # the seconds between two checks for a signal

# cheroot reads this much of an unread body, so that the connection can be used again.
_READ_ANYWAY = 1 << 20


class _Request(HTTPRequest):
    """A request. The answer to a malformed request is 400, not an internal error."""

    def read_request_line(self) -> bool:
        """Read the first line, and return True if it is valid."""
        try:
            return bool(super().read_request_line())  # type: ignore[no-untyped-call]
        except ValueError:  # The URL is invalid, for example http://[::1/
            self.simple_response("400 Bad Request", "Malformed Request-URI")
            return False

    def read_request_headers(self) -> bool:
        """Read the headers, and return True if they are valid."""
        if not super().read_request_headers():  # type: ignore[no-untyped-call]
            return False
        if self.inheaders.get(b"Content-Length", b"0").strip().isdigit():
            return True
        self.simple_response("400 Bad Request", "Malformed Content-Length Header.")
        return False

    def send_headers(self) -> None:
        """Send the status and the headers of the answer.

        The connection is closed if part of the body is unread, because the server would take this
        part for the next request.
        """
        if self.chunked_read:
            # cheroot closes the body's file after the last chunk.
            has_rest = not self.rfile.closed
        else:
            has_rest = getattr(self.rfile, "remaining", 0) > _READ_ANYWAY
        self.close_connection = self.close_connection or has_rest
        super().send_headers()


class _Connection(HTTPConnection):
    """A connection that reports no error if the client disconnects before the answer."""

    RequestHandlerClass = _Request

    def close(self) -> None:
        """Close the connection and its buffer: garbage collection sends an open buffer again."""
        super().close()
        with suppress(OSError):
            self.wfile.close()


class _Listener(Server):
    """A cheroot server on a bound socket, so that its port is known before it starts."""

    ConnectionClass = _Connection
    expiration_interval = 0.05  # `stop` takes about this many seconds.

    def __init__(self, bound: socket.socket, application: WSGIApplication) -> None:
        self._bound = bound
        self._closed = False
        self._beginning_or_end = threading.Lock()
        self.prepared = threading.Event()
        super().__init__(
            bound.getsockname()[:2],
            application,
            numthreads=_THREADS,
            request_queue_size=_BACKLOG,
        )

    def bind(self, family: int, type: int, proto: int = 0) -> socket.socket:  # noqa: A002
        """Return the bound socket. cheroot's own method would create a new socket."""
        del family, type, proto
        self.socket = self._bound
        return self._bound

    def run(self) -> None:
        """Answer requests until `stop`, which may have been called already."""
        try:
            with self._beginning_or_end:
                if self._closed:
                    return
                self.prepare()
        finally:
            self.prepared.set()
        self.serve()

    def stop(self) -> None:
        """Close the port, even if the server never ran."""
        with self._beginning_or_end:
            self._closed = True
            super().stop()
            self._bound.close()


class EmulatorServer:
    """A server that is bound to its port, and answers after it is started.

    `with serve(emulator) as server:` starts a server in a thread, and stops it at the end of the
    block. A running server does not keep the process alive.
    """

    def __init__(self, listeners: list[_Listener], host: str) -> None:
        self._listeners = listeners
        self._host = host
        self._threads: list[threading.Thread] = []
        self._stopped = threading.Event()

    @property
    def url(self) -> str:
        """The base URL for a kintone client, such as "http://localhost:8080"."""
        _, port = self._listeners[0].bind_addr
        return f"http://{f'[{self._host}]' if ':' in self._host else self._host}:{port}"

    def start(self) -> None:
        """Start to answer requests in other threads, until `stop`."""
        for listener in self._listeners:
            # Threads that a daemon thread creates are daemons, so all threads of cheroot are.
            thread = threading.Thread(target=listener.run, daemon=True)
            thread.start()
            self._threads.append(thread)
        # Wait until the listeners have created their threads, because Python aborts if a program
        # ends before that.
        for listener in self._listeners:
            listener.prepared.wait()

    def serve_forever(self) -> None:
        """Answer requests until `stop` is called in another thread or ^C is pressed."""
        try:
            self.start()
            # The kernel may deliver a signal to another thread, so this thread wakes up regularly.
            while not self._stopped.wait(_BETWEEN_SIGNALS):
                pass
        except KeyboardInterrupt:
            self.stop()

    def stop(self) -> None:
        """Close the port, and wait until all running requests are answered."""
        for listener in self._listeners:
            listener.stop()
        for thread in self._threads:
            thread.join()
        self._threads = []
        self._stopped.set()

    def __enter__(self) -> EmulatorServer:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.stop()


def serve(
    emulator: Emulator,
    *,
    host: str = "localhost",
    port: int = 0,
    admin_token: str | None = None,
    page_orders: bool = True,
) -> EmulatorServer:
    """Return a server for this emulator. The server is not started. Port 0 means any free port.

    "localhost" is this computer over IPv4 and, if available, IPv6. `admin_token` enables
    /_emulator/faults for requests with this token (see FaultOrders). `page_orders=False` removes
    the button that adds faults from the emulator's pages. The emulator stays open after the server
    has stopped.

    Raises OSError if the port is taken. Raises ValueError for a host other than this computer if
    the emulator has fixed API tokens, which everybody with the domain file knows.
    """
    if emulator.has_fixed_tokens and not is_loopback(host):
        raise ValueError(
            f"An emulator whose tokens are fixed is not served at {host}. Serve it at localhost, "
            "or leave the tokens out of the domain file, to get random ones."
        )
    application = WSGIApplication(emulator, admin_token=admin_token, page_orders=page_orders)
    sockets = _bind_localhost(port) if host == "localhost" else [_bind(host, port)]
    return EmulatorServer([_Listener(bound, application) for bound in sockets], host)


def _bind_localhost(port: int) -> list[socket.socket]:
    """Bind a socket for each address of this computer, all with the same port."""
    ipv4, ipv6 = _LOCALHOST
    for _ in range(_ATTEMPTS):
        first = _bind(ipv4, port)
        try:
            return [first, _bind(ipv6, first.getsockname()[1])]
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                return [first]  # This computer has no IPv6, so one socket is enough.
            # The port is free for one address, but not for the other: try another port.
            first.close()
            if port:
                raise
    raise OSError(errno.EADDRINUSE, f"No port is free on both {ipv4} and {ipv6}.")


def _bind(host: str, port: int) -> socket.socket:
    family: Any = socket.AF_INET6 if ":" in host else socket.AF_INET
    bound = socket.create_server((host, port), family=family, backlog=_BACKLOG)
    # Connections inherit this option. Without TCP_NODELAY, an answer in two packets takes 40 ms
    # longer.
    bound.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return bound
