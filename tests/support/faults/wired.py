"""A connection to an emulator through a proxy of faults."""

from __future__ import annotations

import itertools
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from kintone_orm import connect, connections
from support.clocks import SkippingClock

if TYPE_CHECKING:
    from collections.abc import Iterator

    from support.faults.proxy import Exchange, Proxy
    from support.faults.served import Served

__all__ = ["Held", "wired"]

_numbers = itertools.count()


class Held:
    """A fault: the request is kept, and its connection dropped. `deliver` has it carried out."""

    def __init__(self) -> None:
        self._kept: list[tuple[Proxy, bytes]] = []

    def __call__(self, exchange: Exchange) -> None:
        self._kept.append((exchange.proxy, exchange.read()))
        exchange.drop()

    def deliver(self) -> int:
        """Have the server carry out the request that was kept first; return its status."""
        proxy, request = self._kept.pop(0)
        return proxy.forward(request).status


@contextmanager
def wired(
    served: Served, inside: Any, *, idle: float | None = None, **options: Any
) -> Iterator[tuple[Any, Proxy]]:
    """A connection to the emulator of the connection `inside`, through a proxy; and the proxy.

    The connection's waits take no time.
    """
    username, password = inside.emulator.credentials
    with served.behind_a_proxy(inside.emulator, idle=idle) as proxy:
        alias = f"wire {next(_numbers)}"
        given = {"username": username, "password": password, "apps": inside.apps, "alias": alias}
        connection = connect(proxy.url, **{**given, **options})
        connection.clock = SkippingClock()
        connection.forms.update(inside.forms)
        connection.uniques.update(inside.uniques)
        connection.short_texts.update(inside.short_texts)
        try:
            yield connection, proxy
        finally:
            del connections[alias]
