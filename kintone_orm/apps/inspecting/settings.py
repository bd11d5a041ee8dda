"""The options of a field's declaration, from its settings in the form.

Each rule takes a field and yields the options that say its settings, and a remark for a
setting that no option says. Settings that only change how a form looks are left out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timezone
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from kintone_orm.apps.inspecting.source_text import Text, argument, call, list_of, string, tuple_of
from kintone_orm.models.ground.form_definitions import option_names

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from typing import TypeAlias

    from kintone_orm.apps.inspecting.source_text import Expression
    from kintone_orm.models.ground.form_definitions import Definition

__all__ = [
    "FIELD_CLASSES",
    "Choices",
    "Plain",
    "Remark",
    "kind_of",
    "label",
    "required",
    "settings",
]


@dataclass(frozen=True, slots=True)
class Remark:
    """A sentence about a setting that the declaration cannot say."""

    text: str


@dataclass(frozen=True, slots=True)
class Choices:
    """The Enum of a field's options: its class, and its members by option."""

    class_: str
    members: Mapping[str, str]

    def member(self, option: str) -> str:
        """Return the expression of an option."""
        return f"{self.class_}.{self.members[option]}"


@dataclass(frozen=True, slots=True)
class Plain:
    """A field as the form defines it, with the Enum of its options if it has one."""

    definition: Definition
    choices: Choices | None = None


if TYPE_CHECKING:
    Argument: TypeAlias = tuple[str, Expression]
    Option: TypeAlias = Argument | Remark
    Rule: TypeAlias = Callable[[Plain], Iterator[Option]]

_UNIQUE_CHARACTERS = 64  # a unique text has this limit by itself
_WHOLE = re.compile(r"-?(0|[1-9][0-9]*)")
_ENTITIES = {"USER": "User", "ORGANIZATION": "Organization", "GROUP": "Group"}
_FUNCTIONS = {
    "LOGINUSER()": "LoginUser",
    "PRIMARY_ORGANIZATION()": "PrimaryOrganization",
}


def settings(plain: Plain, *, is_filled: bool) -> tuple[list[Argument], list[str]]:
    """Return the options of a plain field's declaration, and the remarks on the others.

    `is_filled` says that a lookup copies a value into the field, so that it has no default.
    """
    options: list[Argument] = []
    remarks: list[str] = []
    for rule in FIELD_CLASSES[kind_of(plain.definition)][1]:
        for option in rule(plain):
            if isinstance(option, Remark):
                remarks.append(option.text)
            elif is_filled and option[0] == "default=":
                remarks.append("The default is left out: a lookup fills this field.")
            else:
                options.append(option)
    return options, remarks


def kind_of(definition: Definition) -> str:
    """Return the field's type as `FIELD_CLASSES` has it."""
    kind: str = definition["type"]
    is_calculated = kind == "SINGLE_LINE_TEXT" and definition.get("expression")
    return "calculated text" if is_calculated else kind


def label(plain: Plain) -> Iterator[Argument]:
    """Yield `verbose_name` if the label differs from the code."""
    text = plain.definition.get("label")
    if text and text != plain.definition["code"]:
        yield argument("verbose_name", Text(text))


def required(plain: Plain) -> Iterator[Argument]:
    """Yield `required`."""
    if plain.definition.get("required"):
        yield argument("required", "True")


def _unique(plain: Plain) -> Iterator[Option]:
    if plain.definition.get("unique"):
        yield argument("unique", "True")


def _lengths(plain: Plain) -> Iterator[Option]:
    least, most = (_whole(plain.definition.get(name)) for name in ("minLength", "maxLength"))
    if least:
        yield argument("min_length", str(least))
    if most is not None and not (plain.definition.get("unique") and most == _UNIQUE_CHARACTERS):
        yield argument("max_length", str(most))


def _range(plain: Plain) -> Iterator[Option]:
    for setting, option in (("minValue", "min_value"), ("maxValue", "max_value")):
        number = _decimal(plain.definition.get(setting))
        if number is not None:
            yield argument(option, _number(number))


def _unit(plain: Plain) -> Iterator[Option]:
    if plain.definition.get("unit"):
        yield argument("unit", Text(plain.definition["unit"]))
        if plain.definition.get("unitPosition") == "AFTER":
            yield argument("unit_position", string("AFTER"))


