"""The rules for reference tables, and for the apps to which lookups and reference tables refer.

Source: kintone REST API, "Add Form Fields" (referenceTable, lookup).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ..ground.choices import RELATING_TYPES
from .apps import properties_of
from .filter_conditions import check_filter, check_sort

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..ground.problems import Problems
    from .apps import App, Settings
    from .domain import Domain

__all__ = ["complete_reference_tables", "referenced_fields", "resolve"]

Properties = Mapping[str, Any]


def resolve(
    settings: dict[str, Any], domain: Domain, app: App, path: str, problems: Problems
) -> Properties | None:
    """Return the preview form of the app that the setting `relatedApp` names by id or by code.

    `settings` are those of a lookup or a reference table. `relatedApp` gets both the id and
    the code of the app. A missing `sort` becomes "newest record first". Raises GAIA_* or CB_VA01
    for a wrong `filterCond` or `sort`. If there is no such app, adds a problem and returns None.
    """
    sent = settings["relatedApp"]
    apps = [app, *(other for other in domain.apps() if other["id"] != app["id"])]
    for other in apps:
        matches = str(other["id"]) == sent["app"] if sent["app"] else other["code"] == sent["code"]
        if matches and (sent["app"] or sent["code"]):
            break
    else:
        problems.add(f"{path}.relatedApp", "no_related_app", app=_id_or_code(sent))
        return None
    settings["relatedApp"] = {"app": str(other["id"]), "code": other["code"]}
    properties = properties_of(other["preview"])
    settings["sort"] = settings["sort"] or _newest_first(properties)
    check_filter(settings["filterCond"], properties, f"{path}.filterCond", may_ask_for_blanks=True)
    check_sort(settings["sort"], properties, f"{path}.sort")
    return properties


def complete_reference_tables(domain: Domain, app: App, problems: Problems) -> None:
    """Check and complete the reference tables in the app's preview form."""
    properties = app["preview"]["properties"]
    for code, definition in properties.items():
        if definition["type"] != "REFERENCE_TABLE":
            continue
        settings, path = definition["referenceTable"], f"properties[{code}].referenceTable"
        other = resolve(settings, domain, app, path, problems)
        if other is None:
            continue
        condition = settings["condition"]
        for side, fields in (("field", properties), ("relatedField", other)):
            field = fields.get(condition[side])
            if field is None or field["type"] not in RELATING_TYPES:
                problems.add(f"{path}.condition.{side}", "condition_field")
        for position, shown in enumerate(settings["displayFields"]):
            if shown not in other:
                problems.add(f"{path}.displayFields[{position}]", "no_related_field")


def referenced_fields(settings: Settings | None) -> Iterator[tuple[Mapping[str, Any], list[str]]]:
    """Iterate over a form's reference tables, with the codes that each uses in its related app."""
    for definition in settings["properties"].values() if settings else ():
        if definition["type"] == "REFERENCE_TABLE":
            table = definition["referenceTable"]
            yield table, [table["condition"]["relatedField"], *table["displayFields"]]


def _id_or_code(related_app: Mapping[str, str]) -> str:
    return f"ID: {related_app['app']}" if related_app["app"] else f"code: {related_app['code']}"


def _newest_first(properties: Properties) -> str:
    """Return the default `sort`: the newest record first."""
    for code, definition in properties.items():
        if definition["type"] == "RECORD_NUMBER":
            return f"{code} desc"
    return ""
