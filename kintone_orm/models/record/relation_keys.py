"""The keys by which records of two apps belong together, as the records at hand hold them."""

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


def is_blank(key: Any) -> bool:
    """True if a field that holds it refers to nothing; blanks at its end do not count."""
    return key is None or as_compared(key) == ""


def key_at_hand(instance: Instance, name: str) -> Any:
    """The value of the field `name`, or `UNSET` if it is not loaded."""
    return instance.pk if name in ("id", "pk") else instance._meta.fields[name].peek(instance)


def keys_of(instances: Sequence[Instance], name: str) -> dict[int, Any]:
    """The values of the field `name` by the `id()` of the record, read where they are deferred.

    `UNSET` is one that cannot be decoded: who reads it is told.
    """
    absent = [each for each in instances if key_at_hand(each, name) is UNSET]
    if lacking := [each for each in absent if name in deferred_names(each)]:
        fetch_missing(lacking)
    return {id(each): key_at_hand(each, name) for each in instances}


def by_connection(instances: Iterable[Instance]) -> Collection[tuple[Connection, list[Instance]]]:
    """The records with the connection that each lives on."""
    groups: dict[int, tuple[Connection, list[Instance]]] = {}
    for instance in instances:
        connection = connection_of(instance)
        groups.setdefault(id(connection), (connection, []))[1].append(instance)
    return groups.values()
