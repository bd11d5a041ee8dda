"""`bulk_create` and `bulk_update`: many instances, checked, then written together."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from kintone_orm.exceptions import NotSupportedError
from kintone_orm.fields.declaring.naming import list_of_names
from kintone_orm.limits import RECORDS_PER_WRITE
from kintone_orm.models.ground.chunks import part_size
from kintone_orm.models.record.fetching import fetch_unready
from kintone_orm.models.record.home import connection_of
from kintone_orm.models.record.peers import make_peers
from kintone_orm.models.writing.bulk import insert_all, update_each
from kintone_orm.models.writing.new_values import writable_field
from kintone_orm.models.writing.upsert import require_key, upsert_all

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from kintone_orm.connection import Connection
    from kintone_orm.models.ground.protocols import Meta
    from kintone_orm.models.record.instance import Instance
    from kintone_orm.models.writing.records import Owner

    M = TypeVar("M", bound="Instance")
else:
    M = TypeVar("M")

__all__ = ["create_many", "distinct_instances", "update_many"]


def distinct_instances(
    model: type[M], objs: Iterable[M], method: str, *, new: bool = False
) -> list[M]:
    """Return the objects as a list.

    Raises ValueError for an object of another class, for an object that comes twice, and, if `new`,
    for a stored record. Two objects of one record count as the same.
    """
    instances = list(objs)
    places: dict[object, int] = {}
    for index, instance in enumerate(instances):
        if not isinstance(instance, model):
            raise ValueError(f"{method}() takes {model.__name__}s, not {instance!r}.")
        record = id(instance) if instance.pk is None else (instance.pk,)
        if (before := places.setdefault(record, index)) != index:
            raise ValueError(
                f"{method}() was given the same record twice, as [{before}] and [{index}]: "
                f"{instance!r}."
            )
    for instance in instances:
        if new and not instance._state.adding:
            raise ValueError(f"{method}() takes new {model.__name__}s, not {instance}.")
    return instances


def create_many(
    meta: Meta,
    instances: Sequence[Instance],
    connection: Connection,
    owner: Owner,
    *,
    batch_size: int | None,
    ignore_conflicts: bool,
    update_conflicts: bool,
    update_fields: Iterable[str] | None,
    unique_fields: Iterable[str] | None,
) -> None:
    """Write the new instances: see `QuerySet.bulk_create`."""
    if ignore_conflicts:
        raise NotSupportedError(
            "bulk_create(ignore_conflicts=True) is not supported: kintone refuses a "
            "whole request because of one record. Find the records that exist, and leave them out: "
            'in_bulk(codes, field_name="code").'
        )
    size = _size(batch_size)
    owner.forget_prefetched()
    if update_conflicts:
        key = require_key(meta, unique_fields)
        names = _names(meta, update_fields, "update_fields")
        if names == []:
            raise ValueError(
                "bulk_create(update_fields=[]) would change nothing. Leave update_fields out."
            )
        upsert_all(meta, instances, key, connection, size=size, update_fields=names)
    else:
        insert_all(meta, instances, connection, size=size)
    make_peers(instances)


def update_many(
    meta: Meta,
    instances: Sequence[Instance],
    connection: Connection,
    owner: Owner,
    *,
    fields: Iterable[str] | None,
    batch_size: int | None,
    check_revision: bool,
) -> int:
    """Write the stored instances and return their number: see `QuerySet.bulk_update`."""
    names = _names(meta, fields, "fields")
    if names == []:
        raise ValueError("Field names must be given to bulk_update().")
    for instance in instances:
        if instance.pk is None:
            raise ValueError("All bulk_update() objects must have a primary key set.")
        # This call raises ValueError for a record of another connection.
        connection_of(instance, connection)
    size = _size(batch_size)
    owner.forget_prefetched()
    fetch_unready(instances, meta.fields.keys() if names is None else set(names))
    return update_each(meta, instances, names, connection, size=size, check=check_revision)


def _names(meta: Meta, names: Iterable[str] | None, argument: str) -> list[str] | None:
    """Return the names as a list (None stays None); FieldError for a field that is not writable."""
    if names is None:
        return None
    listed = list_of_names(names, argument)
    for name in listed:
        writable_field(meta, name)
    return listed


def _size(batch_size: int | None) -> int:
    return part_size(batch_size, most=RECORDS_PER_WRITE, name="batch_size")
