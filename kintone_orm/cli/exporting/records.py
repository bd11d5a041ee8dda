"""Reading the records of an app with the values that a domain file can write."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kintone_orm.api.records import get_records
from kintone_orm.limits import RECORDS_PER_PAGE
from kintone_orm.models.ground.form_definitions import copied_fields

if TYPE_CHECKING:
    from kintone_orm.connection import Connection

__all__ = ["records_of"]

# The types whose values are not exported: kintone sets them, they are files, or the type has no
# values in records.
_NOT_WRITTEN = (
    ("RECORD_NUMBER", "STATUS", "STATUS_ASSIGNEE", "CATEGORY", "CALC")
    + ("GROUP", "REFERENCE_TABLE", "FILE")
)  # fmt: skip
_REMARKED = {"FILE": "attachments", "STATUS": "statuses"}


def records_of(
    connection: Connection, app: int, properties: dict[str, Any], remarks: list[str]
) -> list[dict[str, Any]]:
    """Read every record of an app in the order of ids, 500 in each request.

    The result holds the values that a domain file can contain. Attachments and statuses are left
    out, with a remark.
    """
    kinds = {field["type"] for field in properties.values() if field.get("enabled", True)}
    left_out = [name for kind, name in _REMARKED.items() if kind in kinds]
    if left_out:
        remarks.append(f"App {app}: the records are exported without {' and '.join(left_out)}.")
    records: list[dict[str, Any]] = []
    last = "0"
    while True:
        query = f"$id > {last} order by $id asc limit {RECORDS_PER_PAGE}"
        page = get_records(connection, app=app, query=query)["records"]
        records += [
            {"$id": record["$id"]["value"], **_values_to_write(record, properties)}
            for record in page
        ]
        if len(page) < RECORDS_PER_PAGE:
            return records
        last = page[-1]["$id"]["value"]


def _values_to_write(record: dict[str, Any], properties: dict[str, Any]) -> dict[str, Any]:
    """Return the values of a record or a row that can be written and are not blank."""
    copied = copied_fields(properties)
    values = {}
    for code, cell in record.items():
        definition = properties.get(code)
        if definition is None or code in copied or definition.get("expression"):
            continue
        value = cell["value"]
        if definition["type"] in _NOT_WRITTEN or value in (None, "", []):
            continue
        if definition["type"] == "SUBTABLE":
            value = [
                {"value": _values_to_write(row["value"], definition["fields"])} for row in value
            ]
        values[code] = value
    return values
