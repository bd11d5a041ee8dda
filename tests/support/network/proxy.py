"""A proxy with authentication, as companies have one between their network and the Internet."""

from __future__ import annotations

import socket
import threading
from base64 import b64encode
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from support.local_server import reply, serving

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from http.server import BaseHTTPRequestHandler


class Proxy:
    """A proxy that connects only those who know its user and password.

    `asked` are the addresses that clients asked for, such as "example.cybozu.com:443". `find`
    returns the address to connect to instead.
    """

    def __init__(self, user: str, password: str, find: Callable[[str], tuple[str, int]]) -> None:
        self.asked: list[str] = []
        self.port = 0
        self._expected = f"Basic {b64encode(f'{user}:{password}'.encode()).decode()}"
        self._find = find

    def connect(self, handler: BaseHTTPRequestHandler) -> None:
        """Answer a CONNECT: pass bytes in both directions until one side ends."""
        self.asked.append(handler.path)
        if handler.headers.get("Proxy-Authorization") != self._expected:
            reply(handler, b"Who are you?", 407, Proxy_Authenticate='Basic realm="company"')
            return
        with socket.create_connection(self._find(handler.path)) as server:
            handler.send_response(200)
            handler.end_headers()
            client = handler.connection
            back = threading.Thread(target=_pass_on, args=(server, client), daemon=True)
            back.start()
            _pass_on(client, server)
            back.join()
        handler.close_connection = True


@contextmanager
def serving_proxy(
    user: str, password: str, find: Callable[[str], tuple[str, int]]
) -> Iterator[Proxy]:
    """Run a proxy on 127.0.0.1, at its `port`."""
    proxy = Proxy(user, password, find)
    with serving(proxy.connect) as url:
        proxy.port = int(url.rpartition(":")[2])
        yield proxy


def _pass_on(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while piece := source.recv(65536):
            target.sendall(piece)
    with suppress(OSError):
        target.shutdown(socket.SHUT_WR)
