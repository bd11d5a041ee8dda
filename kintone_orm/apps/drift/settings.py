"""The settings of a field that a model can declare, and how each is compared with the app's.

kintone fills in a default for a setting that a request leaves out. So a setting that the model does
not declare is compared with this default. Source: kintone REST API, "Get Form Fields".
"""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any, NamedTuple

from kintone_orm.apps.drift.finding import Difference
from kintone_orm.apps.drift.spaces import without_spaces
from kintone_orm.fields.base import UNREADABLE
from kintone_orm.limits import UPDATE_KEY_CHARACTERS
from kintone_orm.models.ground.form_definitions import option_names

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from typing import TypeAlias

    from kintone_orm.apps.drift.finding import Kind
    from kintone_orm.fields import Field

    Settings: TypeAlias = Mapping[str, Any]
    Read: TypeAlias = Callable[[Field, Settings], Any]

__all__ = ["compare_settings"]


def _value(name: str) -> Read:
    """Return a function that reads a setting; kintone's "" and False become None."""
    return lambda _, settings: settings.get(name) or None


def _number(name: str) -> Read:
    """Return a function that reads a number, which kintone writes as a text: "5" equals "5.0"."""

    def read(_: Field, settings: Settings) -> Decimal | None:
        try:
            return Decimal(str(settings.get(name))).normalize()
        except InvalidOperation:  # "" or None
            return None

    return read


def _least_characters(field: Field, settings: Settings) -> Any:
    return _number("minLength")(field, settings) or None


def _most_characters(field: Field, settings: Settings) -> Any:
    """Return the maximum length. A unique text has at most 64 characters, stated or not."""
    most = _number("maxLength")(field, settings)
    is_unique = field.unique or settings.get("unique")
    return None if is_unique and most == UPDATE_KEY_CHARACTERS else most


def _unit(_: Field, settings: Settings) -> str | None:
    """Return a number with the unit: "$ 1" or "1 kg"."""
    unit = settings.get("unit")
    is_before = settings.get("unitPosition", "BEFORE") == "BEFORE"
    return (f"{unit} 1" if is_before else f"1 {unit}") if unit else None


def _default(field: Field, settings: Settings) -> Any:
    if settings.get("defaultNowValue"):
        return "now"
    default = settings.get("defaultValue")
    if isinstance(default, list):  # options by name, or entities
        names = (item["code"] if isinstance(item, dict) else item for item in default)
        return sorted(names) or None
    try:
        return field.to_python(default) if default else None
    except UNREADABLE:
        return default


def _formula(_: Field, settings: Settings) -> str | None:
    return without_spaces(settings.get("expression")) or None


class _Row(NamedTuple):
    """How a setting is compared.

    `option` is the argument of the field's class. `set_to` and `not_set` say what a model or an app
    has. `read` returns a form of the setting that is equal if the settings mean the same, and None
    if the setting is not set.
    """

    kind: Kind
    is_drift: bool
    option: str
    set_to: str
    not_set: str
    read: Read


_ROWS = {
    "required": _Row(
        "required",
        True,
        "required",
        "requires a value",
        "does not require a value",
        _value("required"),
    ),
    "unique": _Row(
        "unique", True, "unique", "prohibits duplicates", "allows duplicates", _value("unique")
    ),
    "minLength": _Row(
        "length",
        True,
        "min_length",
        "asks for at least {} characters",
        "has no minimum length",
        _least_characters,
    ),
    "maxLength": _Row(
        "length",
        True,
        "max_length",
        "allows at most {} characters",
        "has no maximum length",
        _most_characters,
    ),
    "minValue": _Row(
        "range", True, "min_value", "has the minimum {}", "has no minimum", _number("minValue")
    ),
    "maxValue": _Row(
        "range", True, "max_value", "has the maximum {}", "has no maximum", _number("maxValue")
    ),
    "protocol": _Row(
        "protocol", True, "protocol", "has the protocol {}", "has no protocol", _value("protocol")
    ),
    "expression": _Row(
        "formula", True, "expression", "has the formula {!r}", "has no formula", _formula
    ),
    "defaultValue": _Row(
        "default", False, "default", "has the default {!r}", "has no default", _default
    ),
    "label": _Row(
        "label", False, "verbose_name", "has the label {!r}", "has no label", _value("label")
    ),
    "unit": _Row("unit", False, "unit", "shows {!r}", "shows no unit", _unit),
}

