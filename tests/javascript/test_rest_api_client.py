"""The official JavaScript client, unchanged."""

from __future__ import annotations

import os

import pytest
from support.plain_kintone import cells

if "KINTONE_ORM_NODE_MODULES" not in os.environ:
    pytest.skip("tox run -e javascript", allow_module_level=True)

TEXT = {"type": "SINGLE_LINE_TEXT"}
FIELDS = {"code": {**TEXT, "unique": True}, "n": {"type": "NUMBER"}, "papers": {"type": "FILE"}}


@pytest.fixture
def app(kintone):
    return kintone.new_app(FIELDS)


# Records


def test_a_record_is_added_read_and_changed(client, app):
    added = client.ok("record.addRecord", app=app, record=cells({"code": "佐藤"}))
    assert added == {"id": "1", "revision": "1"}
    changed = client.ok("record.updateRecord", app=app, id=1, record=cells({"n": 5}), revision=1)
    assert changed == {"revision": "2"}
    record = client.ok("record.getRecord", app=app, id=1)["record"]
    assert record["code"] == {"type": "SINGLE_LINE_TEXT", "value": "佐藤"}
    assert record["n"] == {"type": "NUMBER", "value": "5"}


def test_records_are_found(client, kintone, app):
    for code in ("a", "b", "c"):
        kintone.add(app, code=code)
    query = 'code in ("a", "c") order by code desc'
    found = client.ok("record.getRecords", app=app, query=query, fields=["code"], totalCount=True)
    assert [record["code"]["value"] for record in found["records"]] == ["c", "a"]
    assert found["totalCount"] == "2"


def test_a_query_that_is_too_long_for_an_address_goes_another_way(client, kintone, app):
    kintone.add(app, code="a")
    query = f'code in ("{"x" * 5000}", "a")'
    found = client.ok("record.getRecords", app=app, query=query, fields=["$id"])
    assert found["records"] == [{"$id": {"type": "__ID__", "value": "1"}}]


def test_a_record_is_changed_by_its_key(client, kintone, app):
    kintone.add(app, code="a")
    key = {"field": "code", "value": "a"}
    assert client.ok("record.updateRecord", app=app, updateKey=key, record=cells({"n": 1})) == {
        "revision": "2"
    }


@pytest.mark.parametrize(
    ("code", "answer"),
    [("a", {"id": "1", "revision": "2"}), ("b", {"id": "2", "revision": "1"})],
)
def test_the_client_looks_for_a_record_or_adds_it(client, kintone, app, code, answer):
    kintone.add(app, code="a")
    key = {"field": "code", "value": code}
    upsert = client.ok("record.upsertRecord", app=app, updateKey=key, record=cells({"n": 1}))
    assert upsert == answer


def test_kintone_looks_for_records_or_adds_them(client, kintone, app):
    kintone.add(app, code="a")
    upsert = client.ok(
        "record.updateRecords",
        app=app,
        upsert=True,
        records=[
            {"updateKey": {"field": "code", "value": "a"}, "record": cells({"n": 1})},
            {"updateKey": {"field": "code", "value": "b"}, "record": cells({"n": 2})},
            {"id": 9007199254740991, "record": cells({"n": 3})},
        ],
    )
    assert upsert["records"] == [
        {"id": "1", "revision": "2", "operation": "UPDATE"},
        {"id": "2", "revision": "1", "operation": "INSERT"},
        {"id": "3", "revision": "1", "operation": "INSERT"},
    ]
    assert kintone.read(app, 2)["code"] == "b"


def test_records_are_deleted_with_their_revisions(client, kintone, app):
    for _ in range(3):
        kintone.add(app)
    assert client.ok("record.deleteRecords", app=app, ids=[1, 3], revisions=[1, -1]) == {}
    assert kintone.find(app) == [2]


# All records


@pytest.mark.parametrize(
    ("method", "parameters"),
    [
        ("getAllRecords", {"condition": "n = 1 or n != 1"}),
        ("getAllRecords", {"orderBy": "n desc"}),
        ("getAllRecords", {"orderBy": "n desc", "withCursor": False}),
        ("getAllRecordsWithId", {"fields": ["n"]}),
        ("getAllRecordsWithOffset", {}),
        ("getAllRecordsWithCursor", {"query": "order by n asc"}),
    ],
)
def test_all_records_are_read(client, app, method, parameters):
    numbers = {str(n) for n in range(1001)}
    records = [cells({"n": n}) for n in numbers]
    client.ok("record.addAllRecords", app=app, records=records)
    found = client.ok(f"record.{method}", app=app, **parameters)
    assert len(found) == 1001
    assert {record["n"]["value"] for record in found} == numbers


def test_all_records_are_changed_and_deleted(client, kintone, app):
    added = client.ok("record.addAllRecords", app=app, records=[{}] * 201)["records"]
    assert len(added) == 201
    changes = [{"id": record["id"], "record": cells({"n": 1})} for record in added]
    changed = client.ok("record.updateAllRecords", app=app, records=changes)["records"]
    assert {record["revision"] for record in changed} == {"2"}
    doomed = [{"id": record["id"]} for record in changed[:-1]] + changed[-1:]
    client.ok("record.deleteAllRecords", app=app, records=doomed)
    assert kintone.find(app) == []


