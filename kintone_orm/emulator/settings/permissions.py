"""The permission settings of an app: their parameters, their checks and their defaults.

Source: kintone REST API, "Update App Permissions", "Update Record Permissions", "Update Field
Permissions".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, TypedDict

from ..ground.errors import fault
from ..ground.parameters import array, boolean, one_of, optional, required, structure, text
from ..ground.problems import Problems
from .filter_conditions import check_filter
from .grantees import complete_grantees, grantee_parameters

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..store.people import Directory
    from .grantees import Grantee

__all__ = [
    "APP_RIGHTS",
    "RIGHTS",
    "PermissionKind",
    "PermissionSettings",
    "check_permissions",
    "complete_rights",
    "effective_rights",
    "open_to_all",
]

PermissionKind = Literal["app", "record", "field"]

APP_RIGHTS = {
    "manage": "appEditable",
    "view": "recordViewable",
    "add": "recordAddable",
    "edit": "recordEditable",
    "delete": "recordDeletable",
    "import": "recordImportable",
    "export": "recordExportable",
}
"""The rights on an app: their names for API tokens, and their names in settings."""


class PermissionSettings(TypedDict):
    """The permissions of an app, its records and its fields.

    `app` is None until app permissions are set.
    """

    app: list[Grantee] | None
    record: list[dict[str, Any]]
    field: list[dict[str, Any]]


def open_to_all() -> PermissionSettings:
    """Return settings without restrictions: everybody may do everything."""
    return PermissionSettings(app=None, record=[], field=[])


_PEOPLE = ("USER", "GROUP", "ORGANIZATION")
_flag = optional(boolean)
_RECORD_RIGHTS = ("viewable", "editable", "deletable")

_APP_RIGHT = {
    **grantee_parameters(*_PEOPLE, "CREATOR"),
    **dict.fromkeys(APP_RIGHTS.values(), _flag),
}
_RECORD_GRANTEE = {
    **grantee_parameters(*_PEOPLE, "FIELD_ENTITY"),
    **dict.fromkeys(_RECORD_RIGHTS, _flag),
}
_RECORD_RIGHT = {
    "filterCond": optional(text),
    "entities": required(array(structure(_RECORD_GRANTEE))),
}
_FIELD_GRANTEE = {
    **grantee_parameters(*_PEOPLE, "FIELD_ENTITY"),
    "accessibility": required(one_of("READ", "WRITE", "NONE")),
}
_FIELD_RIGHT = {"code": required(text), "entities": required(array(structure(_FIELD_GRANTEE)))}

RIGHTS = {
    "app": array(structure(_APP_RIGHT)),
    "record": array(structure(_RECORD_RIGHT)),
    "field": array(structure(_FIELD_RIGHT)),
}
"""The checks of the parameter `rights`, for app, record and field permissions."""

# The rights that need another right. Source: kintone REST API, "Update App Permissions".
_NEEDED = {
    "recordEditable": "recordViewable",
    "recordDeletable": "recordViewable",
    "recordImportable": "recordAddable",
    "editable": "viewable",
    "deletable": "viewable",
}


def complete_rights(
    kind: PermissionKind,
    rights: list[dict[str, Any]],
    directory: Directory,
    properties: Mapping[str, object],
) -> None:
    """Fill in missing settings. Raises CB_VA01, GAIA_IL26, GAIA_FC01 or GAIA_IQ*."""
    problems = Problems()
    if kind == "app":
        _complete(rights, "rights", problems, directory, properties)
        if not any(right["appEditable"] for right in rights):
            problems.add("rights", "no_manager")
    for position, right in enumerate(rights if kind != "app" else []):
        path = f"rights[{position}]"
        _complete(right["entities"], f"{path}.entities", problems, directory, properties)
        if kind == "record":
            right["filterCond"] = right["filterCond"] or ""
    problems.check()


def check_permissions(settings: PermissionSettings, properties: Mapping[str, Any]) -> None:
    """Raise GAIA_IQ11 or GAIA_FC01 if permissions name fields that the form lacks."""
    for position, rule in enumerate(settings["record"]):
        check_filter(rule["filterCond"], properties, f"rights[{position}].filterCond")
    tables = [field for field in properties.values() if field["type"] == "SUBTABLE"]
    codes = {code for code, field in properties.items() if field not in tables}
    codes.update(code for table in tables for code in table["fields"])
    for right in settings["field"]:
        if right["code"] not in codes:
            raise fault("GAIA_FC01", code=right["code"])
    for right in (*settings["record"], *settings["field"]):
        for entity in (grantee["entity"] for grantee in right["entities"]):
            if entity["type"] == "FIELD_ENTITY" and entity["code"] not in properties:
                raise fault("GAIA_FC01", code=entity["code"])


def effective_rights(kind: PermissionKind, settings: PermissionSettings) -> list[dict[str, Any]]:
    """Return the list `rights` of kintone's answer.

    If app permissions were never set, the list grants every right to the group "everyone".
    """
    rights = settings[kind]
    if rights is not None:
        return rights
    everyone = {"type": "GROUP", "code": "everyone"}
    return [{"entity": everyone, "includeSubs": False, **dict.fromkeys(APP_RIGHTS.values(), True)}]


def _complete(
    grantees: list[Grantee],
    path: str,
    problems: Problems,
    directory: Directory,
    properties: Mapping[str, object],
) -> None:
    complete_grantees(grantees, path, problems, directory=directory, properties=properties)
    for position, grantee in enumerate(grantees):
        for name in grantee.keys() & {*APP_RIGHTS.values(), *_RECORD_RIGHTS}:
            grantee[name] = bool(grantee[name])
        for name, needed in _NEEDED.items():
            if grantee.get(name) and not grantee[needed]:
                problems.add(f"{path}[{position}].{needed}", "needed_right", name=name)
