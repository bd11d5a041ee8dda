"""The part of a form that models can say, by the facts about kintone's fields.

It shares no code with the comparisons of the product. Left out are settings that only change how a
form looks, labels of options, the people that a form offers, and defaults of copied fields.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["sayable"]

_TEXT = "required unique minLength maxLength defaultValue"
_CHOICE = "options required defaultValue"
_PEOPLE = "required defaultValue"
_SETTINGS = {
    "SINGLE_LINE_TEXT": f"{_TEXT} expression",
    "LINK": f"{_TEXT} protocol",
    "MULTI_LINE_TEXT": "required defaultValue",
    "RICH_TEXT": "required defaultValue",
    "NUMBER": "required unique minValue maxValue unit unitPosition defaultValue",
    "CALC": "expression format unit unitPosition",
    "CHECK_BOX": _CHOICE,
    "MULTI_SELECT": _CHOICE,
    "DROP_DOWN": _CHOICE,
    "RADIO_BUTTON": "options defaultValue",
    "DATE": "required unique defaultValue defaultNowValue",
    "TIME": "required defaultValue defaultNowValue",
    "DATETIME": "required unique defaultValue defaultNowValue",
    "FILE": "required",
    "USER_SELECT": _PEOPLE,
    "ORGANIZATION_SELECT": _PEOPLE,
    "GROUP_SELECT": _PEOPLE,
}
_NUMBERS = ("minLength", "maxLength", "minValue", "maxValue")
_DEFAULTS = ("defaultValue", "defaultNowValue")


def sayable(form: Mapping[str, Any], apps: Mapping[str, str]) -> dict[str, Any]:
    """Return what models can say of a form, by field code. `apps` has the key of each app's id.

    Groups are left out, and so are built-in fields that are not enabled.
    """
    filled = {
        pair["field"]
        for field in form.values()
        for pair in (field.get("lookup") or {}).get("fieldMappings", ())
    }
    return {
        code: _field(field, apps, is_filled=code in filled)
        for code, field in form.items()
        if field["type"] != "GROUP" and field.get("enabled", True)
    }


def _field(field: Mapping[str, Any], apps: Mapping[str, str], *, is_filled: bool) -> dict[str, Any]:
    kind = field["type"]
    settings: dict[str, Any] = {"type": kind, "label": field["label"]}
    if "lookup" in field:
        lookup = field["lookup"]
        pairs = {pair["field"]: pair["relatedField"] for pair in lookup["fieldMappings"]}
        settings |= {"required": field["required"], "copies": pairs, **_list(lookup, apps)}
        return settings | {"key": lookup["relatedKeyField"], "shown": lookup["lookupPickerFields"]}
    if kind == "REFERENCE_TABLE":
        table = field["referenceTable"]
        settings |= {"condition": table["condition"], "size": table["size"], **_list(table, apps)}
        return settings | {"shown": table["displayFields"]}
    if kind == "SUBTABLE":
        return settings | {"columns": sayable(field["fields"], apps)}
    for name in _SETTINGS.get(kind, "").split():
        if not (is_filled and name in _DEFAULTS):
            settings[name] = _setting(name, field.get(name))
    if not settings.get("unit"):
        settings.pop("unitPosition", None)
    return settings


def _list(settings: Mapping[str, Any], apps: Mapping[str, str]) -> dict[str, Any]:
    app = apps[settings["relatedApp"]["app"]]
    return {"app": app, "filter": settings["filterCond"], "sort": settings["sort"]}


def _setting(name: str, value: Any) -> Any:
    if name == "options":
        return sorted(value, key=lambda option: int(value[option]["index"]))
    if name in _NUMBERS:
        number = Decimal(value) if value else None
        return None if name == "minLength" and number == 0 else number
    return value or None
