"""The daily count of an app's requests, and the fault that refuses some."""

from __future__ import annotations

import pytest
from support.plain_kintone import cells

from kintone_orm.emulator import Emulator, Fault

LIMIT = 20


@pytest.fixture
def emulator(clock):
    emulator = Emulator(users={"sato": "secret", "kato": "other"}, clock=clock)
    emulator.faults.add(Fault.DAILY_QUOTA, after=LIMIT)
    yield emulator
    emulator.close()


@pytest.fixture
def app(kintone, clock):
    """An app with a record, at the beginning of a day."""
    app = kintone.new_app({"name": {"type": "SINGLE_LINE_TEXT"}})
    kintone.add(app)
    clock.move(days=1)
    return app


def remaining_requests(kintone, app):
    """Send requests until one is refused, and return their number."""
    for count in range(LIMIT + 1):
        if kintone.send("GET", "record.json", {"app": app, "id": 1}).status_code == 429:
            return count
    raise AssertionError


def test_one_more_is_refused_in_words(kintone, app):
    for _ in range(LIMIT):
        kintone.read(app, 1)
    response = kintone.send("GET", "record.json", {"app": app, "id": 1})
    assert response.status_code == 429
    assert response.json()["code"] == "EMULATOR_QUOTA"
    assert response.json()["message"] == (
        f"App {app} has used its 20 API requests of this day, which ends at 00:00 UTC. This is a "
        "fault of the emulator. kintone refuses no request."
    )


def test_a_refused_request_has_no_effect(kintone, app, clock):
    remaining_requests(kintone, app)
    assert kintone.send("POST", "record.json", {"app": app}).status_code == 429
    clock.move(days=1)
    assert kintone.find(app) == [1]


def test_a_day_begins_at_midnight_utc(kintone, app, clock):
    remaining_requests(kintone, app)
    clock.now = clock.now.replace(hour=23, minute=59)
    assert remaining_requests(kintone, app) == 0
    clock.move(minutes=1)
    assert remaining_requests(kintone, app) == LIMIT


def test_each_app_has_its_own(kintone, app):
    remaining_requests(kintone, app)
    other = kintone.new_app({})
    assert kintone.add(other) == 1


@pytest.mark.parametrize(
    ("method", "path", "body", "cost"),
    [
        ("GET", "record.json", {"app": 1, "id": 1}, 1),
        ("GET", "record.json", {"app": "1", "id": 1}, 1),
        ("GET", "record.json", {"app": 1, "id": 99}, 1),
        ("GET", "records.json", {"app": 1}, 1),
        ("POST", "records/cursor.json", {"app": 1}, 1),
        ("GET", "app.json", {"id": 1}, 1),
        ("GET", "app/form/fields.json", {"app": 1}, 1),
        ("POST", "preview/app/deploy.json", {"apps": [{"app": 1}]}, 1),
        ("GET", "preview/app/deploy.json", {"apps": [1]}, 1),
        ("GET", "preview/app/deploy.json", {"apps": [1, "1"]}, 1),
        ("POST", "preview/app/deploy.json", {"apps": [{"app": 1}, {"app": 1}]}, 1),
        ("GET", "apps.json", {"ids": [1]}, 0),
        ("POST", "preview/app.json", {"name": "x"}, 0),
        ("GET", "file.json", {"fileKey": "x"}, 0),
        ("POST", "bulkRequest.json", {"requests": []}, 0),
    ],
)
def test_requests_that_count(kintone, app, method, path, body, cost):
    kintone.send(method, path, body)
    assert remaining_requests(kintone, app) == LIMIT - cost


def test_a_bulk_request_counts_each_of_its_requests(kintone, app):
    payload = {"app": app, "records": [{"record": cells({"name": "x"}), "id": 1}]}
    request = {"method": "PUT", "api": "/k/v1/records.json", "payload": payload}
    kintone.ok("POST", "bulkRequest.json", {"requests": [request] * 3})
    assert remaining_requests(kintone, app) == LIMIT - 3


def test_a_bulk_request_has_its_share_or_none(kintone, app, clock):
    payload = {"app": app, "record": {}}
    request = {"method": "POST", "api": "/k/v1/record.json", "payload": payload}
    body = {"requests": [request] * LIMIT}
    kintone.read(app, 1)
    assert kintone.send("POST", "bulkRequest.json", body).status_code == 429
    assert remaining_requests(kintone, app) == LIMIT - 1
    clock.move(days=1)
    assert kintone.send("POST", "bulkRequest.json", body).status_code == 200


def test_reading_and_closing_a_cursor_counts(kintone, app):
    kintone.ok("POST", "bulkRequest.json", {"requests": [
        {"method": "POST", "api": "/k/v1/records.json", "payload": {"app": app, "records": [{}]}}
    ]})  # fmt: skip
    key = kintone.ok("POST", "records/cursor.json", {"app": app, "size": 1})["id"]
    kintone.ok("GET", "records/cursor.json", {"id": key})
    kintone.ok("DELETE", "records/cursor.json", {"id": key})
    assert remaining_requests(kintone, app) == LIMIT - 4


@pytest.mark.parametrize("junk", [None, 1, "x", [], [1], [None], [[]], [{"payload": 1}], {}, True])
@pytest.mark.parametrize("path", ["bulkRequest.json", "preview/app/deploy.json", "records.json"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_junk_is_refused_and_not_counted(kintone, app, method, path, junk):
    response = kintone.send(method, path, {"app": junk, "apps": junk, "requests": junk})
    assert response.status_code in (400, 404)


def test_requests_with_a_wrong_token_do_not_count(kintone, app, caller):
    for _ in range(LIMIT):
        stranger = caller(X_Cybozu_API_Token="nonsense")
        assert stranger.error("GET", "records.json", {"app": app})[1] == "GAIA_IA02"
    assert remaining_requests(kintone, app) == LIMIT


def test_no_request_is_refused_without_the_fault(kintone, emulator, app):
    """kintone's guide "API request limit exceeded": requests still succeed, and a mail is sent."""
    remaining_requests(kintone, app)
    emulator.faults.clear()
    kintone.read(app, 1)


def test_a_quota_may_be_for_some_requests_only(kintone, emulator, app):
    emulator.faults.clear()
    emulator.faults.add(Fault.DAILY_QUOTA, method="POST", endpoint="record", after=3)
    for _ in range(4):
        kintone.read(app, 1)
    assert kintone.send("POST", "record.json", {"app": app}).status_code == 429
    kintone.read(app, 1)


def test_requests_are_counted_without_a_limit(kintone, emulator, app):
    """kintone REST API, "Get App Statistics": dailyRequestCount."""
    emulator.faults.clear()
    kintone.read(app, 1)
    kintone.find(app)
    (statistics,) = kintone.ok("GET", "apps/statistics.json")["apps"]
    assert statistics["dailyRequestCount"] == "2"
