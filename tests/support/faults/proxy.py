"""A proxy on this computer, between a program and a server, that spoils requests.

A fault is a function of an `Exchange`: one request that arrives, and what becomes of it. A fault
decides if the request is read, if it is carried out, and which bytes the client gets.
"""

from __future__ import annotations

import http.client
import select
import socket
import struct
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    Fault = Callable[["Exchange"], None]

__all__ = ["Answer", "Exchange", "Proxy", "render"]

_TIMEOUT = 10.0  # seconds, for the server
_BLOCK = 1 << 16


@dataclass(frozen=True)
class Answer:
    """An answer of the server: status, headers without the length, and the whole body."""

    status: int
    reason: str
    headers: dict[str, str]
    body: bytes


def render(
    body: bytes,
    status: int = 200,
    reason: str = "OK",
    *,
    length: int | None = None,
    **headers: str,
) -> bytes:
    """The bytes of an answer. `length` replaces the true length, `Content_Type` is a header."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    if "Transfer-Encoding" not in named:
        named["Content-Length"] = str(len(body) if length is None else length)
    lines = [f"HTTP/1.1 {status} {reason}", *(f"{n}: {v}" for n, v in named.items()), "", ""]
    return "\r\n".join(lines).encode("latin-1") + body


@dataclass
class Exchange:
    """A request of a client, and its connection.

    `read()` reads the request, `carry_out()` has the server carry it out, `send()` sends bytes to
    the client. The connection is closed after the fault, unless `stays_open` is set.
    """

    proxy: Proxy
    client: socket.socket
    stays_open: bool = False
    _request: bytes | None = field(default=None, repr=False)
    _answer: Answer | None = field(default=None, repr=False)

    def read(self) -> bytes:
        """The bytes of the request; b"" if the client closed the connection before its end."""
        if self._request is None:
            self._request = _request_from(self.client)
            if self._request:
                self.proxy.note(self._request)
        return self._request

    def carry_out(self) -> Answer:
        """The server's answer. The server gets the request once, however often this is called."""
        if self._answer is None:
            self._answer = self.proxy.forward(self.read())
        return self._answer

    def pass_on(self) -> None:
        """Send the server's answer as it is."""
        self.send(self.whole())
        self.stays_open = True

    def whole(self, **changes: Any) -> bytes:
        """The bytes of the server's answer, with changes: see `render`."""
        answer = self.carry_out()
        parts = {"body": answer.body, "status": answer.status, "reason": answer.reason}
        return render(**{**answer.headers, **parts, **changes})

    def send(self, data: bytes) -> None:
        """Send bytes to the client, which may be gone."""
        with suppress(OSError):
            self.client.sendall(data)

    def send_and_close(self, data: bytes) -> None:
        """Send bytes, and the end of the stream together with the last one."""
        with suppress(OSError):
            # Where there is no MSG_MORE, the end may arrive a moment later.
            self.client.sendall(data, getattr(socket, "MSG_MORE", 0))
        self.drop()

    def drip(self, data: bytes, every: float, size: int = 1) -> None:
        """Send the bytes piece by piece, with `every` seconds of silence before each piece."""
        end = time.monotonic() + self.proxy.patience
        for start in range(0, len(data), size):
            if time.monotonic() > end or self.is_left(every):
                return
            self.send(data[start : start + size])

    def drop(self) -> None:
        """End the connection in good order: the client reads the end of the stream."""
        # The client must not get a reset, which the kernel sends if data are unread.
        with suppress(OSError):
            self.client.shutdown(socket.SHUT_WR)
        self.stall()

    def reset(self) -> None:
        """Break the connection: the client gets "connection reset by peer"."""
        with suppress(OSError):
            self.client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.client.close()

    def stall(self) -> None:
        """Do nothing until the client closes the connection."""
        end = time.monotonic() + self.proxy.patience
        while time.monotonic() < end and not self.is_left(0.1):
            pass

    def is_left(self, seconds: float) -> bool:
        """True if the client closes its connection within some seconds. Reads what it sends."""
        end = time.monotonic() + seconds
        try:
            while _is_readable(self.client, max(0.0, end - time.monotonic())):
                if not self.client.recv(_BLOCK):
                    return True
        except (OSError, ValueError):
            return True
        return self.proxy.is_closed


