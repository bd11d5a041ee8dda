"""A kintone of its own for a test: in this process, in memory, gone afterwards."""

from __future__ import annotations

import secrets
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

from kintone_orm.apps.deploy import deploy
from kintone_orm.connection import connect, connections, override
from kintone_orm.emulator import Emulator

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kintone_orm.connection import Connection
    from kintone_orm.models.base import Model

__all__ = ["emulate"]


@contextmanager
def emulate(*models: type[Model]) -> Iterator[Connection]:
    """A connection to an empty kintone with an app for each model; the one that is meant, here.

    Inside the block every queryset and every save without a connection of its own goes there, and
    nothing touches the network.
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
                deploy(*models)
                yield connection
        finally:
            del connections[alias]
