"""The default of a field's declaration, from the default in the form."""

from __future__ import annotations

from datetime import date, datetime, time, timezone
from typing import TYPE_CHECKING

from kintone_orm.apps.inspecting.plain_field import Remark, decimal_in, number_source, whole_in
from kintone_orm.apps.inspecting.source_text import Text, argument, call, string, tuple_of
from kintone_orm.limits import characters
from kintone_orm.models.ground.form_definitions import option_names

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from kintone_orm.apps.inspecting.plain_field import Option, Plain, Rule
    from kintone_orm.apps.inspecting.source_text import Expression

__all__ = [
    "date_default",
    "entities_default",
    "instant_default",
    "number_default",
    "option_default",
    "options_default",
    "text_default",
    "time_default",
]

_ENTITIES = {"USER": "User", "ORGANIZATION": "Organization", "GROUP": "Group"}
_FUNCTIONS = {
    "LOGINUSER()": "LoginUser",
    "PRIMARY_ORGANIZATION()": "PrimaryOrganization",
}


def text_default(plain: Plain) -> Iterator[Option]:
    """Yield the default of a text."""
    text = plain.definition.get("defaultValue")
    if text:
        units = characters(text)
        least, most = (whole_in(plain.definition.get(name)) for name in ("minLength", "maxLength"))
        if (least or 0) <= units <= (most or units):
            yield argument("default", Text(text))
        else:
            yield _refused_default(text)


def number_default(plain: Plain) -> Iterator[Option]:
    """Yield the default of a number."""
    least, default, most = (
        decimal_in(plain.definition.get(name)) for name in ("minValue", "defaultValue", "maxValue")
    )
    if default is None:
        return
    if (least is None or least <= default) and (most is None or default <= most):
        yield argument("default", number_source(default))
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


def option_default(plain: Plain) -> Iterator[Option]:
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


def options_default(plain: Plain) -> Iterator[Option]:
    """Yield the default options of a field with several choices."""
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


def entities_default(plain: Plain) -> Iterator[Option]:
    """Yield the default users, organizations or groups, or the function that chooses one."""
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


date_default = _moment_default("Today", _date)
time_default = _moment_default("Now", _time)
instant_default = _moment_default("Now", _instant)
