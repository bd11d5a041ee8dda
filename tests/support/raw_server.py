"""A server that sends what a test tells it, byte by byte, and counts its connections."""

from __future__ import annotations

import socket
import threading
from contextlib import contextmanager, suppress
from itertools import cycle
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Iterator

    Talk = Callable[[socket.socket], None]

PAUSE = 0.02
LONGEST = 5.0


class RawServer:
    """A server on this computer. `talk` gets each connection, in a thread of its own.

    `accepted` is the number of connections. `stopping` is set when the test ends.
    """

    def __init__(self, talk: Talk, context: ssl.SSLContext | None) -> None:
        self.accepted = 0
        self.stopping = threading.Event()
        self._talk = talk
        self._context = context
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._sockets: list[socket.socket] = []
        self._threads = [threading.Thread(target=self._accept, daemon=True)]
        self._threads[0].start()
        self.port: int = self._listener.getsockname()[1]
        self.url = f"{'http' if context is None else 'https'}://127.0.0.1:{self.port}"

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
                self.accepted += 1
                self._sockets.append(connection)
                thread = threading.Thread(target=self._serve, args=(connection,), daemon=True)
                self._threads.append(thread)
                thread.start()

    def _serve(self, connection: socket.socket) -> None:
        with suppress(OSError):
            if self._context is not None:
                connection = self._context.wrap_socket(connection, server_side=True)
                self._sockets.append(connection)
            self._talk(connection)
        connection.close()

    def close(self) -> None:
        self.stopping.set()
        for open_socket in (self._listener, *self._sockets):
            with suppress(OSError):
                open_socket.shutdown(socket.SHUT_RDWR)
            open_socket.close()
        for thread in self._threads:
            thread.join()


@contextmanager
def raw_server(talk: Talk, context: ssl.SSLContext | None = None) -> Iterator[RawServer]:
    """Run a server, over TLS if there is a context."""
    server = RawServer(talk, context)
    try:
        yield server
    finally:
        server.close()


def read_request(connection: socket.socket) -> bytes:
    """Return the head of a request, and what came with it. An empty one: the client closed."""
    head = b""
    while b"\r\n\r\n" not in head:
        piece = connection.recv(65_536)
        if not piece:
            return b""
        head += piece
    return head


def answer(connection: socket.socket) -> bool:
    """Answer a request with an empty JSON object. False if the client closed instead."""
    is_open = bool(read_request(connection))
    if is_open:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")
    return is_open


def answering(connection: socket.socket) -> None:
    """Answer each request with an empty JSON object."""
    while answer(connection):
        pass


def silent(connection: socket.socket) -> None:
    """Read what the client sends, and answer nothing."""
    while connection.recv(65_536):
        pass


def dripping(start: bytes, endless: bytes) -> Talk:
    """Return a talk that sends `start`, and then a byte of `endless` every 20 ms for 5 seconds."""

    def drip(connection: socket.socket) -> None:
        read_request(connection)
        connection.sendall(start)
        drop(connection, endless)

    return drip


def drop(connection: socket.socket, endless: bytes, size: int = 1) -> None:
    """Send pieces of `endless`, over and over, for 5 seconds or until the client closes."""
    pieces = [endless[at : at + size] for at in range(0, len(endless), size)]
    waiting = threading.Event()
    for _, piece in zip(range(int(LONGEST / PAUSE)), cycle(pieces)):
        connection.sendall(piece)
        waiting.wait(PAUSE)
