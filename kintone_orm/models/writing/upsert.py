"""Upserts: updating the record with a key, or adding a record if none has the key.

kintone's own upsert is one request. It names a record by the value of a field without duplicates,
and writes the same values into an existing record and into a new one. It is used where that is
exactly what the program means. Otherwise the keys are read first: `two_step_upsert`.

Source: kintone REST API, "Update Records".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kintone_orm.api.answers import checked
from kintone_orm.api.records import update_records
from kintone_orm.exceptions import FieldError, NotSupportedError
from kintone_orm.fields.base import UNSET
from kintone_orm.fields.lookup import LookupField
from kintone_orm.limits import UPDATE_KEY_CHARACTERS
from kintone_orm.models.record.relation_keys import is_blank
from kintone_orm.models.record.state import unassigned_defaults
from kintone_orm.models.record.validation import (
    problems_of_new,
    problems_of_values,
    validate_many,
)
from kintone_orm.models.writing.bulk import columns_of_new, encode_one, prepare_new, write_instances
from kintone_orm.models.writing.form_check import check_write
from kintone_orm.models.writing.refusals import Sent, translating_refusals
from kintone_orm.models.writing.saving import apply_insert, changed_values
from kintone_orm.models.writing.two_step_upsert import Upsert, look_and_write
from kintone_orm.signals import post_save, pre_save

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from kintone_orm.api.caller import Caller
    from kintone_orm.connection import Connection
    from kintone_orm.fields.base import Field
    from kintone_orm.models.ground.protocols import Meta
    from kintone_orm.models.ground.values import Answer
    from kintone_orm.models.record.instance import Instance

__all__ = [
    "fits_one_upsert",
    "require_key",
    "upsert_all",
    "upsert_one",
    "usable_key",
]

# kintone's Japanese document names these two types. It is unknown if other types work.
_KEY_TYPES = ("SINGLE_LINE_TEXT", "NUMBER")
# The types whose values cannot be sent unchanged: rows have ids, and files are uploaded.
_NESTED = ("SUBTABLE", "FILE")


def fits_one_upsert(meta: Meta, name: str, defaults: Iterable[str]) -> bool:
    """Return True if one kintone upsert by `name` has exactly the effect of find-then-write.

    The effect differs if an existing record would get values that are meant for a new one (a
    required field, a default of the model), or a lookup's key, which copies the source's values
    again. It also differs if the model has a `save()` of its own, or receivers of its signals.
    """
    sent = {name, *defaults}
    field = meta.fields.get(name)
    return (
        field is not None
        and _can_be_key(field)
        and name not in defaults
        and all(meta.fields[other].kintone_type not in _NESTED for other in sent)
        and not any(isinstance(meta.fields[other], LookupField) for other in sent)
        and all(
            not field.needs_value and field.default is UNSET
            for other, field in meta.fields.items()
            if other not in sent
        )
        and not _saves_its_own_way(meta.model)
    )


def upsert_one(instance: Instance, name: str, connection: Connection) -> bool:
    """Upsert the new `instance`, which gets its id and revision; return True if it was added."""
    meta = instance._meta
    sent = Sent(0, instance, changed_values(instance))
    key, values = meta.fields[name], sent.values
    problems = problems_of_new(instance, values)
    check_write(
        meta,
        connection,
        [sent],
        {0: problems} if problems else {},
        values,
        lambda: columns_of_new(meta, [sent]),
        where=f"{meta.label}.objects.update_or_create",
        is_new=False,
        is_bulk=False,
    )
    lost = "The record may be written or not. Read it before you write it again."
    with translating_refusals(instance, values, connection, key=name, lost=lost):
        answer = update_records(
            checked(connection),
            app=meta.app_id(connection),
            records=[_keyed(sent, key, connection)],
            upsert=True,
        )
    (record,) = answer["records"]
    return _learn(sent, name, connection, record)


def _keyed(sent: Sent, key: Field, connection: Connection) -> dict[str, Any]:
    """Return one record of an upsert request: its key, and the rest of its values."""
    rest = {name: value for name, value in sent.values.items() if name != key.name}
    value = key.to_api(sent.values[key.name])
    record = encode_one(sent._replace(values=rest), connection)
    return {"updateKey": {"field": key.code, "value": value}, "record": record}


def require_key(meta: Meta, unique_fields: Iterable[str] | None) -> Field:
    """Return the one field of `unique_fields`; NotSupportedError if kintone cannot upsert by it."""
    names = [unique_fields] if isinstance(unique_fields, str) else list(unique_fields or ())
    if len(names) == 1 and _can_be_key(field := meta.get_field(names[0])):
        return field
    possible = [name for name, field in meta.fields.items() if _can_be_key(field)]
    raise NotSupportedError(
        "bulk_create(update_conflicts=True) finds records by one single line text or number field "
        f"with unique=True. Name it in unique_fields. {meta.label} has "
        f"{' and '.join(map(repr, possible)) or 'no field of that kind'}."
    )


def upsert_all(
    meta: Meta,
    instances: Sequence[Instance],
    key: Field,
    connection: Connection,
    *,
    size: int,
    update_fields: Sequence[str] | None,
) -> None:
    """Update the records that have the objects' `key`, and add the other objects.

    An existing record gets the `update_fields`. Without `update_fields` it gets the assigned
    values, but no defaults of the model, which are for new records. Every object is checked as a
    new one before the first request.
    """
    where = f"{meta.label}.objects.bulk_create"
    prepared, own_problems = prepare_new(instances)
    validate_many(own_problems.items(), where=where)
    _require_keys(key, [sent.instance for sent in prepared])
    upserts = [Upsert(sent, _for_existing(sent, key, update_fields)) for sent in prepared]
    found = ((upsert.new.place, problems_of_values(meta, upsert.existing)) for upsert in upserts)
    own_problems = {place: problems for place, problems in found if problems}
    names = {name for upsert in upserts for name in (*upsert.new.values, *upsert.existing)}
    check_write(
        meta,
        connection,
        [_sent_anyway(upsert, key) for upsert in upserts],
        own_problems,
        names,
        lambda: columns_of_new(meta, prepared),
        where=where,
        is_new=False,
        is_bulk=True,
    )
    if all(_writes_the_same(upsert, key) for upsert in upserts):
        _upsert_directly(meta, prepared, key, connection, size=size)
    else:
        look_and_write(meta, upserts, key, connection, size=size)


def _upsert_directly(
    meta: Meta,
    prepared: Sequence[Sent],
    key: Field,
    connection: Connection,
    *,
    size: int,
) -> None:
    app = meta.app_id(connection)

    def send(caller: Caller, hundred: Sequence[Sent]) -> Answer:
        records = [_keyed(sent, key, connection) for sent in hundred]
        return update_records(caller, app=app, records=records, upsert=True)

    def learn(hundred: Sequence[Sent], answer: Answer) -> None:
        for sent, record in zip(hundred, answer["records"], strict=True):
            _learn(sent, key.name, connection, record)

    write_instances(meta, connection, prepared, send, learn, size=size, key=key.name)


def _for_existing(new: Sent, key: Field, update_fields: Sequence[str] | None) -> dict[str, Any]:
    """Return the values for an existing record: the `update_fields`, or the assigned values."""
    if update_fields is None:
        by_default = unassigned_defaults(new.instance)
        return {n: v for n, v in new.values.items() if n not in by_default and n != key.name}
    return {n: getattr(new.instance, n) for n in update_fields if n != key.name}


def _sent_anyway(upsert: Upsert, key: Field) -> Sent:
    """Return the object with the values that are sent for a new and for an existing record."""
    names = {key.name, *upsert.existing}
    values = {name: value for name, value in upsert.new.values.items() if name in names}
    return upsert.new._replace(values=values)


def _writes_the_same(upsert: Upsert, key: Field) -> bool:
    """Return True if new and existing records get the same values, and no lookup's key."""
    fields = upsert.new.instance._meta.fields
    return upsert.existing.keys() == upsert.new.values.keys() - {key.name} and not any(
        isinstance(fields[name], LookupField) for name in upsert.existing
    )


