"""Field definitions: which settings each type has, and what they are when nobody says.

Source: kintone REST API, "Get Form Fields" and "Add Form Fields". A definition is kept complete:
every setting of its type is there, numbers as texts, "" for what is not set.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from ..ground import limits
from ..ground.choices import SYSTEM_FIELDS
from ..ground.errors import misshapen
from ..ground.field_code import FIELD_CODE
from ..ground.parameters import (
    Check,
    array,
    boolean,
    check_parameters,
    filled,
    integer,
    mapping,
    one_of,
    optional,
    required,
    sized_text,
    structure,
    text,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from ..ground.problems import Problems

__all__ = ["ADDABLE", "EXISTING", "complete"]

# A field code: kintone help, "Field codes". The emulator's texts rely on it holding no quote.
_CODE = re.compile(FIELD_CODE)
# Two tools quote the help: no field may have these codes.
_RESERVED = ("not", "__ROOT__")
_WHOLE = re.compile(r"[0-9]{1,9}")
_SCALE = re.compile(r"[0-9]|10")
_DECIMAL = re.compile(r"-?[0-9]{1,30}(\.[0-9]{1,30})?")


def _spelled(pattern: re.Pattern[str], key: str) -> Check:
    """A number of the form's settings: kept as a text, "" when it is not set."""

    def check(value: Any, path: str, problems: Problems) -> str:
        digits = str(value)
        if digits and not pattern.fullmatch(digits):
            problems.add(path, key)
            return ""
        return digits

    return check


def _code(value: Any, path: str, problems: Problems) -> str:
    code = text(value, path, problems)
    too_long = len(code) > limits.FIELD_CODE_LENGTH
    if too_long or code in _RESERVED or not _CODE.fullmatch(code):
        problems.add(path, "field_code")
    return code


def _numeral(*choices: str) -> Check:
    """One of these numbers, as a text or not."""
    known = one_of(*choices)

    def check(value: Any, path: str, problems: Problems) -> str:
        digits: str = known(str(value), path, problems)
        return digits

    return check


def _options(value: Any, path: str, problems: Problems) -> dict[str, dict[str, str]]:
    """{name: {"label": name, "index": "0"}}: the label is the name, in the default language."""
    if not isinstance(value, dict) or not value:
        problems.add(path, "options")
        return {}
    found = {}
    table = {"label": required(sized_text(1, limits.LABEL_LENGTH)), "index": required(_whole)}
    for name, option in value.items():
        settings = check_parameters(option, table, f"{path}[{name}]", problems)
        if settings.get("label") not in (None, name):
            problems.add(f"{path}[{name}].label", "option_label")
        found[name] = settings
    return found


_whole = _spelled(_WHOLE, "integer")
_decimal = _spelled(_DECIMAL, "number")
_label = sized_text(1, limits.LABEL_LENGTH)
_unit = sized_text(0, limits.LABEL_LENGTH)
_names = array(text)


def _entities(*kinds: str) -> Check:
    return array(structure({"code": required(text), "type": required(one_of(*kinds))}))


def _chosen(*kinds: str, function: str) -> Check:
    """Entities of these kinds, or a function that stands for one."""
    listed = _entities(*kinds, "FUNCTION")

    def check(value: Any, path: str, problems: Problems) -> list[dict[str, str]]:
        entities: list[dict[str, str]] = listed(value, path, problems)
        for position, entity in enumerate(entities):
            if entity.get("type") == "FUNCTION" and entity["code"] != function:
                problems.add(f"{path}[{position}].code", "enum")
        return entities

    return check


_SHOWN: dict[str, tuple[Check, Any]] = {"noLabel": (boolean, False)}
_ENTRY = {**_SHOWN, "required": (boolean, False)}
_TEXT = {**_ENTRY, "defaultValue": (text, "")}
_LENGTHS = {"minLength": (_whole, ""), "maxLength": (_whole, "")}
_UNIQUE = {"unique": (boolean, False)}
_OPTIONS = {**_ENTRY, "options": (_options, None)}
_ALIGN = {"align": (one_of("HORIZONTAL", "VERTICAL"), "HORIZONTAL")}
_MOMENT = {**_TEXT, "defaultNowValue": (boolean, False)}
_FORMULA = {"expression": (text, ""), "hideExpression": (boolean, False)}
_UNIT = {
    "displayScale": (_spelled(_SCALE, "scale"), ""),
    "unit": (_unit, ""),
    "unitPosition": (one_of("BEFORE", "AFTER"), "BEFORE"),
}
_FORMATS = ("NUMBER", "NUMBER_DIGIT", "DATETIME", "DATE", "TIME", "HOUR_MINUTE", "DAY_HOUR_MINUTE")
_WORKFLOW: dict[str, tuple[Check, Any]] = {"enabled": (boolean, False)}

