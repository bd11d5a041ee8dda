"""What lookups and fields of related records must keep to in the app that they point to.

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

__all__ = ["complete_related_records", "related_fields", "resolve"]

Properties = Mapping[str, Any]


def resolve(
    settings: dict[str, Any], domain: Domain, app: App, path: str, problems: Problems
) -> Properties | None:
    """The pre-live form of the app that a `relatedApp` names, by id or by code.

    `settings` are a lookup or a referenceTable: its app is completed, and its order is the newest
    first if it has none. GAIA_* or CB_VA01 for a filter or an order that is wrong.
    """
    named = settings["relatedApp"]
    apps = [app, *(other for other in domain.apps() if other["id"] != app["id"])]
    for other in apps:
        found = str(other["id"]) == named["app"] if named["app"] else other["code"] == named["code"]
        if found and (named["app"] or named["code"]):
            break
    else:
        problems.add(f"{path}.relatedApp", "no_related_app", app=_spelled(named))
        return None
    settings["relatedApp"] = {"app": str(other["id"]), "code": other["code"]}
    properties = properties_of(other["preview"])
    settings["sort"] = settings["sort"] or _newest_first(properties)
    check_filter(settings["filterCond"], properties, f"{path}.filterCond", may_ask_for_blanks=True)
    check_sort(settings["sort"], properties, f"{path}.sort")
    return properties


def complete_related_records(domain: Domain, app: App, problems: Problems) -> None:
    """Note what is wrong with the fields of related records in the app's pre-live form."""
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


def related_fields(settings: Settings | None) -> Iterator[tuple[Mapping[str, Any], list[str]]]:
    """Every referenceTable of a form, and the codes that it names in the other app."""
    for definition in settings["properties"].values() if settings else ():
        if definition["type"] == "REFERENCE_TABLE":
            table = definition["referenceTable"]
            yield table, [table["condition"]["relatedField"], *table["displayFields"]]


def _spelled(named: Mapping[str, str]) -> str:
    return f"ID: {named['app']}" if named["app"] else f"code: {named['code']}"


def _newest_first(properties: Properties) -> str:
    """The order in which records are shown, unless the settings have their own."""
    for code, definition in properties.items():
        if definition["type"] == "RECORD_NUMBER":
            return f"{code} desc"
    return ""
