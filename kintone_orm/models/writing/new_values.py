"""Values that a caller gives by name, checked and converted before they are written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kintone_orm.exceptions import FieldError
from kintone_orm.models.writing.bulk import check_values

if TYPE_CHECKING:
    from kintone_orm.connection import Connection
    from kintone_orm.fields.base import Field
    from kintone_orm.models.ground.protocols import Meta
    from kintone_orm.models.ground.values import Values
    from kintone_orm.query.comparable import Zone

__all__ = [
    "called",
    "can_be_set",
    "coerced",
    "require_assignable",
    "values_to_write",
    "writable_field",
]


def writable_field(meta: Meta, name: str) -> Field:
    """Return the field `name`; FieldError if it is unknown, or if only kintone writes it."""
    field = meta.get_field(name)
    if not field.writable:
        raise FieldError(field.why_read_only())
    return field


def can_be_set(meta: Meta, name: str) -> bool:
    """Return True if a new record can get a value for `name`, a field or a relation.

    Raises FieldError for an unknown name.
    """
    return name in meta.relations or meta.get_field(name).writable


def coerced(meta: Meta, name: str, value: object, zone: Zone) -> Any:
    """Return the value as the field `name` keeps it; FieldError if it does not fit."""
    return writable_field(meta, name).coerce(value, zone)


def require_assignable(meta: Meta, values: Values, zone: Zone) -> None:
    """Raise FieldError for a value that its field does not take; functions are not called."""
    for name, value in meta.by_field(values).items():
        if callable(value):
            writable_field(meta, name)
        else:
            coerced(meta, name, value, zone)


def values_to_write(
    meta: Meta, values: Values, zone: Zone, connection: Connection | None
) -> dict[str, Any]:
    """Return the values of an update by field name.

    Raises FieldError if there are no values, or if a value does not fit its field, and
    ValidationError if a value must not be saved. Without a `connection`, the values are not checked
    by the app's form.
    """
    by_field = meta.by_field(values)
    converted = {name: coerced(meta, name, value, zone) for name, value in by_field.items()}
    if not converted:
        raise FieldError("update() needs at least one field=value.")
    check_values(meta, converted, connection)
    return converted


def called(values: Values) -> dict[str, Any]:
    """Return the values, with each function replaced by its result."""
    return {name: value() if callable(value) else value for name, value in values.items()}
