"""An emulated kintone over HTTP, for programs in other processes.

This module needs the extra `emulator`.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from kintone_orm.emulator.server import serve
from kintone_orm.testing.emulation import EmulatedConnection, Snapshot, emulate, registering

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kintone_orm.emulator.domain_file import DomainFile
    from kintone_orm.http.retry import Retry
    from kintone_orm.models.base import Model

__all__ = ["emulate_live"]


@contextmanager
def emulate_live(
    *models: type[Model],
    like: Snapshot | None = None,
    domain: DomainFile | None = None,
    retry: Retry | bool = False,
) -> Iterator[EmulatedConnection]:
    """Provide a kintone as `kintone_orm.testing.emulate` does, and serve it over HTTP.

    The address is the connection's `base_url`. Only programs on this computer can reach it, with
    the emulator's `credentials`. Requests inside the block use HTTP too. `retry` is that of
    `emulate`.
    """
    with emulate(*models, like=like, domain=domain) as inner, serve(inner.emulator) as server:
        connection = EmulatedConnection(inner.emulator, server.url, retry=retry)
        connection.learn_from(inner)
        with registering(connection):
            yield connection
