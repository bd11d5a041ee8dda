"""A kintone of its own for a test: in this process, in memory, gone afterwards."""

from __future__ import annotations

import secrets
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

from kintone_orm.apps.deploy import deploy
from kintone_orm.connection import connect, connections, override
from kintone_orm.emulator import Emulator
from kintone_orm.fields import LookupField

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from kintone_orm.connection import Connection
    from kintone_orm.models.base import Model

__all__ = ["emulate"]


@contextmanager
def emulate(*models: type[Model]) -> Iterator[Connection]:
    """A connection to an empty kintone with an app for each model; the one that is meant, here.

    The models that lookups refer to get one, too. Inside the block every queryset and every save
    without a connection of its own goes there, and nothing touches the network.
    """
    alias = f"emulator-{secrets.token_hex(4)}"
    with closing(Emulator()) as emulator:
        username, password = emulator.credentials
        connection = connect(
            "https://kintone.invalid",
            username=username,
            password=password,
            alias=alias,
            adapter=emulator.adapter(),
        )
        try:
            with override(connection):
                deploy(*_with_sources(models))
                yield connection
        finally:
            del connections[alias]


def _with_sources(models: Iterable[type[Model]]) -> dict[type[Model], None]:
    """The models, and those that their lookups copy from, and so on."""
    found: dict[type[Model], None] = {}
    waiting = list(models)
    while waiting:
        model = waiting.pop(0)
        if model not in found:
            found[model] = None
            fields = model._meta.fields.values()
            waiting += [field.target for field in fields if isinstance(field, LookupField)]
    return found
