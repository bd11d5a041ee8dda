from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest

from kintone_orm.emulator.ground.errors import KintoneError
from kintone_orm.emulator.query import Context, compile_query

OPTIONS = {"b": {"label": "b", "index": "1"}, "a": {"label": "a", "index": "0"}}

# A field of each type, whose code is the type in lower case; in a table, with "in_" before it.
IN_TABLES = (
    ["single_line_text", "link", "number", "calc", "multi_line_text", "rich_text", "check_box"]
    + ["multi_select", "radio_button", "drop_down", "file", "date", "time", "datetime"]
    + ["user_select", "organization_select", "group_select"]
)
NOT_IN_TABLES = [
    "record_number",
    "creator",
    "modifier",
    "created_time",
    "updated_time",
    "status",
] + ["status_assignee", "category", "reference_table", "group"]
CHOICES = {"check_box", "multi_select", "radio_button", "drop_down"}


def definition(name: str, code: str) -> dict:
    result: dict = {"type": name.upper(), "code": code, "label": f"the {name}"}
    if name in CHOICES:
        result["options"] = OPTIONS
    if name in {"status", "status_assignee", "category"}:
        result["enabled"] = True
    if name == "status":
        result["states"] = {"open": {"index": "0"}, "closed": {"index": "1"}}
    return result


@pytest.fixture
def form() -> dict:
    fields = {name: definition(name, name) for name in [*IN_TABLES, *NOT_IN_TABLES]}
    columns = {f"in_{name}": definition(name, f"in_{name}") for name in IN_TABLES}
    table = {"type": "SUBTABLE", "code": "table", "label": "the table", "fields": columns}
    other = {"type": "SUBTABLE", "code": "other", "label": "other", "fields": {}}
    other["fields"] = {"in_other": definition("number", "in_other")}
    return {**fields, "table": table, "other": other}


@pytest.fixture
def context() -> Context:
    # Wednesday 2024-02-07, 08:30 in Tokyo, and still Tuesday in UTC.
    return Context(
        now=datetime(2024, 2, 6, 23, 30, tzinfo=timezone.utc),
        timezone=timezone(timedelta(hours=9)),
        user="alice",
        organization="sales",
        accounts=("zoe", "alice"),
    )


@pytest.fixture
def ask(form, context):
    """Return the compiled query."""
    return lambda text: compile_query(text, form, context)


@pytest.fixture
def refused(ask):
    """Return the error code for a query, or None if there is no error."""

    def refuse(text: str) -> str | None:
        try:
            ask(text).matches({})
        except KintoneError as error:
            return error.code
        return None

    return refuse


@pytest.fixture
def finds(ask):
    """Return True if the query finds a record with these values."""

    def find(text: str, **values: object) -> bool:
        record = {code: {"value": value} for code, value in values.items()}
        return ask(text).matches({"$id": {"value": "7"}, **record})

    return find


@pytest.fixture
def order(ask):
    """Return the ids (1, 2, 3 ...) of records with these values, in the query's order."""

    def sort(text: str, **values: list) -> list[int]:
        count = len(next(iter(values.values())))
        records = [
            {
                "$id": {"value": str(at + 1)},
                **{code: {"value": column_values[at]} for code, column_values in values.items()},
            }
            for at in range(count)
        ]
        return ask(text).sort(records, keep=lambda record: int(record["$id"]["value"]))

    return sort
