"""Field definitions: the settings of each type, and their defaults.

A stored definition is complete: it has every setting of its type. Numbers are texts, and settings
without a value are "".

Source: kintone REST API, "Get Form Fields" and "Add Form Fields".
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

# A field code has no quotes, because store/record_text.py searches for quoted codes in the text of
# a record.
_CODE = re.compile(FIELD_CODE)
# No field may have these codes. Source: two tools that quote kintone help.
_RESERVED = ("not", "__ROOT__")
_WHOLE = re.compile(r"[0-9]{1,9}")
_SCALE = re.compile(r"[0-9]|10")
_DECIMAL = re.compile(r"-?[0-9]{1,30}(\.[0-9]{1,30})?")


def _number(pattern: re.Pattern[str], key: str) -> Check:
    """Return a check for a number, stored as a text. `key` is the message if it is invalid."""

    def check(value: Any, path: str, problems: Problems) -> str:
        digits = str(value)
        if digits and not pattern.fullmatch(digits):
            problems.add(path, key)
            return ""
        return digits

    return check


def _code(value: object, path: str, problems: Problems) -> str:
    code = text(value, path, problems)
    too_long = len(code) > limits.FIELD_CODE_LENGTH
    if too_long or code in _RESERVED or not _CODE.fullmatch(code):
        problems.add(path, "field_code")
    return code


def _numeral(*choices: str) -> Check:
    """Return a check that a value is one of these numbers, sent as a number or a text."""
    check_choice = one_of(*choices)

    def check(value: Any, path: str, problems: Problems) -> str:
        digits: str = check_choice(str(value), path, problems)
        return digits

    return check


def _options(value: object, path: str, problems: Problems) -> dict[str, dict[str, str]]:
    """Check the options, {name: {"label": name, "index": "0"}}.

    An option's label must be its name, because the emulator has no other languages' labels.
    """
    if not isinstance(value, dict) or not value:
        problems.add(path, "options")
        return {}
    options = {}
    table = {"label": required(sized_text(1, limits.LABEL_LENGTH)), "index": required(_whole)}
    for name, option in value.items():
        settings = check_parameters(option, table, f"{path}[{name}]", problems)
        if settings.get("label") not in (None, name):
            problems.add(f"{path}[{name}].label", "option_label")
        options[name] = settings
    return options


_whole = _number(_WHOLE, "integer")
_decimal = _number(_DECIMAL, "number")
_label = sized_text(1, limits.LABEL_LENGTH)
_unit = sized_text(0, limits.LABEL_LENGTH)
_names = array(text)


def _entities(*kinds: str) -> Check:
    return array(structure({"code": required(text), "type": required(one_of(*kinds))}))


def _default_entities(*kinds: str, function: str) -> Check:
    """Return a check for the default value of a field of users, groups or organizations.

    The default is a list of entities of these kinds. It may also contain the query function.
    """
    check_entities = _entities(*kinds, "FUNCTION")

    def check(value: Any, path: str, problems: Problems) -> list[dict[str, str]]:
        entities: list[dict[str, str]] = check_entities(value, path, problems)
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
    "displayScale": (_number(_SCALE, "scale"), ""),
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

# The settings of each type, besides type, code and label, with their checks and defaults. A
# setting without a default (None) must be sent.
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
        "defaultValue": (
            _default_entities("USER", "GROUP", "ORGANIZATION", function="LOGINUSER()"),
            [],
        ),
    },
    "ORGANIZATION_SELECT": {
        **_ENTRY,
        "entities": (_entities("ORGANIZATION"), []),
        "defaultValue": (_default_entities("ORGANIZATION", function="PRIMARY_ORGANIZATION()"), []),
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

# A lookup has these settings instead of the settings of its type.
_LOOKUP_SETTINGS: dict[str, tuple[Check, Any]] = {**_ENTRY, "lookup": (structure(_LOOKUP), None)}
_LOOKUP_TYPES = ("SINGLE_LINE_TEXT", "NUMBER", "LINK")

EXISTING = frozenset(_SETTINGS)
"""The types that a form may have."""
ADDABLE = EXISTING - {kind for kind, _, _ in SYSTEM_FIELDS}
"""The types that may be added to a form."""
_IN_TABLES = ADDABLE - {"SUBTABLE", "GROUP", "REFERENCE_TABLE"}


def complete(
    sent: object, path: str, problems: Problems, *, types: Collection[str]
) -> dict[str, Any]:
    """Return the definition with every setting of its type. The type must be one of `types`.

    Problems are added with their place below `path`.
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
    definition = _checked(sent, settings, path, problems)
    if "options" in settings:
        _check_default(definition, path, problems)
    if kind == "RADIO_BUTTON":
        # Measured (monosashi, August 2026): kintone ignores `required` here, and sets it to true.
        definition["required"] = True
    if definition.get("unique") and definition.get("maxLength") == "":
        # Measured (monosashi, August 2026): kintone sets `maxLength` to the limit of unique texts.
        definition["maxLength"] = str(limits.UNIQUE_TEXT_LENGTH)
    if definition.get("expression") and definition.get("unique"):
        problems.add(f"{path}.unique", "calculated_unique")
    if is_lookup and definition["lookup"]:
        _complete(definition["lookup"], {"lookupPickerFields": [], "filterCond": "", "sort": ""})
    if kind == "REFERENCE_TABLE" and definition["referenceTable"]:
        _complete(definition["referenceTable"], {"filterCond": "", "sort": "", "size": "5"})
    if kind == "SUBTABLE":
        definition["fields"] = _columns(definition["fields"] or {}, f"{path}.fields", problems)
    return definition


def _columns(sent: dict[str, Any], path: str, problems: Problems) -> dict[str, dict[str, Any]]:
    columns = {}
    for code, definition in sent.items():
        # A column cannot prohibit duplicates, so `unique` is ignored.
        if isinstance(definition, dict):
            definition = {**definition, "unique": False}
        column = complete(definition, f"{path}[{code}]", problems, types=_IN_TABLES)
        columns[code] = column
    return columns


def _checked(
    sent: Mapping[str, object],
    settings: Mapping[str, tuple[Check, Any]],
    path: str,
    problems: Problems,
) -> dict[str, Any]:
    table = {"type": required(text), "code": required(_code), "label": required(_label)}
    for name, (check, default) in settings.items():
        table[name] = required(check) if default is None else optional(check)
    # Measured: kintone accepts `unique` for every type, but ignores it for types without this
    # setting.
    ignored = {"unique"} - settings.keys()
    relevant = {name: value for name, value in sent.items() if name not in ignored}
    definition = check_parameters(relevant, table, path, problems)
    for name, (_, default) in settings.items():
        if definition[name] is None:
            definition[name] = default
    return definition


def _check_default(definition: dict[str, Any], path: str, problems: Problems) -> None:
    """Check that the default is an option. The default of a radio button is its first option."""
    options, default = definition["options"] or {}, definition["defaultValue"]
    if definition["type"] == "RADIO_BUTTON" and not default and options:
        default = min(options, key=lambda name: int(options[name]["index"] or 0))
        definition["defaultValue"] = default
    for name in default if isinstance(default, list) else [default]:
        if name and name not in options:
            problems.add(f"{path}.defaultValue", "option", value=name)


def _complete(settings: dict[str, Any], defaults: Mapping[str, object]) -> None:
    """Fill in the missing settings of a lookup or reference table. The app's id becomes a text."""
    app = settings["relatedApp"] or {}
    settings["relatedApp"] = {key: str(app.get(key) or "") for key in ("app", "code")}
    for name, default in defaults.items():
        settings[name] = settings[name] or default
