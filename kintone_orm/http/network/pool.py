"""The open network connections of a session, and which of them a request may use."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from queue import Empty, Full, LifoQueue
from ssl import SSLSocket
from time import monotonic
from typing import TYPE_CHECKING, Any, cast

from requests.adapters import HTTPAdapter
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from kintone_orm.http.network.bounded_connection import (
    BoundedHTTPConnection,
    BoundedHTTPSConnection,
)
from kintone_orm.http.network.exchange import Exchange
from kintone_orm.http.secrets import Secret, hide

if TYPE_CHECKING:
    from collections.abc import Callable

    from urllib3 import PoolManager

__all__ = ["NetworkAdapter"]


@dataclass(slots=True)
class _Line:
    """The place where the pools find the exchange for which a connection is used."""

    exchange: Exchange


class NetworkAdapter(HTTPAdapter):
    """The adapter of a session that sends its requests over the network, for one thread.

    The deadline of an exchange bounds each wait for the network. A connection that was idle for
    more than `keep_alive` seconds is not used again, because the server or a proxy may be about to
    close it. Deadlines do not apply to SOCKS proxies.
    """

    def __init__(self, keep_alive: float) -> None:
        self._line = _Line(Exchange())
        arguments: dict[str, Any] = {"line": self._line, "keep_alive": keep_alive}
        self._pools = {
            "http": partial(_HTTPPool, **arguments),
            "https": partial(_HTTPSPool, **arguments),
        }
        super().__init__()

    def begin(
        self, deadline: float | None, meanwhile: Callable[[], None] | None = None
    ) -> Exchange:
        """Return the exchange of the next request."""
        self._line.exchange = Exchange(deadline, meanwhile=meanwhile)
        return self._line.exchange

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """Make the manager of connections to servers."""
        super().init_poolmanager(*args, **kwargs)
        self._use_own_pools(self.poolmanager)

    def proxy_manager_for(self, proxy: str, **kwargs: Any) -> Any:
        """Return the manager of connections to the proxy, whose URL may contain a password."""
        manager = super().proxy_manager_for(Secret(proxy), **kwargs)
        if not proxy.lower().startswith("socks"):
            self._use_own_pools(manager)
        return manager

    def proxy_headers(self, proxy: str) -> dict[str, str]:
        """Return the headers for the proxy alone, as secrets."""
        return hide(super().proxy_headers(proxy))

    def _use_own_pools(self, manager: PoolManager) -> None:
        manager.pool_classes_by_scheme = cast("dict[str, type[HTTPConnectionPool]]", self._pools)


class _IdleConnections(LifoQueue[Any]):
    """The open connections of a pool that no request uses. Nobody waits for one.

    If an interrupt, such as Ctrl-C, comes in the moment when a LifoQueue takes its lock, the lock
    stays locked, and the next request waits for ever. Here no lock is needed, because to append to
    a list and to pop from it are one step each.
    """

    def get(self, block: bool = True, timeout: float | None = None) -> Any:  # noqa: ARG002
        """Return the connection that was put last. Empty if there is none."""
        try:
            return self.queue.pop()
        except IndexError:
            raise Empty from None

    def put(self, item: Any, block: bool = True, timeout: float | None = None) -> None:  # noqa: ARG002
        """Keep a connection. Full if there are as many as the pool keeps."""
        if len(self.queue) >= self.maxsize:
            raise Full
        self.queue.append(item)


class _HTTPPool(HTTPConnectionPool):
    """The connections to one host. `keep_alive` are seconds; 0 uses each connection once.

    If another library has replaced urllib3's class of connections, to record answers or to play
    them, its connections are used, without deadlines.
    """

    QueueCls = _IdleConnections
    _urllib3_pool: type[HTTPConnectionPool] = HTTPConnectionPool
    _own_connection: Any = BoundedHTTPConnection

    @property
    def ConnectionCls(self) -> Any:  # type: ignore[override]  # pyright: ignore[reportIncompatibleVariableOverride]  # noqa: N802
        current = self._urllib3_pool.ConnectionCls
        return self._own_connection if current.__module__ == "urllib3.connection" else current

    def __init__(self, *args: Any, line: _Line, keep_alive: float, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._line = line
        self._keep_alive = keep_alive

    def _get_conn(self, timeout: float | None = None) -> Any:
        connection: Any = super()._get_conn(timeout)  # closes a connection that is readable
        if not _is_ours(connection):
            return connection
        if connection.sock is not None and self._is_stale(connection):
            connection.close()
            connection = self._new_conn()
        connection.begin(self._line.exchange)
        return connection

    def _put_conn(self, conn: Any) -> None:
        if _is_ours(conn):
            conn.idle_since = monotonic()
            if not self._keep_alive or conn.exchange.has_extra_bytes:
                conn.close()
        super()._put_conn(conn)

    def _is_stale(self, connection: BoundedHTTPConnection) -> bool:
        # Decrypted bytes that wait inside the TLS library do not make the socket readable.
        if isinstance(connection.sock, SSLSocket) and connection.sock.pending():
            return True
        return monotonic() - connection.idle_since > self._keep_alive


class _HTTPSPool(_HTTPPool, HTTPSConnectionPool):  # type: ignore[override]  # pyright: ignore[reportIncompatibleVariableOverride]
    _urllib3_pool = HTTPSConnectionPool
    _own_connection = BoundedHTTPSConnection


def _is_ours(connection: object) -> bool:
    return isinstance(connection, BoundedHTTPConnection)
