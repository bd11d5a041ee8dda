"""A kintone of its own for a test: in this process, in memory, gone afterwards."""

from __future__ import annotations

import secrets
import weakref
from contextlib import closing, contextmanager, suppress
from typing import TYPE_CHECKING

from kintone_orm.apps.deploy import deploy
from kintone_orm.connection import Connection, connections, override
from kintone_orm.fields import LookupField, ReferenceTableField
from kintone_orm.settings import parse_settings

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from kintone_orm.emulator import Emulator
    from kintone_orm.emulator.domain_file import DomainFile
    from kintone_orm.http.transport import Adapter
    from kintone_orm.models.base import Model

__all__ = ["EmulatedConnection", "Snapshot", "connected", "emulate"]

_NOWHERE = "https://kintone.invalid"


class EmulatedConnection(Connection):
    """A connection to a kintone on this computer, which is at hand as `emulator`.

    The emulator adds people, groups and API tokens (`kintone_orm.emulator.Emulator`).
    """

    def __init__(
        self, emulator: Emulator, base_url: str = _NOWHERE, *, adapter: Adapter | None = None
    ) -> None:
        username, password = emulator.credentials
        super().__init__(
            parse_settings(base_url=base_url, username=username, password=password),
            alias=f"emulator-{secrets.token_hex(4)}",
            adapter=adapter,
        )
        self.emulator = emulator

    def snapshot(self) -> Snapshot:
        """All that is there now, for any number of tests to begin with: ``emulate(like=...)``."""
        return Snapshot(self)

    def learn_from(self, other: Connection) -> None:
        """Know what `other` knows of its apps, and take its time zone."""
        self.apps.update(other.apps)
        self.forms.update(other.forms)
        self.uniques.update(other.uniques)
        self.short_texts.update(other.short_texts)
        self.timezone = other.timezone


class Snapshot:
    """A kintone as it was at one moment: apps, records, people and tokens.

    It stays as it is, needs no closing, and is copied in well under a millisecond if it is small.
    """

    def __init__(self, connection: EmulatedConnection) -> None:
        self._kept = EmulatedConnection(connection.emulator.copy())
        self._kept.learn_from(connection)
        weakref.finalize(self, self._kept.emulator.close)

    def copy(self) -> EmulatedConnection:
        """A connection to an emulator of its own that has all this."""
        emulator = self._kept.emulator.copy()
        connection = EmulatedConnection(emulator, adapter=emulator.adapter())
        connection.learn_from(self._kept)
        return connection


@contextmanager
def emulate(
    *models: type[Model], like: Snapshot | None = None, domain: DomainFile | None = None
) -> Iterator[EmulatedConnection]:
    """A connection to a kintone with an app for each model; the one that is meant, here.

    The models that lookups and related records refer to get one, too. The apps are empty, or what
    they are in `like`. Or the kintone begins with a domain file, its path or what is in it: a model
    whose key is that of an app in the file has this app, which gets the fields that it lacks, and
    `emulator.made` has the tokens. TypeError for both, DomainFileError for a wrong file.

    Inside the block every queryset and every save without a connection of its own goes there, in
    every thread, and nothing touches the network.
    """
    from kintone_orm.emulator import Emulator

    if like is None:
        emulator = Emulator(domain=domain)
        connection = EmulatedConnection(emulator, adapter=emulator.adapter())
        connection.apps.update(emulator.made.apps)
    elif domain is not None:
        raise TypeError("emulate() begins with a snapshot or with a domain file, not with both.")
    else:
        connection = like.copy()
    with closing(connection.emulator), connected(connection):
        wanted = _with_sources(models)
        for model in wanted:
            _make_numbered_app(model, connection)
        deploy(*wanted)
        yield connection


@contextmanager
def connected(connection: EmulatedConnection) -> Iterator[None]:
    """Meanwhile the connection is registered, and the one that is meant, in every thread."""
    connections.add(connection)
    try:
        with override(connection, everywhere=True):
            yield
    finally:
        del connections[connection.alias]


def _make_numbered_app(model: type[Model], connection: EmulatedConnection) -> None:
    """The app of a model that knows it by its id, which deploy() expects to be there."""
    app = model._meta.app
    number = app(connection) if callable(app) else app
    if isinstance(number, int):
        # Taken: it is another model's as well, or was in the snapshot.
        with suppress(ValueError):
            connection.emulator.add_app(number, name=model._meta.verbose_name)


def _with_sources(models: Iterable[type[Model]]) -> dict[type[Model], None]:
    """The models, and those that they refer to, by lookups or otherwise, and so on."""
    found: dict[type[Model], None] = {}
    waiting = list(models)
    while waiting:
        model = waiting.pop(0)
        if model not in found:
            found[model] = None
            waiting += [
                field.target
                for field in model._meta.with_columns()
                if isinstance(field, (LookupField, ReferenceTableField))
            ]
            waiting += [relation.target for relation in model._meta.relations.values()]
    return found