def _learn(sent: Sent, name: str, connection: Connection, record: Answer) -> bool:
    """Update the object from its part of the answer; return True if the record was added."""
    added: bool = record["operation"] == "INSERT"
    id_, revision = record["id"], record["revision"]
    values, key = dict(sent.values), sent.values[name]
    if not added and isinstance(key, str) and key.endswith(" "):
        # The stored key may lack the trailing blanks of the sent key, so the key is deferred.
        del values[name]
    apply_insert(sent.instance, connection, values, id_, revision, added=added)
    return added


def _require_keys(key: Field, instances: Iterable[Instance]) -> None:
    """Raise FieldError if a key is missing, too long or used twice."""
    seen: dict[Any, int] = {}
    for index, instance in enumerate(instances):
        where = f"{instance._meta.label}.objects.bulk_create: [{index}].{key.name}"
        value = key.peek(instance)
        if value is UNSET or is_blank(value):
            raise FieldError(
                f"{where}: the object has no value for this field, which is the key that names "
                "the record. Give it a value."
            )
        if not usable_key(key, value):
            raise FieldError(
                f"{where}: the key has {len(str(key.to_api(value)))} characters; kintone allows at "
                f"most {UPDATE_KEY_CHARACTERS}."
            )
        if (before := seen.setdefault(value, index)) != index:
            raise FieldError(
                f"{where}: [{before}] has the same key {value!r}. kintone does not define which of "
                "two writes to one record in a request wins. Leave one of them out."
            )


def usable_key(key: Field, value: object) -> bool:
    """Return True if the Python value can name a record: not blank and not too long."""
    return not is_blank(value) and len(str(key.to_api(value))) <= UPDATE_KEY_CHARACTERS


def _can_be_key(field: Field) -> bool:
    return (
        field.unique
        and field.writable
        and field.typed() is field
        and field.kintone_type in _KEY_TYPES
    )


def _saves_its_own_way(model: Any) -> bool:
    root: Any = [cls for cls in model.__mro__ if hasattr(cls, "_meta")][-1]
    has_receivers = any(signal.has_listeners(model) for signal in (pre_save, post_save))
    return has_receivers or model.save is not root.save
