"""Values that a caller gives by name, checked and converted before they are written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kintone_orm.exceptions import FieldError
from kintone_orm.models.writing.bulk import check_values

if TYPE_CHECKING:
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
    """The field called `name`; FieldError if there is none, or if only kintone writes it."""
    field = meta.get_field(name)
    if not field.writable:
        raise FieldError(field.why_read_only())
    return field


def can_be_set(meta: Meta, name: str) -> bool:
    """True if a new record can be given `name`, a field or a relation; FieldError if unknown."""
    return name in meta.relations or meta.get_field(name).writable


def coerced(meta: Meta, name: str, value: Any, zone: Zone) -> Any:
    """The value as the field called `name` keeps it; FieldError if it does not fit."""
    return writable_field(meta, name).coerce(value, zone)


def require_assignable(meta: Meta, values: Values, zone: Zone) -> None:
    """Raise FieldError for a value that its field does not take; functions are not called."""
    for name, value in meta.by_field(values).items():
        if callable(value):
            writable_field(meta, name)
        else:
            coerced(meta, name, value, zone)


def values_to_write(meta: Meta, values: Values, zone: Zone) -> dict[str, Any]:
    """The values of an update by field name.

    FieldError if there are none or one does not fit; ValidationError for one that may not be saved.
    """
    by_field = meta.by_field(values)
    converted = {name: coerced(meta, name, value, zone) for name, value in by_field.items()}
    if not converted:
        raise FieldError("update() needs at least one field=value.")
    check_values(meta, converted)
    return converted


def called(values: Values) -> dict[str, Any]:
    """The values, with the results of those that are functions."""
    return {name: value() if callable(value) else value for name, value in values.items()}