class Proxy:
    """A proxy before the server at `address`. With `idle`, it closes connections after that time.

    `arrived` has the method and the path of each request that was read. `patience` are the seconds
    until a connection is closed whose client waits for ever. The `url` stays the same while
    connections are refused.
    """

    def __init__(self, address: tuple[str, int], *, idle: float | None = None) -> None:
        self.address = address
        self.idle = idle
        self.arrived: list[str] = []
        self.patience = 10.0
        self.is_closed = False
        self._spoiling: Callable[[int], Fault | None] = lambda _number: None
        self._number = 0
        self._refuse_before: int | None = None
        self._lock = threading.Lock()
        self._clients: set[socket.socket] = set()
        # It never listens: it keeps the port, so that nobody else gets it while we refuse.
        self._place = _bound(0)
        self._listener: socket.socket | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._place.getsockname()[1]}"

    def spoil(self, fault: Fault, *, after: int = 0, times: int | None = 1) -> None:
        """Apply the fault to `times` requests, or to all, after the next `after` ones."""
        with self._lock:
            first = self._number + after

        def spoiling(number: int) -> Fault | None:
            meant = first <= number and (times is None or number < first + times)
            return fault if meant else None

        self.spoil_by(spoiling)

    def spoil_by(self, spoiling: Callable[[int], Fault | None]) -> None:
        """Have a function choose the fault, or None, by the number of the request, from 0."""
        self._spoiling = spoiling

    def refuse(self, *, after: int = 0) -> None:
        """Refuse connections after the next `after` requests, until `listen` is called."""
        if after:
            with self._lock:
                self._refuse_before = self._number + after
        else:
            self._stop_listening()
            self._drop_clients()

    def listen(self) -> None:
        """Accept connections."""
        with self._lock:
            if self._listener is not None or self.is_closed:
                return
            self._listener = listener = _bound(self._place.getsockname()[1])
            listener.listen(64)
        threading.Thread(target=self._accept, args=(listener,), daemon=True).start()

    def relax(self) -> None:
        """Pass on all requests, and accept connections."""
        self._spoiling = lambda _number: None
        self._refuse_before = None
        self.patience = 10.0
        self.listen()

    def forward(self, request: bytes) -> Answer:
        """Send a request to the server and return the answer."""
        with socket.create_connection(self.address, timeout=_TIMEOUT) as server:
            server.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            server.sendall(request)
            response = http.client.HTTPResponse(server, method=request.split(b" ", 1)[0].decode())
            response.begin()
            body = response.read()
            left_out = {"content-length", "transfer-encoding", "connection", "date", "server"}
            headers = {n: v for n, v in response.getheaders() if n.lower() not in left_out}
            return Answer(response.status, response.reason, headers, body)

    def note(self, request: bytes) -> None:
        method, target, *_ = request.split(b" ", 2)
        self.arrived.append(f"{method.decode()} {target.decode().partition('?')[0]}")

    def close(self) -> None:
        self.is_closed = True
        self._stop_listening()
        self._drop_clients()
        self._place.close()

    def __enter__(self) -> Proxy:
        self.listen()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            with self._lock:
                self._clients.add(client)
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        try:
            with client:
                while self._has_request(client):
                    exchange = Exchange(self, client)
                    self._begin(exchange)
                    if not exchange.stays_open:
                        return
        except OSError:
            pass  # the client is gone, or the server: no answer
        finally:
            with self._lock:
                self._clients.discard(client)

    def _begin(self, exchange: Exchange) -> None:
        with self._lock:
            number = self._number
            self._number += 1
            is_last = self._refuse_before == self._number
        if fault := self._spoiling(number):
            fault(exchange)
            return
        if exchange.read():
            if is_last:
                whole = exchange.whole(Connection="close")
                self._stop_listening()
                exchange.send(whole)
            else:
                exchange.pass_on()

    def _has_request(self, client: socket.socket) -> bool:
        if not _is_readable(client, self.idle):
            return False
        try:
            return bool(client.recv(1, socket.MSG_PEEK))
        except OSError:
            return False

    def _stop_listening(self) -> None:
        with self._lock:
            listener, self._listener = self._listener, None
        if listener is not None:
            with suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)  # wakes the thread that accepts
            listener.close()

    def _drop_clients(self) -> None:
        with self._lock:
            clients = list(self._clients)
        for client in clients:
            with suppress(OSError):
                client.shutdown(socket.SHUT_RDWR)


def _bound(port: int) -> socket.socket:
    bound = socket.socket()
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    bound.bind(("127.0.0.1", port))
    return bound


def _is_readable(client: socket.socket, seconds: float | None) -> bool:
    try:
        return bool(select.select([client], [], [], seconds)[0])
    except (OSError, ValueError):  # closed by another thread
        return False


def _request_from(client: socket.socket) -> bytes:
    data = b""
    while b"\r\n\r\n" not in data:
        if not (piece := client.recv(_BLOCK)):
            return b""
        data += piece
    head, _, body = data.partition(b"\r\n\r\n")
    lengths = [
        int(line.partition(b":")[2])
        for line in head.split(b"\r\n")
        if line.lower().startswith(b"content-length:")
    ]
    missing = (lengths or [0])[0] - len(body)
    while missing > 0:
        if not (piece := client.recv(_BLOCK)):
            return b""
        data += piece
        missing -= len(piece)
    return data
