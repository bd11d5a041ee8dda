"""Reading an answer from a socket until a deadline.

A time-out of a socket bounds one wait. A server that sends a byte now and then can make each wait
short and the whole answer as long as it likes. So each wait is shortened to the time that is left.
"""

from __future__ import annotations

import io
import math
from http.client import HTTPResponse
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from socket import socket

    from typing_extensions import Buffer

    from kintone_orm.http.network.exchange import Exchange

__all__ = ["BoundedResponse"]


class BoundedResponse(HTTPResponse):
    """An answer whose status line, headers and body are read until the deadline of an exchange.

    Reading raises TimeoutError when the deadline passes.
    """

    def __init__(self, sock: socket, *args: Any, exchange: Exchange, **kwargs: Any) -> None:
        super().__init__(sock, *args, **kwargs)
        self.fp = _Buffer(_BoundedReader(self.fp.detach(), sock, exchange), exchange)


class _BoundedReader(io.RawIOBase):
    """The bytes of `raw`, which reads from `sock`. After `end()` there are no more."""

    def __init__(self, raw: io.RawIOBase, sock: socket, exchange: Exchange) -> None:
        super().__init__()
        self._raw = raw
        self._sock = sock
        self._exchange = exchange
        timeout = sock.gettimeout()
        self._timeout = math.inf if timeout is None else timeout
        self._is_at_end = False

    def readinto(self, buffer: Buffer, /) -> int | None:
        if self._is_at_end:
            return 0
        left = self._exchange.seconds_left()
        # The socket keeps its time-out of the request's start until less than that is left.
        if left < self._timeout:
            self._sock.settimeout(left)
        return self._raw.readinto(buffer)

    def readable(self) -> bool:
        return True

    def fileno(self) -> int:
        return self._raw.fileno()

    def end(self) -> None:
        self._is_at_end = True

    def close(self) -> None:
        self._raw.close()
        super().close()


class _Buffer(io.BufferedReader):
    """The buffer of an answer. http.client closes it when it has read the answer to its end."""

    def __init__(self, reader: _BoundedReader, exchange: Exchange) -> None:
        super().__init__(reader)
        self._reader = reader
        self._exchange = exchange

    def close(self) -> None:
        if not self.closed:
            self._reader.end()  # so that peek() does not wait for the socket
            if self.peek():
                self._exchange.has_extra_bytes = True
        super().close()
