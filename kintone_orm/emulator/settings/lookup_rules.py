"""The rules for lookups, and the fields that lookups and reference tables depend on.

Source: kintone REST API, "Add Form Fields" (lookup); kintone help, "Lookup".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..forms.definitions import ADDABLE
from ..forms.new_codes import codes_in_query
from ..ground.choices import COPIES
from ..ground.errors import KintoneError, fault
from ..values import FIELD_TYPES
from .apps import definitions
from .reference_table_rules import referenced_fields, resolve

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from ..ground.problems import Problems
    from .apps import App, Settings
    from .domain import Domain

__all__ = ["check_keys", "complete_lookups", "looked_up_fields", "refusals_to_delete"]


def looked_up_fields(domain: Domain, app: App) -> set[str]:
    """Return the codes of the app's fields that a lookup or a reference table depends on.

    A lookup depends on a field if it copies to the field, copies from it, or has it as its key
    field. A reference table depends on a field that it shows or uses in its condition. Both depend
    on the fields of their filter and their order, and a lookup on the fields of its list. The
    fields that every app has are no part of this: the default order is by the record number.
    """
    fields = definitions(app["preview"]["properties"])
    choosable = {code for code, definition in fields if definition["type"] in ADDABLE}
    codes_in_use: set[str] = set()
    for other in domain.apps():
        for settings in (other["live"], other["preview"]):
            for table, codes in referenced_fields(settings):
                if _source(table) == app["id"]:
                    codes_in_use.update(codes, choosable & _codes_of_choice(table))
                if other["id"] == app["id"]:
                    codes_in_use.add(table["condition"]["field"])
            for lookup in _lookups(settings):
                mappings = lookup["fieldMappings"]
                if _source(lookup) == app["id"]:
                    codes_in_use.add(lookup["relatedKeyField"])
                    codes_in_use.update(pair["relatedField"] for pair in mappings)
                    codes_in_use.update(choosable & _codes_of_choice(lookup))
                if other["id"] == app["id"]:
                    codes_in_use.update(pair["field"] for pair in mappings)
    return codes_in_use


def refusals_to_delete(domain: Domain, app: App) -> dict[str, KintoneError]:
    """Return, by field code, the errors for deleting fields that another app needs.

    GAIA_LO02 is for fields that a lookup copies or has as its key field. GAIA_RE07 is for fields
    that a reference table shows or uses in its condition. Live and preview settings count.
    Source: kintone help, "Fields that cannot be deleted".
    """
    refusals: dict[str, KintoneError] = {}
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
                    refusals |= dict.fromkeys(codes, fault("GAIA_LO02", **uses))
                if table and _source(table) == app["id"]:
                    codes = [table["condition"]["relatedField"], *table["displayFields"]]
                    refusals |= dict.fromkeys(codes, fault("GAIA_RE07", **uses))
    return refusals


def complete_lookups(domain: Domain, app: App, problems: Problems) -> None:
    """Check and complete the lookups in the app's preview form."""
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
    """Check that each copy goes to a field of a fitting type in the same form or subtable.

    Only one copy may go to a field. Raises GAIA_FC01 for a field that is not in `codes`, the codes
    of the form.
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


def _takes_copies(definition: Mapping[str, object]) -> bool:
    """Return True if a lookup can copy to the field.

    It cannot copy to a file, a calculated field, another lookup, a field that the server fills, a
    subtable, a group or a reference table.
    """
    plain = definition["type"] in FIELD_TYPES and definition["type"] not in ("CALC", "FILE")
    return plain and "lookup" not in definition and not definition.get("expression")


def _copied_as(definition: Mapping[str, object]) -> str:
    """Return the field's type or, for a CALC that is shown as a date or time, its format."""
    calculated = definition.get("format", "NUMBER")
    numbers = calculated in ("NUMBER", "NUMBER_DIGIT")
    return str(definition["type"] if numbers else calculated)


def check_keys(apps: Collection[App], domain: Domain) -> None:
    """Raise GAIA_LO03 if a lookup would have a key field that is not unique after a deploy."""
    after = {app["id"]: app["live"] for app in domain.apps()}
    after |= {app["id"]: app["preview"] for app in apps}
    for settings in after.values():
        for lookup in _lookups(settings):
            source = after.get(_source(lookup))
            key = source["properties"].get(lookup["relatedKeyField"]) if source else None
            if key is None or not (key.get("unique") or key["type"] == "RECORD_NUMBER"):
                raise fault("GAIA_LO03", code=lookup["relatedKeyField"], app=_source(lookup))


def _codes_of_choice(settings: Mapping[str, Any]) -> set[str]:
    """Return the codes in the filter, the order and the list of a lookup or a reference table."""
    shown = settings.get("lookupPickerFields", ())
    return codes_in_query(settings["filterCond"]) | codes_in_query(settings["sort"]) | {*shown}


def _lookups(settings: Settings | None) -> Iterator[Mapping[str, Any]]:
    """Iterate over the lookups of a form and its subtables."""
    if settings is not None:
        for definition in settings["properties"].values():
            for field in (definition, *definition.get("fields", {}).values()):
                if "lookup" in field:
                    yield field["lookup"]


def _source(lookup: Mapping[str, Any]) -> int:
    return int(lookup["relatedApp"]["app"])
