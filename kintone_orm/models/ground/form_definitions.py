"""The facts in the settings of apps and in the definitions of fields, as kintone's API has them.

Definitions come from a form of kintone, or from `Field.definition()`, which may lack settings.
kintone writes "" for a setting that is not set, and None for a lookup of an app that the user may
not view.

Source: kintone REST API, "Get Form Fields", "Get General Settings".
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from kintone_orm.connection import FieldRules, KnownPrecision

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "BUILT_IN_TYPES",
    "FEATURE_TYPES",
    "Definition",
    "Form",
    "copied_fields",
    "copies",
    "field_rules",
    "number_precision",
    "option_names",
]

Definition: TypeAlias = "Mapping[str, Any]"
"""The settings of one field."""
Form: TypeAlias = "Mapping[str, Definition]"
"""The definitions of the fields of an app, or of the columns of a subtable, by code."""

BUILT_IN_TYPES: Final = (
    ("RECORD_NUMBER", "CATEGORY", "STATUS", "STATUS_ASSIGNEE")
    + ("CREATOR", "CREATED_TIME", "MODIFIER", "UPDATED_TIME")
)  # fmt: skip
"""The types of the fields that every app has from the start, each once and under any code."""
FEATURE_TYPES: Final = ("CATEGORY", "STATUS", "STATUS_ASSIGNEE")
"""The built-in types whose feature can be off; their setting "enabled" is False then."""

# kintone keeps the setting "required" for these types, but accepts blanks.
_NEVER_REQUIRED = ("CALC", "RADIO_BUTTON")
# kintone ignores the setting "unique" of other types.
_CAN_BE_UNIQUE = ("DATE", "DATETIME", "LINK", "NUMBER", "SINGLE_LINE_TEXT")


def option_names(definition: Definition) -> list[str]:
    """Return the names of a field's options in the order of the form; [] if it has none."""
    options: Mapping[str, Any] = definition.get("options") or {}
    return sorted(options, key=lambda name: int(options[name].get("index") or 0))


def copies(definition: Definition) -> dict[str, str]:
    """Return the codes that a lookup copies from the other app, by the codes that they fill.

    {} for a field that is no lookup.
    """
    pairs = (definition.get("lookup") or {}).get("fieldMappings") or ()
    return {pair["field"]: pair["relatedField"] for pair in pairs}


def copied_fields(form: Form) -> dict[str, str]:
    """Return the codes of lookups by the codes of the fields that they fill.

    A lookup fills fields of its own level: of the form, or of its subtable.
    """
    return {filled: code for code, definition in form.items() for filled in copies(definition)}


def field_rules(definition: Definition, *, is_column: bool = False) -> FieldRules:
    """Return the rules for the values of a field, or of a column of a subtable."""
    kind = definition["type"]
    is_unique = bool(definition.get("unique")) and not is_column and kind in _CAN_BE_UNIQUE
    return FieldRules(
        is_required=bool(definition.get("required")) and kind not in _NEVER_REQUIRED,
        has_default=bool(definition.get("defaultValue") or definition.get("defaultNowValue")),
        min_length=int(definition.get("minLength") or 0),
        max_length=int(definition.get("maxLength") or 0) or None,
        min_value=_number(definition.get("minValue")),
        max_value=_number(definition.get("maxValue")),
        options=tuple(option_names(definition)) or None,
        is_unique=is_unique,
    )


def number_precision(settings: Mapping[str, Any]) -> KnownPrecision | None:
    """Return the number precision in an app's general settings; None if they do not have it."""
    precision = settings.get("numberPrecision")
    if not precision:
        return None
    return KnownPrecision(
        int(precision["digits"]), int(precision["decimalPlaces"]), precision["roundingMode"]
    )


def _number(text: str | None) -> Decimal | None:
    return Decimal(text) if text else None
