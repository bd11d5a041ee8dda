"""Changes to a pre-live form: adding, changing and deleting fields.

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

# kintone REST API, "Delete Form Fields": what stays on every form.
_FIXED = ("STATUS", "STATUS_ASSIGNEE", "CATEGORY")


def add_fields(app: App, sent: Mapping[str, Any], problems: Problems) -> None:
    """Add fields, {code: definition}. The fields inside a subtable share the form's codes."""
    properties, origins = app["preview"]["properties"], app["origins"]
    before = set(properties)
    for code, definition in sent.items():
        path = f"properties[{code}]"
        found = complete(definition, path, problems, types=ADDABLE)
        for new, field in ((code, found), *found.get("fields", {}).items()):
            if field and field["code"] != new:
                problems.add(f"{path}.code", "code_differs")
            if new in origins:
                problems.add(f"{path}.code", "code_taken", code=new)
            origins[new] = None
        properties[code] = found
        _check_condition(found, before, path, problems)
    _check_count(app, problems)


def _check_condition(
    definition: Mapping[str, Any], before: Collection[str], path: str, problems: Problems
) -> None:
    """Note that related records have a condition on a field that comes with them, or later.

    Seen once (monosashi, September 2026): the field is there before the request.
    """
    settings = definition.get("referenceTable")
    condition = settings["condition"] if settings else None
    if condition and condition["field"] not in before:
        problems.add(f"{path}.referenceTable.condition.field", "condition_field")


def update_fields(
    app: App, sent: Mapping[str, Any], looked_up: Collection[str], problems: Problems
) -> dict[str, str]:
    """Change fields, {code: what changes}; a `code` inside is the new code. The new by the old.

    Codes in `looked_up` are named by lookups, and keep their names. GAIA_FC01 for a code that
    does not exist.
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
    """Delete fields by code, also inside subtables; a group or a table goes with its fields.

    GAIA_FC01 for a code that does not exist, CB_NO02 for a field of the process or categories, and
    `refusals` by code. Of the fields that every app has, five may be deleted.
    """
    properties, origins = app["preview"]["properties"], app["origins"]
    for code in dict.fromkeys(each for named in codes for each in _with_group(app, named)):
        holder = _holder(properties, code)
        if holder is None:
            raise fault("GAIA_FC01", code=code)
        definition = holder.pop(code)
        if definition["type"] in _FIXED:
            raise fault("CB_NO02")
        for gone in (code, *definition.get("fields", ())):
            if gone in refusals:
                raise refusals[gone]
            origins.pop(gone)


def _with_group(app: App, code: str) -> list[str]:
    """The code, and those of the fields in the group that has it."""
    inside = [
        element["code"]
        for line in app["preview"]["layout"]
        if line["type"] == "GROUP" and line["code"] == code
        for row in line["layout"]
        for element in row["fields"]
        if element.get("code")
    ]
    return [code, *inside]


def _merged(before: dict[str, Any], changes: Any, path: str, problems: Problems) -> Any:
    """The definition with what changes; what it is made of merges one level down."""
    if not isinstance(changes, dict):
        return changes
    if changes.get("type", before["type"]) != before["type"]:
        problems.add(f"{path}.type", "type_fixed")
    if "enabled" in changes:
        problems.add(f"{path}.enabled", "not_here")
    merged = {**before, **changes, "type": before["type"]}
    for part in ("lookup", "referenceTable"):
        if isinstance(changes.get(part), dict) and before.get(part):
            merged[part] = {**before[part], **changes[part]}
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
    """Note which field of before each one of after is; the codes that are new, by the old ones."""
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


def _holder(properties: Properties, code: str) -> Properties | None:
    """The dict that holds this field: the form's, or a subtable's."""
    if code in properties:
        return properties
    tables = (definition.get("fields", {}) for definition in properties.values())
    return next((fields for fields in tables if code in fields), None)


def _check_count(app: App, problems: Problems) -> None:
    # The fields that every app has do not count; those inside subtables do.
    properties = app["preview"]["properties"].values()
    built_in = sum(definition.get("type") not in ADDABLE for definition in properties)
    count = len(app["origins"]) - built_in
    if count > limits.FIELDS_PER_APP:
        problems.add("properties", "too_many_fields", limit=limits.FIELDS_PER_APP)
