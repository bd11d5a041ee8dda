"""Where one request of kintone's, the upsert, does exactly what Django means.

Source: kintone REST API, "Update Records": a record is named by the value of a field without
duplicates; if there is none, it is added and the field gets that value. What is sent is written in
both cases, so it has to be meant for both.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kintone_orm.api.records import update_records
from kintone_orm.exceptions import FieldError, NotSupportedError
from kintone_orm.fields.base import UNSET
from kintone_orm.limits import UPDATE_KEY_CHARACTERS
from kintone_orm.models.known_fields import require_fields
from kintone_orm.models.validation import problems_of_new, validate
from kintone_orm.models.writer import changed_values, encode, inserted, told_about
from kintone_orm.signals import post_save, pre_save

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from kintone_orm.connection import Connection
    from kintone_orm.fields.base import Field
    from kintone_orm.models.base import Model
    from kintone_orm.models.options import Options

__all__ = [
    "fits_one_upsert",
    "keyed",
    "require_all_fields",
    "require_key",
    "require_keys",
    "upsert_one",
    "usable_key",
]

# The Japanese document names these two; nobody has measured the others.
_KEY_TYPES = ("SINGLE_LINE_TEXT", "NUMBER")
# What they hold is not merely written: rows have ids, files are uploaded.
_NESTED = ("SUBTABLE", "FILE")


def fits_one_upsert(meta: Options, name: str, defaults: Iterable[str]) -> bool:
    """Whether finding by `name` and writing `defaults` is one upsert, and nothing else.

    What a new record needs besides, a required field or a default of the model's, must not be
    written into one that is there; and neither a `save()` of one's own nor a receiver of its
    signals must be passed by.
    """
    given = {name, *defaults}
    field = meta.fields.get(name)
    return (
        field is not None
        and _can_be_key(field)
        and name not in defaults
        and all(meta.fields[each].kintone_type not in _NESTED for each in given)
        and all(
            not each.required and each.default is UNSET
            for other, each in meta.fields.items()
            if other not in given
        )
        and not _saves_its_own_way(meta.model)
    )


def upsert_one(instance: Model, name: str, connection: Connection) -> bool:
    """Whether the record was added: `instance` is new, and knows its id and revision now."""
    meta, values = instance._meta, changed_values(instance)
    key = meta.fields[name]
    validate(problems_of_new(instance, values), where=f"{meta.label}.objects.update_or_create")
    require_fields(meta, connection, values)
    with told_about(instance):
        records = [keyed(instance, key, values, connection)]
        answer = update_records(
            connection, app=meta.app_id(connection), records=records, upsert=True
        )
    (told,) = answer["records"]
    created: bool = told["operation"] == "INSERT"
    inserted(instance, connection, values, told["id"], told["revision"], added=created)
    return created


def keyed(
    instance: Model, key: Field[Any, Any], values: Mapping[str, Any], connection: Connection
) -> dict[str, Any]:
    """One of the records of an upsert: what names it, and the rest of its values."""
    rest = {name: value for name, value in values.items() if name != key.name}
    value = key.to_api(values[key.name])
    record = encode(instance, connection, rest)
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


def require_all_fields(
    key: Field[Any, Any], instances: Iterable[Model], update_fields: Iterable[str]
) -> None:
    """NotSupportedError if the objects hold other values than those that are to be updated."""
    wanted = set(update_fields)
    for instance in instances:
        if (held := changed_values(instance).keys() - {key.name}) != wanted:
            raise NotSupportedError(
                f"kintone writes the same values into a record that is there as into a new one, "
                f"so update_fields must be all that {instance!r} holds: "
                f"{', '.join(sorted(held)) or 'nothing'}. Leave update_fields out, or the others."
            )


def require_keys(key: Field[Any, Any], instances: Iterable[Model]) -> None:
    """FieldError if one of the new instances has no key of its own."""
    seen: dict[Any, int] = {}
    for index, instance in enumerate(instances):
        value = key.peek(instance)
        if value is UNSET or not usable_key(key, value):
            raise FieldError(f"[{index}].{key.name}: {value!r} names no record: {key} is the key.")
        if (before := seen.setdefault(value, index)) != index:
            raise FieldError(
                f"[{index}].{key.name}: {value!r} is the key of [{before}], too; of two writes to "
                "one record in a request, kintone does not say which wins."
            )


def usable_key(key: Field[Any, Any], value: Any) -> bool:
    """Whether the Python value can name a record: no blank, and not too long."""
    sent = None if value is None else key.to_api(value)
    return bool(sent) and len(str(sent)) <= UPDATE_KEY_CHARACTERS


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
