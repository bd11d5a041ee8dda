from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from kintone_orm.api.records import (
    add_record,
    add_records,
    delete_records,
    get_record,
    get_records,
    update_record,
    update_records,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from support.recording_adapter import RecordingAdapter

    from kintone_orm.connection import Connection

    Sent = Callable[..., Any]

ONE = "/k/v1/record.json"
MANY = "/k/v1/records.json"
RECORD = {"name": {"value": "x"}}
KEY = {"field": "number", "value": "A-1"}


def test_getting_a_record(sent: Sent) -> None:
    assert sent(get_record, app=7, id="1") == ("GET", ONE, {"app": "7", "id": "1"})


def test_getting_records(sent: Sent) -> None:
    assert sent(get_records, app=7) == ("GET", MANY, {"app": "7"})


def test_getting_some_fields_of_some_records_and_the_count(sent: Sent) -> None:
    assert sent(get_records, app=7, query="a = 1", fields=["$id", "a"], total_count=True) == (
        "GET",
        MANY,
        {
            "app": "7",
            "query": "a = 1",
            "fields[0]": "$id",
            "fields[1]": "a",
            "totalCount": "true",
        },
    )


def test_a_long_query_is_sent_as_a_body(sent: Sent, adapter: RecordingAdapter) -> None:
    query = f'a in ("{"x" * 5000}")'
    assert sent(get_records, app=7, query=query) == ("POST", MANY, {"app": 7, "query": query})
    assert adapter.last.headers["X-HTTP-Method-Override"] == "GET"


def test_adding_a_record_of_defaults(sent: Sent) -> None:
    assert sent(add_record, app=7) == ("POST", ONE, {"app": 7})


def test_adding_a_record(sent: Sent) -> None:
    assert sent(add_record, app=7, record=RECORD) == ("POST", ONE, {"app": 7, "record": RECORD})


def test_adding_records(sent: Sent) -> None:
    expected = ("POST", MANY, {"app": 7, "records": [RECORD]})
    assert sent(add_records, app=7, records=[RECORD]) == expected


def test_updating_a_record_of_a_revision(sent: Sent) -> None:
    expected = ("PUT", ONE, {"app": 7, "id": 1, "record": RECORD, "revision": 2})
    assert sent(update_record, app=7, id=1, record=RECORD, revision=2) == expected


def test_updating_a_record_by_a_unique_value(sent: Sent) -> None:
    expected = ("PUT", ONE, {"app": 7, "updateKey": KEY, "record": RECORD})
    assert sent(update_record, app=7, update_key=KEY, record=RECORD) == expected


def test_updating_records(sent: Sent) -> None:
    records = [{"id": 1, "record": RECORD, "revision": 2}]
    expected = ("PUT", MANY, {"app": 7, "records": records})
    assert sent(update_records, app=7, records=records) == expected


def test_updating_or_adding_records(sent: Sent) -> None:
    records = [{"updateKey": KEY, "record": RECORD}]
    expected = ("PUT", MANY, {"app": 7, "records": records, "upsert": True})
    assert sent(update_records, app=7, records=records, upsert=True) == expected


def test_deleting_records_of_their_revisions(sent: Sent) -> None:
    assert sent(delete_records, app=7, ids=[1, 2], revisions=[3, -1]) == (
        "DELETE",
        MANY,
        {"app": "7", "ids[0]": "1", "ids[1]": "2", "revisions[0]": "3", "revisions[1]": "-1"},
    )


@pytest.mark.parametrize(
    ("function", "arguments", "refusal"),
    [
        (
            get_records,
            {"fields": ["a"] * 1_001},
            "'fields' has 1,001 items.* 1,000. Read the others in another",
        ),
        (get_records, {"query": "limit 501"}, "'limit 501' .* 500 records. Use a cursor"),
        (get_records, {"query": "a = 1 limit 600 offset 5"}, "limit 600"),
        (get_records, {"query": "a = 1 limit 5 offset 10001"}, "'offset 10001' .* 10,000. Use a"),
        (
            add_records,
            {"records": [RECORD] * 101},
            "'records' has 101 items.* 100. Send 100 at a time",
        ),
        (update_records, {"records": [{}] * 101}, "'records' has 101 items"),
        (delete_records, {"ids": range(1, 102)}, "'ids' has 101 items"),
        (delete_records, {"ids": []}, "'ids' is empty, but kintone takes 1 to 100"),
        (
            delete_records,
            {"ids": [1, 2], "revisions": [3]},
            "'revisions' has 1 items for 2 ids. .* -1 to skip",
        ),
        (update_record, {"record": RECORD}, "needs 'id' or 'update_key'"),
        (update_record, {"id": 1, "update_key": KEY}, "needs 'id' or 'update_key'"),
    ],
)
def test_what_kintone_would_refuse_is_not_sent(
    connection: Connection,
    adapter: RecordingAdapter,
    function: Callable[..., Any],
    arguments: dict[str, Any],
    refusal: str,
) -> None:
    with pytest.raises(ValueError, match=refusal):
        function(connection, app=7, **arguments)
    assert adapter.sent == []


@pytest.mark.parametrize(
    "query", ["limit 500 offset 10000", 'a = "limit 600"', 'a = "limit 600" limit 5', "limits = 9"]
)
def test_a_query_within_the_limits_is_sent(sent: Sent, query: str) -> None:
    assert sent(get_records, app=7, query=query)[2]["query"] == query
