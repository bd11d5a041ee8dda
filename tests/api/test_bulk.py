from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from kintone_orm.api.bulk import Batch, InnerRequest, bulk_request
from kintone_orm.api.comments import add_comment
from kintone_orm.api.records import add_records, delete_records, get_records, update_record
from kintone_orm.api.status import update_assignees, update_status
from kintone_orm.connection import Connection
from kintone_orm.settings import parse_settings

if TYPE_CHECKING:
    from collections.abc import Callable

    from support.recording_adapter import RecordingAdapter

RECORD = {"name": {"value": "x"}}


def test_a_batch_is_sent_in_one_request(connection: Connection, adapter: RecordingAdapter) -> None:
    batch = Batch()
    add_records(batch, app=7, records=[RECORD])
    delete_records(batch, app=8, ids=[1])
    bulk_request(connection, requests=batch.requests)
    assert adapter.call() == (
        "POST",
        "/k/v1/bulkRequest.json",
        {
            "requests": [
                {
                    "method": "POST",
                    "api": "/k/v1/records.json",
                    "payload": {"app": 7, "records": [RECORD]},
                },
                {
                    "method": "DELETE",
                    "api": "/k/v1/records.json",
                    "payload": {"app": 8, "ids": [1]},
                },
            ]
        },
    )


def test_in_a_guest_space_the_inner_paths_name_it_too(adapter: RecordingAdapter) -> None:
    said = parse_settings(base_url="https://example.cybozu.com", api_token="t", guest_space=3)
    guest = Connection(said, adapter=adapter)
    bulk_request(guest, requests=[InnerRequest("POST", "record", {"app": 7})])
    _, path, params = adapter.call()
    assert path == "/k/guest/3/v1/bulkRequest.json"
    assert params["requests"][0]["api"] == "/k/guest/3/v1/record.json"


@pytest.mark.parametrize(
    ("function", "arguments"),
    [
        (update_record, {"id": 1, "record": RECORD}),
        (update_status, {"id": 1, "action": "Start"}),
        (update_assignees, {"id": 1, "assignees": ["sato"]}),
    ],
)
def test_what_is_collected_has_no_answer_yet(
    function: Callable[..., Any], arguments: dict[str, Any]
) -> None:
    batch = Batch()
    assert function(batch, app=7, **arguments) == {}
    assert batch.requests[0].params == {"app": 7, **arguments}


@pytest.mark.parametrize(
    ("function", "arguments"),
    [(get_records, {}), (add_comment, {"record": 1, "text": "x"})],
)
def test_what_a_bulk_request_cannot_hold_is_refused(
    function: Callable[..., Any], arguments: dict[str, Any]
) -> None:
    with pytest.raises(ValueError, match="Send it by itself"):
        function(Batch(), app=7, **arguments)


@pytest.mark.parametrize(
    ("count", "refusal"),
    [(0, "'requests' is empty, but kintone takes 1 to 20"), (21, "'requests' has 21 items")],
)
def test_a_bulk_request_holds_1_to_20_requests(
    connection: Connection, adapter: RecordingAdapter, count: int, refusal: str
) -> None:
    with pytest.raises(ValueError, match=refusal):
        bulk_request(connection, requests=[InnerRequest("POST", "record", {"app": 7})] * count)
    assert adapter.sent == []


def test_the_tokens_of_all_apps_go_along(adapter: RecordingAdapter) -> None:
    tokens = {app: f"t{app}" for app in range(1, 13)}
    said = parse_settings(base_url="https://example.cybozu.com", api_token=tokens)
    requests = [InnerRequest("POST", "record", {"app": app}) for app in (12, 11)]
    bulk_request(Connection(said, adapter=adapter), requests=requests)
    sent = adapter.last.headers["X-Cybozu-API-Token"].split(",")
    assert sent == ["t11", "t12", *(f"t{app}" for app in range(1, 8))]


def test_the_repr_of_a_request_does_not_show_the_record() -> None:
    request = InnerRequest("POST", "record", {"record": "hush"})
    assert repr(request) == "InnerRequest(method='POST', endpoint='record')"
