"""A live form, prepared for its records."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..calc import compile_formulas
from ..ground.choices import SYSTEM_FIELDS
from ..values import FIELD_TYPES, Field, Precision, field_of
from .fieldset import FieldSet
from .lookups import lookup_of
from .subtable import Subtable

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Form", "precision_of"]

_SYSTEM_TYPES = frozenset(kind for kind, _, _ in SYSTEM_FIELDS)
_ROUNDING = {"HALF_EVEN": "ROUND_HALF_EVEN", "UP": "ROUND_UP", "DOWN": "ROUND_DOWN"}


class Form:
    """The fields of an app as its live settings define them.

    `properties` are the definitions as in the answer of app/form/fields. `fields` are the fields
    that a request can write; for all others, `unwritable` has the type by code. For the fields that
    the server fills, `system` has the code by type. `unique` are the fields that prohibit
    duplicates. `has_files` is true if a field holds files. `formulas` fill the calculated fields.

    Raises GAIA_IL01 for an invalid formula.
    """

    def __init__(self, properties: Mapping[str, Mapping[str, Any]], precision: Precision) -> None:
        self.properties = properties
        self.fields = _fields(properties, precision)
        self.system = {
            definition["type"]: code
            for code, definition in properties.items()
            if definition["type"] in _SYSTEM_TYPES
        }
        self.unwritable = {
            code: definition["type"]
            for code, definition in properties.items()
            if code not in self.fields.fields
        }
        self.unique = tuple(field for field in self.fields.fields.values() if field.unique)
        self.has_files = _has_files(self.fields)
        self.formulas = compile_formulas(properties, precision)


def _has_files(fields: FieldSet) -> bool:
    return any(
        _has_files(field.columns) if isinstance(field, Subtable) else field.type == "FILE"
        for field in fields.fields.values()
    )


def precision_of(general: Mapping[str, Any]) -> Precision:
    """Return the number precision in an app's general settings."""
    setting = general["numberPrecision"]
    return Precision(
        digits=int(setting["digits"]),
        decimal_places=int(setting["decimalPlaces"]),
        rounding=_ROUNDING[setting["roundingMode"]],
    )


def _fields(properties: Mapping[str, Mapping[str, Any]], precision: Precision) -> FieldSet:
    fields: dict[str, Field] = {}
    for code, definition in properties.items():
        if definition["type"] == "SUBTABLE":
            columns = _fields(definition["fields"], precision)
            fields[code] = Subtable(definition, precision, columns)
        elif definition["type"] in FIELD_TYPES:
            fields[code] = field_of(definition, precision)
    lookups = (lookup_of(definition) for definition in properties.values())
    return FieldSet(fields, tuple(lookup for lookup in lookups if lookup))
