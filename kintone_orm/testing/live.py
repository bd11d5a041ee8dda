"""An emulated kintone over HTTP, for programs in other processes. Needs the extra `emulator`."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from kintone_orm.emulator.server import serve
from kintone_orm.testing.emulation import EmulatedConnection, Snapshot, connected, emulate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kintone_orm.emulator.domain_file import DomainFile
    from kintone_orm.models.base import Model

__all__ = ["emulate_live"]


@contextmanager
def emulate_live(
    *models: type[Model], like: Snapshot | None = None, domain: DomainFile | None = None
) -> Iterator[EmulatedConnection]:
    """As `kintone_orm.testing.emulate`, but served over HTTP, at the connection's `base_url`.

    Only this computer reaches it, with the emulator's `credentials`. The block's own requests take
    the same way.
    """
    with emulate(*models, like=like, domain=domain) as inside, serve(inside.emulator) as server:
        connection = EmulatedConnection(inside.emulator, server.url)
        connection.learn_from(inside)
        with connected(connection):
            yield connection
