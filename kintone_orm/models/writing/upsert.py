"""Adding or changing records by a key: by one request where kintone's upsert is exactly that.

Source: kintone REST API, "Update Records": a record is named by the value of a field without
duplicates; if there is none, it is added and the field gets that value. What is sent is written in
both cases, so it has to be meant for both. Where it is not, the keys are looked up first:
`kintone_orm.models.writing.two_step_upsert`.
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
    validate,
    validate_many,
)
from kintone_orm.models.writing.bulk import columns_of_new, encode_one, new_ones, write_instances
from kintone_orm.models.writing.form_check import require_fields
from kintone_orm.models.writing.refusals import Sent, told_about
from kintone_orm.models.writing.saving import changed_values, inserted
from kintone_orm.models.writing.two_step_upsert import Wanted, look_and_write
from kintone_orm.signals import post_save, pre_save

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from kintone_orm.api.caller import Caller
    from kintone_orm.connection import Connection
    from kintone_orm.fields.base import Field
    from kintone_orm.models.base import Model
    from kintone_orm.models.definition.options import Options

__all__ = [
    "fits_one_upsert",
    "require_key",
    "upsert_all",
    "upsert_one",
    "usable_key",
]

# The Japanese document names these two; nobody has measured the others.
_KEY_TYPES = ("SINGLE_LINE_TEXT", "NUMBER")
# What they hold is not merely written: rows have ids, files are uploaded.
_NESTED = ("SUBTABLE", "FILE")


def fits_one_upsert(meta: Options, name: str, defaults: Iterable[str]) -> bool:
    """Whether finding by `name` and writing `defaults` is one upsert, and nothing else.

    A record that is there must not get what only a new one needs: a required field, or a default of
    the model's. Nor must a lookup's key be sent again, which would copy its source once more. And a
    `save()` of the model's own, or a receiver of its signals, must not be passed by.
    """
    given = {name, *defaults}
    field = meta.fields.get(name)
    return (
        field is not None
        and _can_be_key(field)
        and name not in defaults
        and all(meta.fields[each].kintone_type not in _NESTED for each in given)
        and not any(isinstance(meta.fields[each], LookupField) for each in given)
        and all(
            not each.required and each.default is UNSET
            for other, each in meta.fields.items()
            if other not in given
        )
        and not _saves_its_own_way(meta.model)
    )


def upsert_one(instance: Model, name: str, connection: Connection) -> bool:
    """True if the record was added. `instance` was new, and knows its id and revision now."""
    meta = instance._meta
    sent = Sent(0, instance, changed_values(instance))
    key, values = meta.fields[name], sent.values
    validate(problems_of_new(instance, values), where=f"{meta.label}.objects.update_or_create")
    require_fields(meta, connection, values, lambda: columns_of_new(meta, [sent]))
    with told_about(instance, values, connection, key=name):
        answer = update_records(
            checked(connection),
            app=meta.app_id(connection),
            records=[_keyed(sent, key, connection)],
            upsert=True,
        )
    (told,) = answer["records"]
    return _learn(sent, name, connection, told)


def _keyed(sent: Sent, key: Field[Any, Any], connection: Connection) -> dict[str, Any]:
    """One of the records of an upsert: what names it, and the rest of its values."""
    rest = {name: value for name, value in sent.values.items() if name != key.name}
    value = key.to_api(sent.values[key.name])
    record = encode_one(sent._replace(values=rest), connection)
    return {"updateKey": {"field": key.code, "value": value}, "record": record}


def require_key(meta: Options, unique_fields: Iterable[str] | None) -> Field[Any, Any]:
    """The one field of `unique_fields`; NotSupportedError if kintone cannot upsert by it."""
    names = [unique_fields] if isinstance(unique_fields, str) else list(unique_fields or ())
    if len(names) == 1 and _can_be_key(field := meta.get_field(names[0])):
        return field
    possible = [name for name, field in meta.fields.items() if _can_be_key(field)]
    raise NotSupportedError(
        f"bulk_create(update_conflicts=True) finds the records by one unique field: "
        f"unique_fields=[name], of a single line text or number field with unique=True. "
        f"{meta.label} has {' and '.join(map(repr, possible)) or 'none'}."
    )


def upsert_all(
    meta: Options,
    instances: Sequence[Model],
    key: Field[Any, Any],
    connection: Connection,
    *,
    size: int,
    update_fields: Sequence[str] | None,
) -> None:
    """Add those of them whose `key` no record has, and write the others into the records.

    A record that is there gets the `update_fields`, assigned or not, or else what was assigned: a
    default of the model's is for new records. Every object is checked before the first request, as
    if it were new.
    """
    prepared = new_ones(meta, instances)
    _require_keys(key, [each.instance for each in prepared])
    wanted = [Wanted(each, _for_existing(each, key, update_fields)) for each in prepared]
    problems = ((each.new.place, problems_of_values(meta, each.existing)) for each in wanted)
    validate_many(problems, where=f"{meta.label}.objects.bulk_create")
    names = {name for each in wanted for name in (*each.new.values, *each.existing)}
    require_fields(meta, connection, names, lambda: columns_of_new(meta, prepared))
    if all(_is_the_same(each, key) for each in wanted):
        _upsert_unseen(meta, prepared, key, connection, size=size)
    else:
        look_and_write(meta, wanted, key, connection, size=size)


def _upsert_unseen(
    meta: Options,
    prepared: Sequence[Sent],
    key: Field[Any, Any],
    connection: Connection,
    *,
    size: int,
) -> None:
    app = meta.app_id(connection)

    def send(caller: Caller, part: Sequence[Sent]) -> Any:
        records = [_keyed(each, key, connection) for each in part]
        return update_records(caller, app=app, records=records, upsert=True)

    def learn(part: Sequence[Sent], answer: Mapping[str, Any]) -> None:
        for each, told in zip(part, answer["records"], strict=True):
            _learn(each, key.name, connection, told)

    write_instances(meta, connection, prepared, send, learn, size=size, key=key.name)


def _for_existing(
    new: Sent, key: Field[Any, Any], update_fields: Sequence[str] | None
) -> dict[str, Any]:
    """The values for a record that is there: the fields that are named, or what was assigned."""
    if update_fields is None:
        by_default = unassigned_defaults(new.instance)
        return {n: v for n, v in new.values.items() if n not in by_default and n != key.name}
    return {n: getattr(new.instance, n) for n in update_fields if n != key.name}


def _is_the_same(wanted: Wanted, key: Field[Any, Any]) -> bool:
    """True if a new record and one that is there get the same, and no lookup copies once more."""
    fields = wanted.new.instance._meta.fields
    return wanted.existing.keys() == wanted.new.values.keys() - {key.name} and not any(
        isinstance(fields[name], LookupField) for name in wanted.existing
    )


def _learn(sent: Sent, name: str, connection: Connection, told: Mapping[str, Any]) -> bool:
    """The object, found by its field `name`, is a record now; whether that was added."""
    added: bool = told["operation"] == "INSERT"
    id_, revision = told["id"], told["revision"]
    values, key = dict(sent.values), sent.values[name]
    if not added and isinstance(key, str) and key.endswith(" "):
        del values[name]  # the record that it found may have no blanks there
    inserted(sent.instance, connection, values, id_, revision, added=added)
    return added


def _require_keys(key: Field[Any, Any], instances: Iterable[Model]) -> None:
    """FieldError if one of the new instances has no key of its own."""
    seen: dict[Any, int] = {}
    for index, instance in enumerate(instances):
        where = f"{instance._meta.label}.objects.bulk_create: [{index}].{key.name}"
        value = key.peek(instance)
        if value is UNSET or is_blank(value):
            raise FieldError(
                f"{where}: no value. It is the key, which names the record: give it one."
            )
        if not usable_key(key, value):
            raise FieldError(
                f"{where}: a key has {UPDATE_KEY_CHARACTERS} characters at most, and this "
                f"one has {len(str(key.to_api(value)))}."
            )
        if (before := seen.setdefault(value, index)) != index:
            raise FieldError(
                f"{where}: {value!r} is the key of [{before}], too; of two writes to one record "
                "in a request, kintone does not say which wins. Leave one of them out."
            )


def usable_key(key: Field[Any, Any], value: Any) -> bool:
    """Whether the Python value can name a record: no blank, and not too long."""
    return not is_blank(value) and len(str(key.to_api(value))) <= UPDATE_KEY_CHARACTERS


def _can_be_key(field: Field[Any, Any]) -> bool:
    return (
        field.unique
        and field.writable
        and field.typed() is field
        and field.kintone_type in _KEY_TYPES
    )


def _saves_its_own_way(model: Any) -> bool:
    root: Any = [cls for cls in model.__mro__ if hasattr(cls, "_meta")][-1]
    heard = any(signal.has_listeners(model) for signal in (pre_save, post_save))
    return heard or model.save is not root.save
