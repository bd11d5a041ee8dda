"""An emulated kintone for a test: in this process, in memory, deleted afterwards."""

from __future__ import annotations

import secrets
import threading
import weakref
from contextlib import closing, contextmanager, suppress
from typing import TYPE_CHECKING

from kintone_orm.apps.deploy import deploy, deploy_to_new_emulator
from kintone_orm.apps.deploying.near_codes import codes_of
from kintone_orm.connection import Connection, connections, override
from kintone_orm.fields import LookupField, ReferenceTableField
from kintone_orm.http.clock import Clock
from kintone_orm.settings import parse_settings

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from kintone_orm.emulator import Emulator
    from kintone_orm.emulator.domain_file import DomainFile
    from kintone_orm.http.network.transport import Adapter
    from kintone_orm.http.retry import Retry
    from kintone_orm.models.base import Model

__all__ = ["EmulatedConnection", "Snapshot", "emulate", "registering"]

_NOWHERE = "https://kintone.invalid"


class _SkippingClock(Clock):
    """A clock that jumps over every wait."""

    def __init__(self) -> None:
        self._skipped = 0.0
        self._lock = threading.Lock()

    def now(self) -> float:
        return super().now() + self._skipped

    def sleep(self, seconds: float) -> None:
        with self._lock:
            self._skipped += seconds


class EmulatedConnection(Connection):
    """A connection to an emulated kintone. Its attribute `emulator` is the `Emulator`.

    Use the emulator to add people, groups and API tokens (`kintone_orm.emulator.Emulator`). The
    waits of the connection take no time: they only move its `clock`, so that deadlines come.
    """

    uses_configuration = False

    def __init__(
        self,
        emulator: Emulator,
        base_url: str = _NOWHERE,
        *,
        adapter: Adapter | None = None,
        retry: Retry | bool = False,
    ) -> None:
        username, password = emulator.credentials
        super().__init__(
            parse_settings(base_url=base_url, username=username, password=password),
            alias=f"emulator-{secrets.token_hex(4)}",
            retry=retry,
            adapter=adapter,
        )
        self.clock = _SkippingClock()
        self.emulator = emulator

    def snapshot(self) -> Snapshot:
        """Return a copy of everything in this kintone, for ``emulate(like=...)``."""
        return Snapshot(self)

    def learn_from(self, other: Connection) -> None:
        """Copy the known apps and forms of `other`, and its time zone."""
        self.apps.update(other.apps)
        self.forms.update(other.forms)
        self.uniques.update(other.uniques)
        self.short_texts.update(other.short_texts)
        self.number_precisions.update(other.number_precisions)
        self.timezone = other.timezone


class Snapshot:
    """A kintone at one moment: apps, records, people and tokens.

    A snapshot never changes and needs no closing. Copying a small snapshot takes well under a
    millisecond.
    """

    def __init__(self, connection: EmulatedConnection) -> None:
        self._kept = EmulatedConnection(connection.emulator.copy())
        self._kept.learn_from(connection)
        weakref.finalize(self, self._kept.emulator.close)

    def copy(self, *, retry: Retry | bool = False) -> EmulatedConnection:
        """Return a connection to a new emulator with a copy of everything."""
        emulator = self._kept.emulator.copy()
        connection = EmulatedConnection(emulator, adapter=emulator.adapter(), retry=retry)
        connection.learn_from(self._kept)
        return connection


@contextmanager
def emulate(
    *models: type[Model],
    like: Snapshot | None = None,
    domain: DomainFile | None = None,
    retry: Retry | bool = False,
) -> Iterator[EmulatedConnection]:
    """Provide a kintone with an app for each model, and use its connection inside the block.

    The models that lookups and related records refer to get apps too. The apps are empty, or have
    the content of `like`. Alternatively, `domain` is a domain file, or its content. A model whose
    key is that of an app in the file uses this app, and its missing fields are added.
    `emulator.made` holds the tokens of the file. TypeError for both `like` and `domain`;
    DomainFileError for an invalid file.

    `retry` is that of `connect()`. By default, a failed request is not sent again, so that a test
    sees each fault that it orders. `modify()`, upserts and cursors, which ask again by their
    meaning, still do. Waits take no time.

    Inside the block, every queryset and every save without a connection of its own uses this
    kintone, in all threads. The network is not used.
    """
    from kintone_orm.emulator import Emulator

    if like is None:
        emulator = Emulator(domain=domain)
        connection = EmulatedConnection(emulator, adapter=emulator.adapter(), retry=retry)
        connection.apps.update(emulator.made.apps)
    elif domain is not None:
        raise TypeError("emulate() got both 'like' and 'domain'. Pass only one of them.")
    else:
        connection = like.copy(retry=retry)
    with closing(connection.emulator), registering(connection):
        all_models = _with_sources(models)
        for model in all_models:
            _make_numbered_app(model, connection)
        if like is None:
            deploy_to_new_emulator(connection, [*all_models])
        else:
            # No code is a typo that matters: the records are a copy, which the test throws away.
            deploy(*all_models, add=codes_of(all_models))
        yield connection


@contextmanager
def registering(connection: EmulatedConnection) -> Iterator[None]:
    """Register the connection and use it in all threads inside the block."""
    connections.add(connection)
    try:
        with override(connection, everywhere=True):
            yield
    finally:
        del connections[connection.alias]


def _make_numbered_app(model: type[Model], connection: EmulatedConnection) -> None:
    """Create the model's app if Meta.app is an id, because deploy() expects an app with this id."""
    app = model._meta.app
    number = app(connection) if callable(app) else app
    if isinstance(number, int):
        # The app exists if another model shares it, or if the snapshot contains it.
        with suppress(ValueError):
            connection.emulator.add_app(number, name=model._meta.verbose_name)


def _with_sources(models: Iterable[type[Model]]) -> dict[type[Model], None]:
    """Return the models, and the models that they refer to, directly or through others."""
    sources: dict[type[Model], None] = {}
    queue = list(models)
    while queue:
        model = queue.pop(0)
        if model not in sources:
            sources[model] = None
            queue += [
                field.target
                for field in model._meta.with_columns()
                if isinstance(field, (LookupField, ReferenceTableField))
            ]
            queue += [relation.target for relation in model._meta.relations.values()]
    return sources