_RELATED_APP = required(structure({"app": optional(integer()), "code": optional(text)}))
_PAIR = {"field": required(text), "relatedField": required(text)}
_SIZES = ("1", "3", "5", "10", "20", "30", "40", "50")
_REFERENCE = {
    "relatedApp": _RELATED_APP,
    "condition": required(structure(_PAIR)),
    "filterCond": optional(text),
    "displayFields": filled(_names),
    "sort": optional(text),
    "size": optional(_numeral(*_SIZES)),
}
_LOOKUP = {
    "relatedApp": _RELATED_APP,
    "relatedKeyField": required(text),
    "fieldMappings": required(array(structure(_PAIR))),
    "lookupPickerFields": optional(_names),
    "filterCond": optional(text),
    "sort": optional(text),
}

# The settings of each type besides type, code and label: how each is read, and its default. One
# without a default (None) must be sent.
_SETTINGS: dict[str, dict[str, tuple[Check, Any]]] = {
    "RECORD_NUMBER": _SHOWN,
    "CREATOR": _SHOWN,
    "CREATED_TIME": _SHOWN,
    "MODIFIER": _SHOWN,
    "UPDATED_TIME": _SHOWN,
    "STATUS": _WORKFLOW,
    "STATUS_ASSIGNEE": _WORKFLOW,
    "CATEGORY": _WORKFLOW,
    "SINGLE_LINE_TEXT": {
        **_TEXT,
        **_UNIQUE,
        **_LENGTHS,
        **_FORMULA,
    },
    "MULTI_LINE_TEXT": _TEXT,
    "RICH_TEXT": _TEXT,
    "LINK": {
        **_TEXT,
        **_UNIQUE,
        **_LENGTHS,
        "protocol": (one_of("WEB", "CALL", "MAIL"), "WEB"),
    },
    "NUMBER": {
        **_ENTRY,
        **_UNIQUE,
        "defaultValue": (sized_text(0, limits.NUMBER_DEFAULT_LENGTH), ""),
        "minValue": (_decimal, ""),
        "maxValue": (_decimal, ""),
        "digit": (boolean, False),
        **_UNIT,
    },
    "CALC": {**_ENTRY, **_FORMULA, "format": (one_of(*_FORMATS), "NUMBER"), **_UNIT},
    "CHECK_BOX": {**_OPTIONS, **_ALIGN, "defaultValue": (_names, [])},
    "MULTI_SELECT": {**_OPTIONS, "defaultValue": (_names, [])},
    "RADIO_BUTTON": {**_OPTIONS, **_ALIGN, "required": (boolean, True), "defaultValue": (text, "")},
    "DROP_DOWN": {**_OPTIONS, "defaultValue": (text, "")},
    "DATE": {**_MOMENT, **_UNIQUE},
    "TIME": _MOMENT,
    "DATETIME": {**_MOMENT, **_UNIQUE},
    "USER_SELECT": {
        **_ENTRY,
        "entities": (_entities("USER", "GROUP", "ORGANIZATION"), []),
        "defaultValue": (_chosen("USER", "GROUP", "ORGANIZATION", function="LOGINUSER()"), []),
    },
    "ORGANIZATION_SELECT": {
        **_ENTRY,
        "entities": (_entities("ORGANIZATION"), []),
        "defaultValue": (_chosen("ORGANIZATION", function="PRIMARY_ORGANIZATION()"), []),
    },
    "GROUP_SELECT": {
        **_ENTRY,
        "entities": (_entities("GROUP"), []),
        "defaultValue": (_entities("GROUP"), []),
    },
    "FILE": {**_ENTRY, "thumbnailSize": (one_of("50", "150", "250", "500"), "50")},
    "SUBTABLE": {**_SHOWN, "fields": (mapping, None)},
    "GROUP": {**_SHOWN, "openGroup": (boolean, False)},
    "REFERENCE_TABLE": {**_SHOWN, "referenceTable": (structure(_REFERENCE), None)},
}

