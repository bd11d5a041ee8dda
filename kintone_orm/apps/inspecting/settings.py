"""The options of a field's declaration, from its settings in the form.

Each rule takes a field and yields the options that say its settings, and a remark for a
setting that no option says. Settings that only change how a form looks are left out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kintone_orm.apps.inspecting.defaults import (
    date_default,
    entities_default,
    instant_default,
    number_default,
    option_default,
    options_default,
    text_default,
    time_default,
)
from kintone_orm.apps.inspecting.plain_field import Remark, decimal_in, number_source, whole_in
from kintone_orm.apps.inspecting.source_text import Text, argument, list_of, string
from kintone_orm.limits import UPDATE_KEY_CHARACTERS
from kintone_orm.models.ground.form_definitions import option_names

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kintone_orm.apps.inspecting.plain_field import Argument, Option, Plain, Rule
    from kintone_orm.models.ground.form_definitions import Definition

__all__ = ["RULES", "kind_of", "label", "required", "settings"]


def settings(plain: Plain, *, is_filled: bool) -> tuple[list[Argument], list[str]]:
    """Return the options of a plain field's declaration, and the remarks on the others.

    `is_filled` says that a lookup copies a value into the field, so that it has no default.
    """
    options: list[Argument] = []
    remarks: list[str] = []
    for rule in RULES[kind_of(plain.definition)]:
        for option in rule(plain):
            if isinstance(option, Remark):
                remarks.append(option.text)
            elif is_filled and option[0] == "default=":
                remarks.append("The default is left out: a lookup fills this field.")
            else:
                options.append(option)
    return options, remarks


def kind_of(definition: Definition) -> str:
    """Return the field's type as `RULES` has it."""
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
    least, most = (whole_in(plain.definition.get(name)) for name in ("minLength", "maxLength"))
    if least:
        yield argument("min_length", str(least))
    # A unique text has this limit by itself.
    if most is not None and not (plain.definition.get("unique") and most == UPDATE_KEY_CHARACTERS):
        yield argument("max_length", str(most))


def _range(plain: Plain) -> Iterator[Option]:
    for setting, option in (("minValue", "min_value"), ("maxValue", "max_value")):
        number = decimal_in(plain.definition.get(setting))
        if number is not None:
            yield argument(option, number_source(number))


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


def _entities(plain: Plain) -> Iterator[Option]:
    if entities := plain.definition.get("entities"):
        codes = ", ".join(entity["code"] for entity in entities)
        yield Remark(f"The form offers only {codes} to choose from; kintone does not check it.")


def _required_without_effect(plain: Plain) -> Iterator[Option]:
    if plain.definition.get("required"):
        yield Remark("The form says required, which kintone does not enforce for a calculation.")


_SIZED = (required, _unique, _lengths, text_default, label)
_CHOSEN = (_options, required)
_ENTITY = (required, _entities, entities_default, label)

RULES: dict[str, tuple[Rule, ...]] = {
    "SINGLE_LINE_TEXT": _SIZED,
    "MULTI_LINE_TEXT": (required, text_default, label),
    "RICH_TEXT": (required, text_default, label),
    "LINK": (_protocol, *_SIZED),
    "NUMBER": (required, _unique, _range, _unit, number_default, label),
    "CALC": (_format, _formula, _unit, label),
    "CHECK_BOX": (*_CHOSEN, options_default, label),
    "MULTI_SELECT": (*_CHOSEN, options_default, label),
    # The setting "required" of radio buttons is always true, and old records have blanks.
    "RADIO_BUTTON": (_options, option_default, label),
    "DROP_DOWN": (*_CHOSEN, option_default, label),
    "DATE": (required, _unique, date_default, label),
    "TIME": (required, time_default, label),
    "DATETIME": (required, _unique, instant_default, label),
    "FILE": (required, label),
    "USER_SELECT": _ENTITY,
    "ORGANIZATION_SELECT": _ENTITY,
    "GROUP_SELECT": _ENTITY,
    "RECORD_NUMBER": (label,),
    "CREATOR": (label,),
    "CREATED_TIME": (label,),
    "MODIFIER": (label,),
    "UPDATED_TIME": (label,),
    "STATUS": (label,),
    "STATUS_ASSIGNEE": (label,),
    "CATEGORY": (label,),
    "calculated text": (_formula, label),
}
"""The rules for the options of each type of kintone, in the order of the options."""