def _protocol(plain: Plain) -> Iterator[Option]:
    protocol = plain.definition.get("protocol") or "WEB"
    if protocol != "WEB":
        yield argument("protocol", string(protocol))


def _options(plain: Plain) -> Iterator[Option]:
    if plain.choices is not None:
        yield argument("choices", plain.choices.class_)
    elif names := option_names(plain.definition):
        yield argument("choices", list_of([Text(name) for name in names]))
    labels = {
        name: option.get("label") for name, option in plain.definition.get("options", {}).items()
    }
    if renamed := [name for name, text in labels.items() if text not in (None, name)]:
        names_of_renamed = ", ".join(map(repr, renamed))
        yield Remark(f"The form shows the options {names_of_renamed} under other labels.")


def _formula(plain: Plain) -> Iterator[Option]:
    yield argument("expression", Text(plain.definition.get("expression") or ""))
    yield from _required_without_effect(plain)


def _format(plain: Plain) -> Iterator[Option]:
    kind = plain.definition.get("format") or "NUMBER"
    if kind != "NUMBER":
        yield argument("format", string(kind))


def _text_default(plain: Plain) -> Iterator[Option]:
    text = plain.definition.get("defaultValue")
    if text:
        units = len(text.encode("utf-16-le", "surrogatepass")) // 2  # as kintone counts
        least, most = (_whole(plain.definition.get(name)) for name in ("minLength", "maxLength"))
        if (least or 0) <= units <= (most or units):
            yield argument("default", Text(text))
        else:
            yield _refused_default(text)


def _number_default(plain: Plain) -> Iterator[Option]:
    least, default, most = (
        _decimal(plain.definition.get(name)) for name in ("minValue", "defaultValue", "maxValue")
    )
    if default is None:
        return
    if (least is None or least <= default) and (most is None or default <= most):
        yield argument("default", _number(default))
    else:
        yield _refused_default(plain.definition["defaultValue"])


def _refused_default(default: object) -> Remark:
    return Remark(f"The app's own default {default!r} is outside the limits that it sets itself.")


def _moment_default(function: str, read: Callable[[str], Expression]) -> Rule:
    """Return the rule for the default of a date, a time or an instant."""

    def rule(plain: Plain) -> Iterator[Option]:
        text = plain.definition.get("defaultValue")
        if plain.definition.get("defaultNowValue"):
            yield argument("default", f"{function}()")
        elif text:
            try:
                yield argument("default", read(text))
            except ValueError:
                yield Remark(f"The default {text!r} cannot be read.")

    return rule


def _option_default(plain: Plain) -> Iterator[Option]:
    """Yield the default option; for a radio button only if it is not the first one."""
    default, names = plain.definition.get("defaultValue"), option_names(plain.definition)
    is_implied = plain.definition["type"] == "RADIO_BUTTON" and names[:1] == [default]
    if not default or is_implied:
        return
    if default not in names:
        yield Remark(f"The default {default!r} is not among the options.")
    else:
        yield argument(
            "default", Text(default) if plain.choices is None else plain.choices.member(default)
        )


def _options_default(plain: Plain) -> Iterator[Option]:
    defaults: Sequence[str] = plain.definition.get("defaultValue") or []
    names = option_names(plain.definition)
    if unknown := [option for option in defaults if option not in names]:
        yield Remark(f"The default {unknown[0]!r} is not among the options.")
    elif defaults:
        yield argument(
            "default",
            tuple_of(
                [
                    Text(option) if plain.choices is None else plain.choices.member(option)
                    for option in defaults
                ]
            ),
        )


def _entities(plain: Plain) -> Iterator[Option]:
    if entities := plain.definition.get("entities"):
        codes = ", ".join(entity["code"] for entity in entities)
        yield Remark(f"The form offers only {codes} to choose from; kintone does not check it.")


