"""The connection that a record belongs to, and its time zone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kintone_orm.connection import connections
from kintone_orm.models.ground.addresses import require_same_place

if TYPE_CHECKING:
    from datetime import tzinfo

    from kintone_orm.connection import Connection
    from kintone_orm.models.record.instance import Instance

__all__ = ["connection_of", "must_check", "require_id", "require_same_home", "zone_of"]


def connection_of(instance: Instance, using: Connection | str | None = None) -> Connection:
    """Return the connection for requests about the record: `using`, or the record's own.

    Raises ValueError if a saved record belongs to another connection than `using`, because there
    the same id belongs to another record.
    """
    require_same_place(instance._state.home, repr(instance))
    home = instance._state.home = instance._state.connection
    connection = connections.resolve(using or home, default=instance._meta.using)
    if not instance._state.adding and (home is None or not connection.replaces(home)):
        raise ValueError(
            f"{instance!r} belongs to {home!r}; on {connection!r} its id is another record's. "
            f"Make a new {instance._meta.label} to save it there."
        )
    return connection


def zone_of(instance: Instance) -> tzinfo | None:
    """Return the time zone of the record's connection; None for UTC."""
    home = instance._state.connection
    return connections.resolve(home, default=instance._meta.using).timezone


def require_id(instance: Instance) -> int:
    """Return the record's id; ValueError if it was never saved."""
    if instance.pk is None:
        raise ValueError(f"{instance!r} has not been saved. Save it first.")
    return instance.pk


def require_same_home(instance: Instance, other: Instance) -> None:
    """Raise ValueError if the two records belong to different connections."""
    home, others = instance._state.connection, other._state.connection
    if instance._state.adding:
        return
    if home is None or others is None or not home.replaces(others):
        raise ValueError(
            f"{instance!r} is on {home!r}, and {other!r} on {others!r}. "
            "Read both on the same connection."
        )


def must_check(instance: Instance, check_revision: bool | None) -> bool:
    """Return True if a request must send the record's revision.

    If `check_revision` is None, the model's option of this name decides.
    """
    return instance._meta.check_revision if check_revision is None else check_revision