# Formats whose values a CalcField reads alike. They differ in what people see.
_READ_ALIKE = ({"NUMBER", "NUMBER_DIGIT"}, {"HOUR_MINUTE", "DAY_HOUR_MINUTE"})


def compare_settings(field: Field, declared: Settings, actual: Settings) -> Iterator[Difference]:
    """Yield the differences between the model's field (`declared`) and the app's (`actual`)."""
    for name, row in _ROWS.items():
        ours, theirs = row.read(field, declared), row.read(field, actual)
        if ours != theirs and not _is_silent(name, field, declared, actual):
            sides = [
                row.not_set if value is None else row.set_to.format(_plain(value))
                for value in (ours, theirs)
            ]
            yield _difference(row.kind, row.is_drift, row.option, actual, sides)
    yield from _compare_format(declared, actual)
    yield from _compare_options(declared, actual)


def _is_silent(name: str, field: Field, declared: Settings, actual: Settings) -> bool:
    """Return True if the model leaves this setting to the app, or if kintone has set it itself."""
    kind: str = actual["type"]
    if name in declared:
        # kintone sets `required` of radio buttons itself, whatever a request says. A lookup of the
        # app has none of the settings of its type.
        kintone_sets_it = name == "required" and kind == "RADIO_BUTTON"
        return kintone_sets_it or (name == "protocol" and "lookup" in actual)
    if name == "expression":
        return kind == "CALC"
    if name == "maxLength":  # a validator of the model may be as strict as the app
        ours, theirs = field.most_characters, _most_characters(field, actual)
        return ours is not None and bool(ours <= theirs)
    if name == "defaultValue":
        # Without a default, a radio button has its first option.
        first = option_names(actual)[:1] if kind == "RADIO_BUTTON" else []
        return bool(callable(field.default) or [actual.get("defaultValue")] == first)
    if name == "label":
        return True
    return name in ("required", "unique", "protocol")


def _compare_format(declared: Settings, actual: Settings) -> Iterator[Difference]:
    ours, theirs = declared.get("format"), actual.get("format")
    if ours and theirs and ours != theirs:
        is_drift = not any({ours, theirs} <= alike for alike in _READ_ALIKE)
        sides = [f"has the format {value}" for value in (ours, theirs)]
        yield _difference("format", is_drift, "format", actual, sides)


def _compare_options(declared: Settings, actual: Settings) -> Iterator[Difference]:
    ours, theirs = option_names(declared), option_names(actual)
    if not ours or not theirs or ours == theirs:
        return
    missing = ", ".join(repr(name) for name in ours if name not in theirs)
    added = ", ".join(repr(name) for name in theirs if name not in ours)
    if missing and added:
        sides = [f"has the choices {missing}", f"has {added} instead"]
    elif missing:
        sides = [f"has the choices {missing}", "lacks them"]
    elif added:
        sides = [f"lacks the choices {added}", "has them"]
    else:
        sides = [f"orders its choices {', '.join(map(repr, names))}" for names in (ours, theirs)]
    is_drift = bool(missing or added)
    kind: Kind = "choices" if is_drift else "order of choices"
    yield _difference(kind, is_drift, "choices", actual, sides)


def _difference(
    kind: Kind, is_drift: bool, option: str, actual: Settings, sides: list[str]
) -> Difference:
    ours, theirs = sides
    text = (
        f"the model {ours}, but the app's field {actual['code']!r} {theirs}. Change {option!r} in "
        "the model, or change the app."
    )
    return Difference(kind, is_drift, text)


def _plain(value: Any) -> Any:
    return format(value, "f") if isinstance(value, Decimal) else value
