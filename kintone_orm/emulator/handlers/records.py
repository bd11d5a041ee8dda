"""record.json and records.json. Source: kintone REST API, "Records"."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..ground import limits
from ..ground.errors import fault, invalid
from ..ground.parameters import (
    Parameter,
    array,
    boolean,
    filled,
    integer,
    key_value,
    mapping,
    optional,
    required,
    structure,
    text,
)
from ..records.reader import viewable_record
from ..records.search import Search
from ..records.writer import RecordWriter
from ..requests.endpoint import endpoint
from ..store.record_text import list_text

if TYPE_CHECKING:
    from ..ground.json_types import Sent
    from ..ground.problems import Problems
    from ..requests.endpoint import Answer, Call

_APP = required(integer())
_REVISION = optional(integer(least=-1))
_UPDATE_KEY = optional(structure({"field": required(text), "value": required(key_value)}))
_UPDATE: dict[str, Parameter] = {
    "id": optional(integer()),
    "updateKey": _UPDATE_KEY,
    "record": optional(mapping),
    "revision": _REVISION,
}


def _revision_or_blank(value: object, path: str, problems: Problems) -> int:
    """Return one checked item of `revisions`; a blank becomes -1, which kintone ignores."""
    return -1 if value in (None, "") else _REVISION.check(value, path, problems)


@endpoint({"app": _APP, "id": required(integer())})
def get_record(call: Call, sent: Sent) -> Answer:
    """Get Record."""
    app = call.live_app(sent["app"], "view")
    access, record = viewable_record(call, app, sent["id"])
    return f'{{"record":{access.visible_text(record)}}}'


@endpoint(
    {
        "app": _APP,
        "query": optional(text),
        "fields": optional(array(text, high=limits.FIELDS_PER_REQUEST)),
        "totalCount": optional(boolean),
    }
)
def get_records(call: Call, sent: Sent) -> Answer:
    """Get Records."""
    app = call.live_app(sent["app"], "view")
    search = Search(call, app, sent["query"] or "")
    page, total = search.page(with_total=bool(sent["totalCount"]))
    count = "null" if total is None else f'"{total}"'
    return f'{{"records":{list_text(page, sent["fields"])},"totalCount":{count}}}'


@endpoint({"app": _APP, "record": optional(mapping)})
def add_record(call: Call, sent: Sent) -> Answer:
    """Add Record."""
    app = call.live_app(sent["app"], "add")
    writer = RecordWriter(call, app)
    (number,) = writer.new_numbers(1)
    writer.add(number, sent["record"] or {}, "record")
    writer.problems.check()
    call.notify("ADD_RECORD", app, number)
    return {"id": str(number), "revision": "1"}


@endpoint(
    {
        "app": _APP,
        "records": required(array(mapping, high=limits.RECORDS_PER_WRITE, message="add_100")),
    }
)
def add_records(call: Call, sent: Sent) -> Answer:
    """Add Records, all or none."""
    writer = RecordWriter(call, call.live_app(sent["app"], "add"))
    numbers = writer.new_numbers(len(sent["records"]))
    for position, number in enumerate(numbers):
        writer.add(number, sent["records"][position], f"records[{position}]")
    writer.problems.check()
    return {"ids": [str(number) for number in numbers], "revisions": ["1"] * len(numbers)}


@endpoint({"app": _APP, **_UPDATE})
def update_record(call: Call, sent: Sent) -> Answer:
    """Update Record, by its id or by an update key."""
    app = call.live_app(sent["app"], "edit")
    writer = RecordWriter(call, app)
    _, number = _target(writer, sent, "")
    if number is None:
        raise fault("GAIA_RE20")
    revision = writer.change(number, sent["record"] or {}, "record", revision=sent["revision"])
    writer.problems.check()
    call.notify("UPDATE_RECORD", app, number)
    return {"revision": str(revision)}


@endpoint(
    {
        "app": _APP,
        "records": required(
            array(structure(_UPDATE), high=limits.RECORDS_PER_WRITE, message="update_100")
        ),
        "upsert": optional(boolean),
    }
)
def update_records(call: Call, sent: Sent) -> Answer:
    """Update Records, all or none. With `upsert`, records that do not exist are added."""
    app = call.live_app(sent["app"], "edit")
    if sent["upsert"]:
        call.live_app(sent["app"], "add")
    writer = RecordWriter(call, app)
    results = []
    seen: set[int] = set()
    keys: set[tuple[str, str]] = set()
    for position, update in enumerate(sent["records"]):
        path = f"records[{position}]"
        key, number = _target(writer, update, f"{path}.")
        if key is not None and key in keys:
            raise fault("GAIA_IQ28")
        keys |= {key} if key else set()
        if sent["upsert"] and (number is None or not writer.exists(number)):
            number = _insert(writer, update, path)
            result = {"id": str(number), "revision": "1", "operation": "INSERT"}
        else:
            result = _update(writer, number, update, path)
            if sent["upsert"]:
                result["operation"] = "UPDATE"
        if int(result["id"]) in seen:
            raise invalid({path: ["record_twice"]})
        seen.add(int(result["id"]))
        results.append(result)
    writer.problems.check()
    return {"records": results}


@endpoint(
    {
        "app": _APP,
        "ids": filled(
            array(integer(), low=1, high=limits.RECORDS_PER_WRITE, message="delete_100"),
            "delete_100",
        ),
        "revisions": optional(array(_revision_or_blank, high=limits.RECORDS_PER_WRITE)),
    }
)
def delete_records(call: Call, sent: Sent) -> Answer:
    """Delete Records, all or none. `revisions` may be shorter than `ids`.

    The remaining records are then deleted without comparing revisions. kintone has no request to
    delete a single record, so this request posts a webhook if it has exactly one id.
    """
    app = call.live_app(sent["app"], "delete")
    writer = RecordWriter(call, app)
    ids, revisions = sent["ids"], sent["revisions"] or []
    if len(set(ids)) < len(ids):
        raise invalid({"ids": ["record_twice"]})
    if len(revisions) > len(ids):
        raise invalid({"revisions": ["more_revisions"]})
    revisions += [-1] * (len(ids) - len(revisions))
    for number, revision in zip(ids, revisions, strict=True):
        writer.delete(number, revision=revision)
    if len(ids) == 1:
        call.notify("DELETE_RECORD", app, ids[0])
    return {}


def _target(
    writer: RecordWriter, update: dict[str, Any], prefix: str
) -> tuple[tuple[str, str] | None, int | None]:
    """Return the update key (field and value, or None) and the id of the record to update.

    The id is None if no record has the key. Raises CB_VA01 if `record` contains the key's field.
    """
    number: int | None = update["id"]
    key = update["updateKey"]
    if number is None and key is None:
        raise invalid({f"{prefix}id": ["required"]})
    if number is not None and key is not None:
        raise invalid({f"{prefix}updateKey": ["id_and_update_key"]})
    if key is None:
        return None, number
    if key["field"] in (update["record"] or {}):
        raise invalid({f"{prefix}record[{key['field']}]": ["key_in_record"]})
    value, number = writer.find(key["field"], key["value"])
    return (key["field"], value), number


def _insert(writer: RecordWriter, update: dict[str, Any], path: str) -> int:
    """Add the record that an upsert did not find. The key's field gets the value of the key."""
    key = update["updateKey"]
    record = dict(update["record"] or {})
    if key is not None:
        record[key["field"]] = {"value": key["value"]}
    (number,) = writer.new_numbers(1)
    writer.add(number, record, path)
    return number


def _update(
    writer: RecordWriter, number: int | None, update: dict[str, Any], path: str
) -> dict[str, str]:
    if number is None:
        raise fault("GAIA_RE20")
    revision = writer.change(number, update["record"] or {}, path, revision=update["revision"])
    return {"id": str(number), "revision": str(revision)}
