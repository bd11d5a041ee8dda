"""Changes to a preview form: adding, changing and deleting fields.

Source: kintone REST API, "Add Form Fields", "Update Form Fields", "Delete Form Fields".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..forms.definitions import ADDABLE, EXISTING, complete
from ..ground import limits
from ..ground.errors import fault

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from ..ground.errors import KintoneError
    from ..ground.problems import Problems
    from .apps import App

__all__ = ["add_fields", "delete_fields", "update_fields"]

Properties = dict[str, dict[str, Any]]

# The types of fields that cannot be deleted. Source: kintone REST API, "Delete Form Fields".
_FIXED = ("STATUS", "STATUS_ASSIGNEE", "CATEGORY")


def add_fields(app: App, sent: Mapping[str, object], problems: Problems) -> None:
    """Add fields, {code: definition}. A code must differ from those of all fields and columns."""
    properties, origins = app["preview"]["properties"], app["origins"]
    before = set(properties)
    for code, definition in sent.items():
        path = f"properties[{code}]"
        added = complete(definition, path, problems, types=ADDABLE)
        for new, field in ((code, added), *added.get("fields", {}).items()):
            if field and field["code"] != new:
                problems.add(f"{path}.code", "code_differs")
            if new in origins:
                problems.add(f"{path}.code", "code_taken", code=new)
            origins[new] = None
        properties[code] = added
        _check_condition(added, before, path, problems)
    _check_count(app, problems)


def _check_condition(
    definition: Mapping[str, Any], before: Collection[str], path: str, problems: Problems
) -> None:
    """Check that the condition of a reference table uses a field that existed before the request.

    kintone's rule was observed once (monosashi, September 2026).
    """
    settings = definition.get("referenceTable")
    condition = settings["condition"] if settings else None
    if condition and condition["field"] not in before:
        problems.add(f"{path}.referenceTable.condition.field", "condition_field")


def update_fields(
    app: App, sent: Mapping[str, object], looked_up: Collection[str], problems: Problems
) -> dict[str, str]:
    """Change fields, {code: changes}, and return the new codes by the old codes.

    A `code` among the changes is the new code. The codes in `looked_up` cannot change, because
    lookups or reference tables name them. Raises GAIA_FC01 for a code that does not exist.
    """
    preview = app["preview"]
    new_codes: dict[str, str] = {}
    for code, changes in sent.items():
        if code not in preview["properties"]:
            raise fault("GAIA_FC01", code=code)
        path = f"properties[{code}]"
        before = preview["properties"][code]
        after = complete(_merged(before, changes, path, problems), path, problems, types=EXISTING)
        if after:
            new_codes |= _follow_codes(app, before, after, path, looked_up, problems)
            preview["properties"] = {
                after["code"] if key == code else key: after if key == code else definition
                for key, definition in preview["properties"].items()
            }
    _check_count(app, problems)
    return new_codes


def delete_fields(app: App, codes: Sequence[str], refusals: Mapping[str, KintoneError]) -> None:
    """Delete fields and columns by code. Groups and subtables are deleted with their fields.

    Raises GAIA_FC01 for a code that does not exist, and CB_NO02 for the fields of the process and
    of categories. For a code in `refusals`, raises the error given there.
    """
    properties, origins = app["preview"]["properties"], app["origins"]
    for code in dict.fromkeys(member for sent in codes for member in _with_group(app, sent)):
        fields = _fields_with(properties, code)
        if fields is None:
            raise fault("GAIA_FC01", code=code)
        definition = fields.pop(code)
        if definition["type"] in _FIXED:
            raise fault("CB_NO02")
        for deleted in (code, *definition.get("fields", ())):
            if deleted in refusals:
                raise refusals[deleted]
            origins.pop(deleted)


def _with_group(app: App, code: str) -> list[str]:
    """Return the code and, for a group, the codes of the fields in it."""
    inside = [
        element["code"]
        for line in app["preview"]["layout"]
        if line["type"] == "GROUP" and line["code"] == code
        for row in line["layout"]
        for element in row["fields"]
        if element.get("code")
    ]
    return [code, *inside]


def _merged(before: dict[str, Any], changes: object, path: str, problems: Problems) -> Any:
    """Return the definition with the changes merged, also inside lookups, tables and columns."""
    if not isinstance(changes, dict):
        return changes
    if changes.get("type", before["type"]) != before["type"]:
        problems.add(f"{path}.type", "type_fixed")
    if "enabled" in changes:
        problems.add(f"{path}.enabled", "not_here")
    merged = {**before, **changes, "type": before["type"]}
    for name in ("lookup", "referenceTable"):
        if isinstance(changes.get(name), dict) and before.get(name):
            merged[name] = {**before[name], **changes[name]}
    if isinstance(changes.get("fields"), dict) and "fields" in before:
        columns = before["fields"]
        merged["fields"] = columns | {
            code: _merged(columns[code], inner, f"{path}.fields[{code}]", problems)
            if code in columns
            else inner
            for code, inner in changes["fields"].items()
        }
    return merged


def _follow_codes(
    app: App,
    before: dict[str, Any],
    after: dict[str, Any],
    path: str,
    looked_up: Collection[str],
    problems: Problems,
) -> dict[str, str]:
    """Update the app's `origins` for a changed field, and return new codes by old codes."""
    origins, columns = app["origins"], after.get("fields", {})
    renamed = [(before["code"], after["code"])] + [
        (code if code in before["fields"] else None, column.get("code", code))
        for code, column in columns.items()
    ]
    for old, new in renamed:
        if old == new:
            continue
        if new in origins:
            problems.add(f"{path}.code", "code_taken", code=new)
        if old in looked_up:
            problems.add(f"{path}.code", "code_in_lookup", code=old)
        origins[new] = None if old is None else origins.pop(old)
    if columns:
        after["fields"] = {column.get("code", code): column for code, column in columns.items()}
    return {old: new for old, new in renamed if old is not None and old != new}


def _fields_with(properties: Properties, code: str) -> Properties | None:
    """Return the form's or the subtable's fields that contain this code; None if no fields do."""
    if code in properties:
        return properties
    tables = (definition.get("fields", {}) for definition in properties.values())
    return next((fields for fields in tables if code in fields), None)


def _check_count(app: App, problems: Problems) -> None:
    # The limit counts columns of subtables, but not the fields that every app has.
    properties = app["preview"]["properties"].values()
    built_in = sum(definition.get("type") not in ADDABLE for definition in properties)
    count = len(app["origins"]) - built_in
    if count > limits.FIELDS_PER_APP:
        problems.add("properties", "too_many_fields", limit=limits.FIELDS_PER_APP)