# A lookup has none of the settings of the type that it is based on.
_LOOKUP_SETTINGS: dict[str, tuple[Check, Any]] = {**_ENTRY, "lookup": (structure(_LOOKUP), None)}
_LOOKUP_TYPES = ("SINGLE_LINE_TEXT", "NUMBER", "LINK")

EXISTING = frozenset(_SETTINGS)
"""The types that a form may have."""
ADDABLE = EXISTING - {kind for kind, _, _ in SYSTEM_FIELDS}
"""The types that may be added to a form."""
_IN_TABLES = ADDABLE - {"SUBTABLE", "GROUP", "REFERENCE_TABLE"}


def complete(sent: Any, path: str, problems: Problems, *, types: Collection[str]) -> dict[str, Any]:
    """The definition with every setting of its type, which must be one of `types`.

    What is wrong is noted below `path`.
    """
    if not isinstance(sent, dict):
        raise misshapen(path, "object")
    kind = sent.get("type")
    if not isinstance(kind, str) or kind not in types:
        problems.add(f"{path}.type", "enum")
        problems.offer(f"{path}.type", sorted(types))
        return {}
    is_lookup = sent.get("lookup") is not None and kind in _LOOKUP_TYPES
    settings = _LOOKUP_SETTINGS if is_lookup else _SETTINGS[kind]
    found = _checked(sent, settings, path, problems)
    if "options" in settings:
        _check_default(found, path, problems)
    if kind == "RADIO_BUTTON":
        found["required"] = True  # whatever was sent: monosashi, August 2026
    if found.get("unique") and found.get("maxLength") == "":
        found["maxLength"] = str(limits.UNIQUE_TEXT_LENGTH)  # likewise
    if found.get("expression") and found.get("unique"):
        problems.add(f"{path}.unique", "calculated_unique")
    if is_lookup and found["lookup"]:
        _complete(found["lookup"], {"lookupPickerFields": [], "filterCond": "", "sort": ""})
    if kind == "REFERENCE_TABLE" and found["referenceTable"]:
        _complete(found["referenceTable"], {"filterCond": "", "sort": "", "size": "5"})
    if kind == "SUBTABLE":
        found["fields"] = _columns(found["fields"] or {}, f"{path}.fields", problems)
    return found


def _columns(sent: dict[str, Any], path: str, problems: Problems) -> dict[str, dict[str, Any]]:
    columns = {}
    for code, definition in sent.items():
        # `unique` cannot be set there.
        if isinstance(definition, dict):
            definition = {**definition, "unique": False}
        column = complete(definition, f"{path}[{code}]", problems, types=_IN_TABLES)
        columns[code] = column
    return columns


def _checked(
    sent: Mapping[str, Any],
    settings: Mapping[str, tuple[Check, Any]],
    path: str,
    problems: Problems,
) -> dict[str, Any]:
    table = {"type": required(text), "code": required(_code), "label": required(_label)}
    for name, (check, default) in settings.items():
        table[name] = required(check) if default is None else optional(check)
    # `unique` is taken from every type and kept by those that have it: measured.
    ignored = {"unique"} - settings.keys()
    kept = {name: value for name, value in sent.items() if name not in ignored}
    found = check_parameters(kept, table, path, problems)
    for name, (_, default) in settings.items():
        if found[name] is None:
            found[name] = default
    return found


def _check_default(found: dict[str, Any], path: str, problems: Problems) -> None:
    """A default must be an option; a radio button without one takes its first."""
    options, default = found["options"] or {}, found["defaultValue"]
    if found["type"] == "RADIO_BUTTON" and not default and options:
        default = min(options, key=lambda name: int(options[name]["index"] or 0))
        found["defaultValue"] = default
    for name in default if isinstance(default, list) else [default]:
        if name and name not in options:
            problems.add(f"{path}.defaultValue", "option", value=name)


def _complete(settings: dict[str, Any], defaults: Mapping[str, Any]) -> None:
    """Fill what a lookup, or a field of related records, leaves out; its app is a text."""
    app = settings["relatedApp"] or {}
    settings["relatedApp"] = {key: str(app.get(key) or "") for key in ("app", "code")}
    for name, default in defaults.items():
        settings[name] = settings[name] or default
