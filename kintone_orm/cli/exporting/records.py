"""The records of an app as a domain file has them: what can be written, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kintone_orm.api.records import get_records
from kintone_orm.limits import RECORDS_PER_PAGE

if TYPE_CHECKING:
    from kintone_orm.connection import Connection

__all__ = ["records_of"]

# What kintone fills in itself, and what is in no record.
_NOT_WRITTEN = (
    ("RECORD_NUMBER", "STATUS", "STATUS_ASSIGNEE", "CATEGORY", "CALC")
    + ("GROUP", "REFERENCE_TABLE", "FILE")
)  # fmt: skip
_REMARKED = {"FILE": "attachments", "STATUS": "states"}


def records_of(
    connection: Connection, app: int, properties: dict[str, Any], remarks: list[str]
) -> list[dict[str, Any]]:
    """Every record of an app, by id, 500 in each request, with the values that can be written.

    Attachments and the states of a process are left out, which is remarked.
    """
    kinds = {each["type"] for each in properties.values() if each.get("enabled", True)}
    left_out = [what for kind, what in _REMARKED.items() if kind in kinds]
    if left_out:
        remarks.append(f"Of the records of the app {app}, {' and '.join(left_out)} are left out.")
    found: list[dict[str, Any]] = []
    last = "0"
    while True:
        query = f"$id > {last} order by $id asc limit {RECORDS_PER_PAGE}"
        page = get_records(connection, app=app, query=query)["records"]
        found += [
            {"$id": record["$id"]["value"], **_written(record, properties)} for record in page
        ]
        if len(page) < RECORDS_PER_PAGE:
            return found
        last = page[-1]["$id"]["value"]


def _written(record: dict[str, Any], properties: dict[str, Any]) -> dict[str, Any]:
    """The values of a record, or of a row, that a request may hold and that are not blank."""
    copied = {
        pair["field"]
        for definition in properties.values()
        for pair in (definition.get("lookup") or {}).get("fieldMappings", ())
    }
    values = {}
    for code, cell in record.items():
        definition = properties.get(code)
        if definition is None or code in copied or definition.get("expression"):
            continue
        value = cell["value"]
        if definition["type"] in _NOT_WRITTEN or value in (None, "", []):
            continue
        if definition["type"] == "SUBTABLE":
            value = [{"value": _written(row["value"], definition["fields"])} for row in value]
        values[code] = value
    return values
