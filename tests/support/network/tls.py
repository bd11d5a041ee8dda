"""An emulated kintone over TLS."""

from __future__ import annotations

import socket
import ssl
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

from cheroot.errors import FatalSSLAlert
from cheroot.ssl.builtin import BuiltinSSLAdapter

from kintone_orm.emulator.server import serve

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kintone_orm.emulator import Emulator


class _Adapter(BuiltinSSLAdapter):
    """cheroot's adapter with a context of our own; cheroot's constructor needs files."""

    def __init__(self, context: ssl.SSLContext) -> None:
        self._context = context
        self.private_key_password = None

    @property
    def context(self) -> ssl.SSLContext:
        return self._context

    def wrap(self, sock: socket.socket) -> tuple[ssl.SSLSocket, dict[str, str]]:
        wrapped = self._context.wrap_socket(sock, server_side=True, do_handshake_on_connect=False)
        try:
            wrapped.do_handshake()
        except OSError as error:
            _close_softly(wrapped)
            raise FatalSSLAlert(*error.args) from error
        return wrapped, self.get_environ(wrapped)

    def get_environ(self, sock: Any) -> dict[str, str]:
        return {"wsgi.url_scheme": "https", "HTTPS": "on"}


def _close_softly(refused: ssl.SSLSocket) -> None:
    """Read what the client sends until it has read the refusal; a reset would overtake that."""
    with suppress(OSError), refused:
        refused.settimeout(0.2)
        refused.shutdown(socket.SHUT_WR)
        while refused.recv(65536):
            pass


@contextmanager
def serving_tls(emulator: Emulator, context: ssl.SSLContext) -> Iterator[int]:
    """Serve the emulator over TLS on 127.0.0.1; the value is the port."""
    server = serve(emulator, host="127.0.0.1")
    (listener,) = server._listeners
    listener.ssl_adapter = _Adapter(context)
    listener.error_log = lambda *_args, **_options: None  # refused clients are the tests' subject
    with server:
        yield listener.bind_addr[1]
