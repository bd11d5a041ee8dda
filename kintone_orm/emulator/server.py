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

# The hundred and first request at once must arrive to be refused; and it must not be alone.
_THREADS = limits.CONCURRENT_REQUESTS + 10
_BACKLOG = 256
_BETWEEN_SIGNALS = 0.1  # seconds

# As much of a body that nobody wanted is read, so that its connection can be used again.
_READ_ANYWAY = 1 << 20


class _Request(HTTPRequest):
    """A request of which whatever is malformed is a 400, and never an error of the server."""

    def read_request_line(self) -> bool:
        """Whether the first line can be read."""
        try:
            return bool(super().read_request_line())  # type: ignore[no-untyped-call]
        except ValueError:  # an address that is no address: http://[::1/
            self.simple_response("400 Bad Request", "Malformed Request-URI")
            return False

    def read_request_headers(self) -> bool:
        """Whether the headers can be read."""
        if not super().read_request_headers():  # type: ignore[no-untyped-call]
            return False
        if self.inheaders.get(b"Content-Length", b"0").strip().isdigit():
            return True
        self.simple_response("400 Bad Request", "Malformed Content-Length Header.")
        return False

    def send_headers(self) -> None:
        """Send the head of the answer.

        The connection is closed where a part of the body is left that would be taken for the next
        request.
        """
        if self.chunked_read:
            left = not self.rfile.closed  # it is when the last chunk was read
        else:
            left = getattr(self.rfile, "remaining", 0) > _READ_ANYWAY
        self.close_connection = self.close_connection or left
        super().send_headers()


class _Connection(HTTPConnection):
    """A connection that makes no noise when its client has given up before the answer."""

    RequestHandlerClass = _Request

    def close(self) -> None:
        """Close it, with what could not be sent: garbage collection would try once more."""
        super().close()
        with suppress(OSError):
            self.wfile.close()


class _Listener(Server):
    """A cheroot server on a socket that is bound already, so that its port is known early."""

    ConnectionClass = _Connection
    expiration_interval = 0.05  # seconds; to stop takes as long

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
        """The socket, when cheroot prepares to serve and would make one."""
        del family, type, proto
        self.socket = self._bound
        return self._bound

    def run(self) -> None:
        """Answer requests until `stop`, which may have come already."""
        try:
            with self._beginning_or_end:
                if self._closed:
                    return
                self.prepare()
        finally:
            self.prepared.set()
        self.serve()

    def stop(self) -> None:
        """Close the port, whether anything was answered or not."""
        with self._beginning_or_end:
            self._closed = True
            super().stop()
            self._bound.close()


class EmulatorServer:
    """A server that is bound to its port, and answers once it is started.

    `with serve(emulator) as server:` starts it in a thread and stops it at the end. One that is
    forgotten does not keep the process alive.
    """

    def __init__(self, listeners: list[_Listener], host: str) -> None:
        self._listeners = listeners
        self._host = host
        self._threads: list[threading.Thread] = []
        self._stopped = threading.Event()

    @property
    def url(self) -> str:
        """Where it is: "http://localhost:8080", the base URL of a kintone client."""
        _, port = self._listeners[0].bind_addr
        return f"http://{f'[{self._host}]' if ':' in self._host else self._host}:{port}"

    def start(self) -> None:
        """Answer requests in threads of its own, until `stop`."""
        for listener in self._listeners:
            # The threads that cheroot makes in a daemon thread are daemons, too.
            thread = threading.Thread(target=listener.run, daemon=True)
            thread.start()
            self._threads.append(thread)
        # A program that ends while they make their threads is aborted: Python makes none then.
        for listener in self._listeners:
            listener.prepared.wait()

    def serve_forever(self) -> None:
        """Answer requests until `stop` is called in another thread or ^C is pressed."""
        try:
            self.start()
            # A signal is lost on a wait without end: the kernel may give it to another thread.
            while not self._stopped.wait(_BETWEEN_SIGNALS):
                pass
        except KeyboardInterrupt:
            self.stop()

    def stop(self) -> None:
        """Close the port and wait for the requests that are being answered."""
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
    """A server for this emulator, not started yet. Port 0 takes one that is free.

    "localhost" is this computer over IPv4, and over IPv6 where it has that. `admin_token` switches
    /_emulator/faults on, for who sends it (see FaultOrders); `page_orders=False` takes the button
    that orders faults from the pages for people. The emulator stays open when the
    server stops. OSError when the port is taken; ValueError for another host than this computer
    when an API token was fixed, which everybody knows who has the domain file.
    """
    if emulator.has_fixed_tokens and not is_loopback(host):
        raise ValueError(
            f"An emulator whose tokens are fixed is not served at {host}: serve it at localhost, "
            "or leave the tokens out of the domain file to have random ones."
        )
    application = WSGIApplication(emulator, admin_token=admin_token, page_orders=page_orders)
    sockets = _bound_to_localhost(port) if host == "localhost" else [_bound(host, port)]
    return EmulatorServer([_Listener(each, application) for each in sockets], host)


def _bound_to_localhost(port: int) -> list[socket.socket]:
    """A socket for each address of this computer, all with the same port."""
    ipv4, ipv6 = _LOCALHOST
    for _ in range(_ATTEMPTS):
        first = _bound(ipv4, port)
        try:
            return [first, _bound(ipv6, first.getsockname()[1])]
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                return [first]  # no IPv6 here
            # A port that is free for one address may be somebody else's for the other.
            first.close()
            if port:
                raise
    raise OSError(errno.EADDRINUSE, f"no port was found that is free on {ipv4} and on {ipv6}")


def _bound(host: str, port: int) -> socket.socket:
    family: Any = socket.AF_INET6 if ":" in host else socket.AF_INET
    bound = socket.create_server((host, port), family=family, backlog=_BACKLOG)
    # Its connections inherit it. Without, an answer in two packets takes 40 ms longer.
    bound.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return bound
