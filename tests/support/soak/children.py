"""The programs of other processes. They send through a proxy of the process that started them."""

from __future__ import annotations

import logging
import pickle
from typing import TYPE_CHECKING, Any, NamedTuple

from kintone_orm import connect, connections
from kintone_orm.exceptions import KintoneORMError
from support.soak.models import Entry, Stock
from support.soak.run import RETRY

if TYPE_CHECKING:
    from collections.abc import Mapping
    from multiprocessing.connection import Connection as Pipe

__all__ = ["Place", "add_entries", "change_entries", "decrement", "get_by_pickle"]


class Place(NamedTuple):
    """The kintone of the parent process."""

    url: str
    username: str
    password: str
    apps: Mapping[str, int]


def _connect(place: Place, alias: str = "default") -> Any:
    logging.getLogger("kintone_orm").setLevel(logging.CRITICAL)
    return connect(
        place.url,
        username=place.username,
        password=place.password,
        apps=place.apps,
        alias=alias,
        retry=RETRY,
        timeout=20,
    )


def decrement(place: Place, name: str, times: int, results: Pipe) -> None:
    """Decrement stock 1 that many times, and send the end of each decrement by its line."""
    _connect(place)
    ends: dict[str, str] = {}
    for number in range(times):
        line = f"{name}-{number}"

        def change(stock: Stock, line: str = line) -> None:
            stock.quantity -= 1
            stock.decrements += f"{line}\n"

        ends[line] = "carried out"
        try:
            Stock.objects.modify(1, change, attempts=10)
        except KintoneORMError as error:
            ends[line] = error.carried_out.value
    results.send(ends)


def add_entries(place: Place, number: int) -> None:
    """Add entries, forty in each atomic request."""
    _connect(place)
    Entry.objects.bulk_create((Entry(code=str(n), value=n) for n in range(number)), batch_size=2)


def change_entries(place: Place, number: int) -> None:
    """Change the values of all entries, forty in each atomic request."""
    del number
    _connect(place)
    entries = list(Entry.objects.all())
    for entry in entries:
        entry.value += 1000
    Entry.objects.bulk_update(entries, batch_size=2, check_revision=True)


def get_by_pickle(place: Place, pickled: bytes, alias: str, results: Pipe) -> None:
    """Use a connection that another process pickled, and send the values of the entries."""
    connected = _connect(place, alias)
    connection = pickle.loads(pickled)
    assert connection is connected
    with connections.override(connection):
        results.send([Entry.objects.get(code=str(n)).value for n in range(10)])