def test_a_cursor_gives_page_after_page(client, kintone, app):
    for code in ("a", "b", "c"):
        kintone.add(app, code=code)
    query = {"fields": ["code"], "query": "order by code asc", "size": 2}
    cursor = client.ok("record.createCursor", app=app, **query)
    assert cursor["totalCount"] == "3"
    pages = [client.ok("record.getRecordsByCursor", id=cursor["id"]) for _ in range(2)]
    assert [page["next"] for page in pages] == [True, False]
    assert [r["code"]["value"] for page in pages for r in page["records"]] == ["a", "b", "c"]


def test_a_cursor_is_deleted(client, app):
    cursor = client.ok("record.createCursor", app=app)["id"]
    assert client.ok("record.deleteCursor", id=cursor) == {}
    error = client.error("record.getRecordsByCursor", id=cursor)
    assert (error["status"], error["code"]) == (404, "GAIA_CN01")


def test_a_bulk_request_gives_each_result(client, app):
    results = client.ok(
        "bulkRequest",
        requests=[
            {"method": "POST", "endpointName": "record", "payload": {"app": app}},
            {
                "method": "PUT",
                "api": "/k/v1/records.json",
                "payload": {"app": app, "records": [{"id": 1, "record": {}}]},
            },
        ],
    )["results"]
    assert results == [{"id": "1", "revision": "1"}, {"records": [{"id": "1", "revision": "2"}]}]


def test_the_client_finds_the_request_that_undid_all_of_them(client, kintone, app):
    error = client.error(
        "bulkRequest",
        requests=[
            {"method": "POST", "endpointName": "record", "payload": {"app": app}},
            {"method": "DELETE", "endpointName": "records", "payload": {"app": app, "ids": [9]}},
        ],
    )
    assert (error["status"], error["code"], error["bulkRequestIndex"]) == (404, "GAIA_RE01", 1)
    assert kintone.find(app) == []


# What is refused


def test_the_client_understands_a_conflict(client, kintone, app):
    kintone.add(app)
    error = client.error("record.updateRecord", app=app, id=1, record={}, revision=7)
    assert error["name"] == "KintoneRestAPIError"
    assert (error["status"], error["code"]) == (409, "GAIA_CO02")


def test_the_client_understands_a_validation_failure(client, kintone, app):
    kintone.add(app, code="a")
    error = client.error("record.addRecord", app=app, record=cells({"code": "a"}))
    assert error["code"] == "CB_VA01"
    assert list(error["errors"]) == ["record.code.value"]


# What belongs to a record


def test_a_file_comes_back(client, kintone, app):
    file = {"name": "見積 1.txt", "data": "一式\r\n"}
    key = client.ok("file.uploadFile", file=file)["fileKey"]
    kintone.add(app, papers=[{"fileKey": key}])
    record = client.ok("record.getRecord", app=app, id=1)["record"]
    (paper,) = record["papers"]["value"]
    assert (paper["name"], paper["contentType"], paper["size"]) == (file["name"], "text/plain", "8")
    assert client.ok("file.downloadFile", fileKey=paper["fileKey"]) == file["data"]


def test_a_comment_is_added_read_and_deleted(client, kintone, app):
    kintone.add(app)
    comment = {"text": "look", "mentions": [{"code": "kato", "type": "USER"}]}
    assert client.ok("record.addRecordComment", app=app, record=1, comment=comment) == {"id": "1"}
    window = {"order": "asc", "offset": 0, "limit": 10}
    (found,) = client.ok("record.getRecordComments", app=app, record=1, **window)["comments"]
    assert found["mentions"] == comment["mentions"]
    client.ok("record.deleteRecordComment", app=app, record=1, comment=1)
    assert client.ok("record.getRecordComments", app=app, record=1)["comments"] == []


def test_rights_are_evaluated(client, kintone, app):
    kintone.add(app)
    (rights,) = client.ok("app.evaluateRecordsAcl", app=app, ids=[1])["rights"]
    assert rights["record"] == {"viewable": True, "editable": True, "deletable": True}


# Apps


def test_an_app_is_made_and_its_records_change_their_status(client):
    app = int(client.ok("app.addApp", name="Orders")["app"])
    code = {"type": "SINGLE_LINE_TEXT", "code": "code", "label": "Code"}
    client.ok("app.addFormFields", app=app, properties={"code": code})
    client.ok(
        "app.updateProcessManagement",
        app=app,
        enable=True,
        states={
            name: {"name": name, "index": str(i), "assignee": {"type": "ONE", "entities": []}}
            for i, name in enumerate(["Open", "Done"])
        },
        actions=[{"name": "Finish", "from": "Open", "to": "Done", "filterCond": ""}],
    )
    client.ok("app.deployApp", apps=[{"app": app}])
    while client.ok("app.getDeployStatus", apps=[app])["apps"][0]["status"] == "PROCESSING":
        pass
    assert client.ok("app.getFormFields", app=app)["properties"]["code"]["label"] == "Code"

    client.ok("record.addRecords", app=app, records=[{}, {}, {}])
    assignees = client.ok("record.updateRecordAssignees", app=app, id=1, assignees=["sato"])
    assert assignees == {"revision": "2"}
    moved = client.ok("record.updateRecordStatus", app=app, id=1, action="Finish", revision=2)
    assert moved == {"revision": "4"}
    actions = [{"id": 2, "action": "Finish"}, {"id": 3, "action": "Finish"}]
    assert client.ok("record.updateRecordsStatus", app=app, records=actions)["records"] == [
        {"id": "2", "revision": "3"},
        {"id": "3", "revision": "3"},
    ]
