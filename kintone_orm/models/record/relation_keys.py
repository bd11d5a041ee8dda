"""The keys that link records of two apps, as the loaded records have them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kintone_orm.fields.base import UNSET
from kintone_orm.models.record.fetching import deferred_names, fetch_missing
from kintone_orm.models.record.home import connection_of
from kintone_orm.query.long_texts import as_compared

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from kintone_orm.connection import Connection
    from kintone_orm.models.record.instance import Instance

__all__ = ["by_connection", "is_blank", "key_at_hand", "keys_of"]


def is_blank(key: object) -> bool:
    """Return True for None, an empty text or only spaces: such a key links to no record."""
    return key is None or as_compared(key) == ""


def key_at_hand(instance: Instance, name: str) -> Any:
    """Return the value of the field `name` without a request; `UNSET` if it is not loaded."""
    return instance.pk if name in ("id", "pk") else instance._meta.fields[name].peek(instance)


def keys_of(instances: Sequence[Instance], name: str) -> dict[int, Any]:
    """Return each record's value of the field `name`, by the `id()` of the record.

    Deferred values are fetched.

    A value that cannot be decoded is `UNSET`; reading the attribute raises its DecodeError.
    """
    absent = [instance for instance in instances if key_at_hand(instance, name) is UNSET]
    if deferred := [instance for instance in absent if name in deferred_names(instance)]:
        fetch_missing(deferred)
    return {id(instance): key_at_hand(instance, name) for instance in instances}


def by_connection(instances: Iterable[Instance]) -> Collection[tuple[Connection, list[Instance]]]:
    """Return the records grouped by their connection."""
    groups: dict[int, tuple[Connection, list[Instance]]] = {}
    for instance in instances:
        connection = connection_of(instance)
        groups.setdefault(id(connection), (connection, []))[1].append(instance)
    return groups.values()
