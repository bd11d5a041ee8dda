"""The emulator over HTTP, for programs in other processes and other languages."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from cheroot.wsgi import Server

from .wsgi import WSGIApplication

if TYPE_CHECKING:
    from types import TracebackType

    from .emulator import Emulator

__all__ = ["EmulatorServer", "serve"]

# Requests are answered one by one; more threads only wait for each other.
_THREADS = 16


class EmulatorServer:
    """A server that is bound to its port, and answers once it is started.

    `with serve(emulator) as server:` starts it in a thread and stops it at the end.
    """

    def __init__(self, server: Server) -> None:
        self._server = server
        self._thread: threading.Thread | None = None

    @property
    def url(self) -> str:
        """Where it is: "http://127.0.0.1:8080", the base URL of a kintone client."""
        host, port = self._server.bind_addr
        return f"http://{f'[{host}]' if ':' in host else host}:{port}"

    def start(self) -> None:
        """Answer requests in a thread of its own, until `stop`."""
        self._thread = threading.Thread(target=self._server.serve, daemon=True)
        self._thread.start()

    def serve_forever(self) -> None:
        """Answer requests in this thread, until `stop` is called in another or ^C is pressed."""
        try:
            self._server.serve()
        except KeyboardInterrupt:
            self.stop()

    def stop(self) -> None:
        """Close the port and wait for the requests that are being answered."""
        self._server.stop()
        if self._thread is not None:
            self._thread.join()
            self._thread = None

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


def serve(emulator: Emulator, *, host: str = "127.0.0.1", port: int = 0) -> EmulatorServer:
    """A server for this emulator, not started yet. Port 0 takes one that is free.

    The emulator stays open when the server stops. OSError when the port is taken.
    """
    server = Server((host, port), WSGIApplication(emulator.handle), numthreads=_THREADS)
    server.prepare()
    return EmulatorServer(server)