def _entities_default(plain: Plain) -> Iterator[Option]:
    defaults: Sequence[Mapping[str, str]] = plain.definition.get("defaultValue") or []
    kinds = {entity.get("type") for entity in defaults}
    functions = [_FUNCTIONS.get(entity["code"]) for entity in defaults]
    own = plain.definition["type"].removesuffix("_SELECT")
    if not defaults:
        return
    if kinds == {"FUNCTION"} and len(defaults) == 1 and functions[0]:
        yield argument("default", f"{functions[0]}()")
    elif kinds == {own}:
        class_ = f"fields.{_ENTITIES[own]}"
        values: list[Expression] = [f"{class_}({string(entity['code'])})" for entity in defaults]
        yield argument("default", tuple_of(values))
    else:
        codes = ", ".join(entity["code"] for entity in defaults)
        yield Remark(
            f"The app's own default ({codes}) is not only {_ENTITIES[own]}s; kintone sets it."
        )


def _required_without_effect(plain: Plain) -> Iterator[Option]:
    if plain.definition.get("required"):
        yield Remark("The form says required, which kintone does not enforce for a calculation.")


def _whole(text: object) -> int | None:
    return int(str(text)) if text not in (None, "") else None


def _decimal(text: object) -> Decimal | None:
    """Return the number in a setting; None if there is none."""
    try:
        return None if text in (None, "") else Decimal(str(text))
    except InvalidOperation:
        return None


def _number(number: Decimal) -> Expression:
    digits = format(number, "f")
    return digits if _WHOLE.fullmatch(digits) else call("Decimal", string(digits))


def _date(text: str) -> Expression:
    day = date.fromisoformat(text)
    return f"dt.date({day.year}, {day.month}, {day.day})"


def _time(text: str) -> Expression:
    moment = time.fromisoformat(text)
    return f"dt.time({moment.hour}, {moment.minute})"


def _instant(text: str) -> Expression:
    instant = datetime.fromisoformat(text.replace("Z", "+00:00"))
    if instant.tzinfo is None:
        raise ValueError(text)
    utc = instant.astimezone(timezone.utc)
    return call("dt.datetime.fromisoformat", string(utc.isoformat()))


_SIZED = (required, _unique, _lengths, _text_default, label)
_CHOSEN = (_options, required)
_ENTITY = (required, _entities, _entities_default, label)

FIELD_CLASSES: dict[str, tuple[str, tuple[Rule, ...]]] = {
    "SINGLE_LINE_TEXT": ("SingleLineTextField", _SIZED),
    "MULTI_LINE_TEXT": ("MultiLineTextField", (required, _text_default, label)),
    "RICH_TEXT": ("RichTextField", (required, _text_default, label)),
    "LINK": ("LinkField", (_protocol, *_SIZED)),
    "NUMBER": ("NumberField", (required, _unique, _range, _unit, _number_default, label)),
    "CALC": ("CalcField", (_format, _formula, _unit, label)),
    "CHECK_BOX": ("CheckBoxField", (*_CHOSEN, _options_default, label)),
    "MULTI_SELECT": ("MultiSelectField", (*_CHOSEN, _options_default, label)),
    # The setting "required" of radio buttons is always true, and old records have blanks.
    "RADIO_BUTTON": ("RadioButtonField", (_options, _option_default, label)),
    "DROP_DOWN": ("DropDownField", (*_CHOSEN, _option_default, label)),
    "DATE": ("DateField", (required, _unique, _moment_default("Today", _date), label)),
    "TIME": ("TimeField", (required, _moment_default("Now", _time), label)),
    "DATETIME": ("DateTimeField", (required, _unique, _moment_default("Now", _instant), label)),
    "FILE": ("FileField", (required, label)),
    "USER_SELECT": ("UserSelectField", _ENTITY),
    "ORGANIZATION_SELECT": ("OrganizationSelectField", _ENTITY),
    "GROUP_SELECT": ("GroupSelectField", _ENTITY),
    "RECORD_NUMBER": ("RecordNumberField", (label,)),
    "CREATOR": ("CreatorField", (label,)),
    "CREATED_TIME": ("CreatedTimeField", (label,)),
    "MODIFIER": ("ModifierField", (label,)),
    "UPDATED_TIME": ("UpdatedTimeField", (label,)),
    "STATUS": ("StatusField", (label,)),
    "STATUS_ASSIGNEE": ("StatusAssigneeField", (label,)),
    "CATEGORY": ("CategoryField", (label,)),
    "calculated text": ("SingleLineTextField", (_formula, label)),
}
"""The field class of each type of kintone, and the rules for its options, in their order."""
