"""bulkRequest.json: all requests or none take effect."""

from __future__ import annotations

import pytest
from support.plain_kintone import cells, options


@pytest.fixture
def app(kintone):
    return kintone.new_app(
        {
            "name": {"type": "SINGLE_LINE_TEXT", "unique": True},
            "rank": {"type": "DROP_DOWN", "options": options("a")},
        }
    )


def request(method, name, **payload):
    return {"method": method, "api": f"/k/v1/{name}", "payload": payload}


def test_requests_run_in_order_and_see_each_other(kintone, app):
    kintone.add(app, name="old")
    requests = [
        request("POST", "record.json", app=app, record=cells({"name": "a"})),
        request("POST", "records.json", app=app, records=[{}, {}]),
        request("PUT", "record.json", app=app, id=1, record=cells({"name": "b"})),
        request("PUT", "record.json", app=app, id=1, revision=2),
        request("PUT", "records.json", app=app, records=[{"id": 2}]),
        request("DELETE", "records.json", app=app, ids=[3]),
    ]
    assert kintone.ok("POST", "bulkRequest.json", {"requests": requests}) == {
        "results": [
            {"id": "2", "revision": "1"},
            {"ids": ["3", "4"], "revisions": ["1", "1"]},
            {"revision": "2"},
            {"revision": "3"},
            {"records": [{"id": "2", "revision": "2"}]},
            {},
        ]
    }
    assert kintone.find(app) == [4, 2, 1]


def state(emulator):
    """Return all content of the database except the counters."""
    connection = emulator._domain.store._database
    tables = ("apps", "records", "unique_values")
    return {table: connection.execute(f"SELECT * FROM {table}").fetchall() for table in tables}


def test_a_failure_undoes_everything_across_apps(kintone, emulator, app):
    other = kintone.new_app({"n": {"type": "NUMBER"}})
    kintone.add(app, name="old")
    kintone.add(other, n=1)
    before = state(emulator)
    requests = [
        request("POST", "records.json", app=app, records=[cells({"name": "new"})]),
        request("PUT", "record.json", app=app, id=1, record=cells({"name": "renamed"})),
        request("DELETE", "records.json", app=other, ids=[1]),
        request("PUT", "record.json", app=app, id=99),
    ]
    response = kintone.send("POST", "bulkRequest.json", {"requests": requests})
    assert response.status_code == 404
    results = response.json()["results"]
    error = results.pop(3)
    assert results == [{}, {}, {}]
    assert error.pop("id")
    assert error == {
        "code": "GAIA_RE01",
        "message": "The specified record (ID: 99) is not found.",
    }
    assert state(emulator) == before
    assert kintone.add(app, name="new")


def test_a_validation_failure_has_its_paths_and_its_status(kintone, app):
    requests = [
        request("POST", "record.json", app=app),
        request("POST", "record.json", app=app, record=cells({"rank": "z"})),
        request("POST", "record.json", app=app),
    ]
    response = kintone.send("POST", "bulkRequest.json", {"requests": requests})
    assert response.status_code == 400
    first, error, last = response.json()["results"]
    assert (first, last) == ({}, {})
    assert error["errors"] == {
        "record.rank.value": {"messages": ['The value, "z", is not in options.']}
    }


def test_parameters_of_a_request_are_checked(kintone, app):
    requests = [request("POST", "record.json", app=app, recrod={})]
    (error,) = kintone.send("POST", "bulkRequest.json", {"requests": requests}).json()["results"]
    assert list(error["errors"]) == ["recrod"]


@pytest.mark.parametrize(
    ("requests", "errors"),
    [
        (None, {"requests": ["Required field."]}),
        ([], {"requests": ["size must be between 1 and 20"]}),
        (
            [request("POST", "record.json", app=1)] * 21,
            {"requests": ["size must be between 1 and 20"]},
        ),
        ([{}], {"requests[0].method": ["Required field."], "requests[0].api": ["Required field."]}),
        (
            [request("GET", "records.json", app=1)],
            {"requests[0].api": ["The method and API cannot be used in a bulk request."]},
        ),
        (
            [request("POST", "records/cursor.json", app=1)],
            {"requests[0].api": ["The method and API cannot be used in a bulk request."]},
        ),
    ],
)
def test_errors_of_the_envelope_are_plain(kintone, requests, errors):
    assert kintone.messages("POST", "bulkRequest.json", {"requests": requests}) == errors


def test_twenty_requests_of_a_hundred_records_are_one_transaction(kintone, app):
    requests = [request("POST", "records.json", app=app, records=[{}] * 100) for _ in range(20)]
    answer = kintone.ok("POST", "bulkRequest.json", {"requests": requests})
    assert answer["results"][-1]["ids"][-1] == "2000"
