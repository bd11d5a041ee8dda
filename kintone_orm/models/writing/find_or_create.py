"""`get_or_create` and `update_or_create`: find the record with these values, or else add it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

from kintone_orm import exceptions
from kintone_orm.connection import connections
from kintone_orm.exceptions import InvalidInput, NotSupportedError
from kintone_orm.models.writing.new_values import called, can_be_set, coerced, require_assignable
from kintone_orm.models.writing.taken_values import mention_hidden_records
from kintone_orm.models.writing.upsert import fits_one_upsert, upsert_one, usable_key

if TYPE_CHECKING:
    from collections.abc import Callable

    from kintone_orm.connection import Connection
    from kintone_orm.models.ground.protocols import Meta
    from kintone_orm.models.ground.values import Values
    from kintone_orm.models.record.instance import Instance
    from kintone_orm.models.writing.records import Owner, WritableRecords
    from kintone_orm.query.comparable import Zone

    M = TypeVar("M", bound="Instance")
else:
    M = TypeVar("M")

__all__ = ["get_or_create", "update_or_create"]

_ATTEMPTS = 3


def get_or_create(
    records: WritableRecords[M],
    defaults: Values | None,
    conditions: Values,
    *,
    zone: Zone,
    whole: bool,
) -> tuple[M, bool]:
    """Return the matching record or a new one: see `QuerySet.get_or_create`.

    `whole` is True if the queryset leaves out no record and no field.
    """
    meta: Meta = records.model._meta
    equal = {name: value for name, value in conditions.items() if "__" not in name}
    settable = {name: value for name, value in equal.items() if can_be_set(meta, name)}
    values = settable | dict(defaults or {})
    require_assignable(meta, values, zone)
    try:
        return records.get(**conditions), False
    except records.model.DoesNotExist as missing:
        for name in equal.keys() - settable.keys():
            if name not in ("id", "pk") or equal[name] is not None:
                raise NotSupportedError(
                    f"{missing} A new record cannot get this value, because kintone writes "
                    f"{name!r} itself. Leave {name!r} out of the conditions, or use get() for a "
                    "record that must exist."
                ) from None
    try:
        return records.create(**called(values)), True
    except exceptions.UniqueViolation as refusal:
        # Somebody else added the record in between. The refusal may contain that record already.
        if whole and len(conditions) == 1:
            for name in equal:
                if (holder := refusal.taken_by.get(name)) is not None:
                    return holder, False
        try:
            return records.get(**conditions), False
        except records.model.DoesNotExist:
            # The unique value belongs to a record that does not match the conditions.
            raise refusal from None
    except exceptions.ValidationError as refusal:
        if isinstance(refusal.__cause__, InvalidInput):
            for name, value in equal.items():
                mention_hidden_records(refusal, name, value)
        raise


def update_or_create(
    records: WritableRecords[M],
    defaults: Values | None,
    create_defaults: Values | None,
    conditions: Values,
    *,
    connection: Callable[[], Connection],
    owner: Owner,
    everything: bool,
) -> tuple[M, bool]:
    """Return the updated or new record: see `QuerySet.update_or_create`.

    `everything` is True if the queryset leaves out no record.
    """
    meta: Meta = records.model._meta

    def zone() -> Any:
        return connection().timezone

    values = defaults or {}
    require_assignable(meta, values, zone)
    require_assignable(meta, create_defaults or {}, zone)
    if create_defaults is None and everything and _is_one_upsert(meta, conditions, values, zone):
        (name,) = conditions
        where = connection()
        with connections.override(where):
            instance = records.model(**conditions, **called(values))
        owner.forget_prefetched()
        # If the answer is lost, the upsert is not sent again, even where the connection allows it:
        # the second answer would call a record that the first request added an existing one.
        once = replace(where.current_retry, repeat_unversioned=False)
        with connections.override(where, retry=once):
            return instance, upsert_one(instance, name, where)
    attempts = _ATTEMPTS
    while True:
        instance, created = records.get_or_create(
            values if create_defaults is None else create_defaults, **conditions
        )
        if created:
            return instance, True
        with connections.override(connection()):
            for name, value in called(values).items():
                setattr(instance, name, value)
        owner.forget_prefetched()
        attempts -= 1
        try:
            instance.save(check_revision=False)
        # Somebody deleted the record in between, so find it or add it again.
        except records.model.DoesNotExist:
            if not attempts:
                raise
        else:
            return instance, False


def _is_one_upsert(meta: Meta, conditions: Values, defaults: Values, zone: Zone) -> bool:
    """Return True if kintone's own upsert by the only condition has exactly the same effect."""
    written = meta.by_field(defaults)
    return len(conditions) == 1 and all(
        fits_one_upsert(meta, name, written)
        and usable_key(meta.fields[name], coerced(meta, name, value, zone))
        for name, value in conditions.items()
    )
