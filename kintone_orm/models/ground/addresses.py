"""The address of a pickled record: the alias of its connection, and the kintone behind it.

An alias has a meaning in one program only. In another program "default" may lead to another domain,
where the record's id belongs to another record.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from kintone_orm.connection import Connection, connections
from kintone_orm.exceptions import ImproperlyConfigured

__all__ = ["Address", "Home", "address", "connection_at", "require_same_place"]


@dataclass(frozen=True, slots=True)
class Address:
    """A connection's alias, and its `Connection.place`."""

    alias: str
    place: tuple[str, int | None, str | None]


# The connection of a record, or None. An unpickled record has the connection's address, or only the
# alias if the pickle is of an early version.
Home: TypeAlias = "Connection | Address | str | None"


def address(home: Home) -> Home:
    """Return the `Address` to pickle for `home`.

    The alias is returned if the connection has no base URL yet.
    """
    if not isinstance(home, Connection):
        return home
    try:
        return Address(home.alias, home.place)
    except ImproperlyConfigured:
        return home.alias


def connection_at(home: Home) -> Connection | None:
    """Return the connection that has the alias of `home` in this program.

    Raises ImproperlyConfigured if no connection has this alias.
    """
    if isinstance(home, Address):
        return connections[home.alias]
    return connections[home] if isinstance(home, str) else home


def require_same_place(home: Home, what: str) -> None:
    """Raise ValueError if the alias does not lead to the kintone that `what` was pickled from."""
    if not isinstance(home, Address):
        return
    here = connections[home.alias]
    if here.place != home.place:
        raise ValueError(
            f"{what} was pickled on {_named(home.place)}, but the connection {home.alias!r} leads "
            f"to {_named(here.place)}, where its id is another record's. Connect {home.alias!r} to "
            f"{_named(home.place)}, or read the record again."
        )


def _named(place: tuple[str, int | None, str | None]) -> str:
    host, space, emulation = place
    named = host if emulation is None else f"{host} of the emulator {emulation}"
    return named if space is None else f"{named}, guest space {space}"
