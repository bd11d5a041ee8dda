"""Emulators behind proxies: one server for all of them, and for each a proxy with its own port."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from kintone_orm.emulator import Emulator
from kintone_orm.emulator.server import serve
from support.faults.proxy import Proxy

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Served", "serving_emulators"]


class Served:
    """An emulator for each proxy. The server finds it by the host that a request was sent to."""

    def __init__(self) -> None:
        self._nobody = Emulator()
        self._by_host: dict[str | None, Emulator] = {}
        self.address = ("127.0.0.1", 0)

    @contextmanager
    def behind_a_proxy(self, emulator: Emulator, **options: Any) -> Iterator[Proxy]:
        """A proxy before the emulator."""
        with Proxy(self.address, **options) as proxy:
            host = proxy.url.partition("//")[2]
            self._by_host[host] = emulator
            try:
                yield proxy
            finally:
                del self._by_host[host]

    def handle(self, request: Any) -> Any:
        # A request that a proxy has held may arrive after its end.
        return self._by_host.get(request.header("host"), self._nobody).handle(request)

    def __getattr__(self, name: str) -> Any:  # what else the server asks of an emulator
        return getattr(self._nobody, name)


@contextmanager
def serving_emulators() -> Iterator[Served]:
    """A server for emulators, to which `behind_a_proxy` adds one after the other."""
    served: Any = Served()
    with serve(served, host="127.0.0.1") as server:
        served.address = ("127.0.0.1", int(server.url.rpartition(":")[2]))
        yield served
    served.close()
