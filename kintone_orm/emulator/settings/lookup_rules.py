"""What the definition of a lookup must keep to, and which fields lookups depend on.

Source: kintone REST API, "Add Form Fields" (lookup); kintone help, "Lookup".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..ground.choices import COPIES
from ..ground.errors import KintoneError, fault
from ..values import FIELD_TYPES
from .apps import definitions
from .reference_table_rules import related_fields, resolve

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from ..ground.problems import Problems
    from .apps import App, Settings
    from .domain import Domain

__all__ = ["check_keys", "complete_lookups", "looked_up_fields", "refusals_to_delete"]


def looked_up_fields(domain: Domain, app: App) -> set[str]:
    """Codes of the app's fields that some lookup fills, reads or uses as its key.

    Those by which records are related, or that are shown of them, are among these.
    """
    found = set()
    for other in domain.apps():
        for settings in (other["live"], other["preview"]):
            for table, codes in related_fields(settings):
                if _source(table) == app["id"]:
                    found.update(codes)
                if other["id"] == app["id"]:
                    found.add(table["condition"]["field"])
            for lookup in _lookups(settings):
                mappings = lookup["fieldMappings"]
                if _source(lookup) == app["id"]:
                    found.add(lookup["relatedKeyField"])
                    found.update(pair["relatedField"] for pair in mappings)
                if other["id"] == app["id"]:
                    found.update(pair["field"] for pair in mappings)
    return found


def refusals_to_delete(domain: Domain, app: App) -> dict[str, KintoneError]:
    """The errors for deleting fields of the app that another app needs, by code.

    GAIA_LO02 for what a lookup has as its key or copies, GAIA_RE07 for what related records have in
    their condition or show, in live settings or not. Source: kintone help, "Fields that cannot be
    deleted".
    """
    found: dict[str, KintoneError] = {}
    for other in domain.apps():
        for settings in (other["live"], other["preview"]):
            if settings is None or other["id"] == app["id"]:
                continue
            name = settings["general"]["name"]
            for _, definition in definitions(settings["properties"]):
                uses = {"app": name, "field": definition["label"]}
                lookup, table = definition.get("lookup"), definition.get("referenceTable")
                if lookup and _source(lookup) == app["id"]:
                    pairs = lookup["fieldMappings"]
                    codes = [lookup["relatedKeyField"], *(pair["relatedField"] for pair in pairs)]
                    found |= dict.fromkeys(codes, fault("GAIA_LO02", **uses))
                if table and _source(table) == app["id"]:
                    codes = [table["condition"]["relatedField"], *table["displayFields"]]
                    found |= dict.fromkeys(codes, fault("GAIA_RE07", **uses))
    return found


def complete_lookups(domain: Domain, app: App, problems: Problems) -> None:
    """Note what is wrong with the lookups of the app's pre-live form; give them their order."""
    properties = app["preview"]["properties"]
    codes = [code for code, _ in definitions(properties)]
    tables = [definition["fields"] for definition in properties.values() if "fields" in definition]
    for fields in (properties, *tables):
        filled: set[str] = set()
        for code, definition in fields.items():
            if "lookup" in definition:
                lookup, path = definition["lookup"], f"properties[{code}].lookup"
                source = resolve(lookup, domain, app, path, problems)
                if source is not None:
                    if lookup["relatedKeyField"] not in source:
                        problems.add(f"{path}.relatedKeyField", "no_related_field")
                    _check_mappings(lookup, fields, source, filled, codes, path, problems)


def _check_mappings(
    lookup: Mapping[str, Any],
    fields: Mapping[str, Any],
    source: Mapping[str, Any],
    filled: set[str],
    codes: Collection[str],
    path: str,
    problems: Problems,
) -> None:
    """Each copy is a field beside the lookup, of a fitting type, and filled by one lookup only.

    `codes` are all that the form has: GAIA_FC01 for any other.
    """
    for position, pair in enumerate(lookup["fieldMappings"]):
        place = f"{path}.fieldMappings[{position}]"
        target, related = fields.get(pair["field"]), source.get(pair["relatedField"])
        if pair["field"] not in codes:
            raise fault("GAIA_FC01", code=pair["field"])
        if target is None or not _takes_copies(target):
            problems.add(f"{place}.field", "no_copy_field")
        elif related is None:
            problems.add(f"{place}.relatedField", "no_related_field")
        elif _copied_as(related) not in {target["type"], *COPIES.get(target["type"], ())}:
            problems.add(f"{place}.relatedField", "copy_type")
        if pair["field"] in filled:
            problems.add(f"{place}.field", "filled_twice")
        filled.add(pair["field"])


def _takes_copies(definition: Mapping[str, Any]) -> bool:
    """Whether it holds plain values, and neither a lookup nor a formula fills it."""
    plain = definition["type"] in FIELD_TYPES and definition["type"] not in ("CALC", "FILE")
    return plain and "lookup" not in definition and not definition.get("expression")


def _copied_as(definition: Mapping[str, Any]) -> str:
    """The type of a field to copy from; of a CALC the numbers only."""
    calculated = definition.get("format", "NUMBER")
    numbers = calculated in ("NUMBER", "NUMBER_DIGIT")
    return str(definition["type"] if numbers else calculated)


def check_keys(apps: Collection[App], domain: Domain) -> None:
    """Raise GAIA_LO03 when a deploy of these apps would leave a lookup whose key is not unique."""
    after = {app["id"]: app["live"] for app in domain.apps()}
    after |= {app["id"]: app["preview"] for app in apps}
    for settings in after.values():
        for lookup in _lookups(settings):
            source = after.get(_source(lookup))
            key = source["properties"].get(lookup["relatedKeyField"]) if source else None
            if key is None or not (key.get("unique") or key["type"] == "RECORD_NUMBER"):
                raise fault("GAIA_LO03", code=lookup["relatedKeyField"], app=_source(lookup))


def _lookups(settings: Settings | None) -> Iterator[Mapping[str, Any]]:
    """Every lookup of a form, those inside subtables included."""
    if settings is not None:
        for definition in settings["properties"].values():
            for field in (definition, *definition.get("fields", {}).values()):
                if "lookup" in field:
                    yield field["lookup"]


def _source(lookup: Mapping[str, Any]) -> int:
    return int(lookup["relatedApp"]["app"])
