"""Where a record lives, while it is in a pickle: an alias, and which kintone it meant.

An alias is a name of one program's. In another program "default" may be another domain, where the
record's id is another record's.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from kintone_orm.connection import Connection, connections
from kintone_orm.exceptions import ImproperlyConfigured

__all__ = ["Address", "Home", "address", "arrived", "require_same_place"]


@dataclass(frozen=True, slots=True)
class Address:
    """A connection's alias, and its `Connection.place`."""

    alias: str
    place: tuple[str, int | None, str | None]


# A pickle of an older version has the alias alone.
Home: TypeAlias = "Connection | Address | str | None"


def address(home: Home) -> Home:
    """The home as a pickle keeps it; the alias alone where nobody has said which kintone."""
    if not isinstance(home, Connection):
        return home
    try:
        return Address(home.alias, home.place)
    except ImproperlyConfigured:
        return home.alias


def arrived(home: Home) -> Connection | None:
    """The connection of that alias, here; ImproperlyConfigured if there is none."""
    if isinstance(home, Address):
        return connections[home.alias]
    return connections[home] if isinstance(home, str) else home


def require_same_place(home: Home, what: str) -> None:
    """ValueError if the alias means another kintone here than where it was pickled."""
    if not isinstance(home, Address):
        return
    here = connections[home.alias]
    if here.place != home.place:
        raise ValueError(
            f"{what} was pickled on {_named(home.place)}; the connection {home.alias!r} leads to "
            f"{_named(here.place)} here, where its id is another record's. Connect to the first "
            f"under the alias {home.alias!r}, or read the record here."
        )


def _named(place: tuple[str, int | None, str | None]) -> str:
    host, space, emulation = place
    named = host if emulation is None else f"{host} of the emulator {emulation}"
    return named if space is None else f"{named}, guest space {space}"
