"""Faults as a program in the same process sees them."""

from __future__ import annotations

import json
from contextlib import suppress

import pytest
import requests
from support.plain_kintone import cells

from kintone_orm.emulator import Emulator, Fault, HTTPRequest
from kintone_orm.emulator.serving.faults import Faults

URL = "https://example.cybozu.com/k/v1/"
RECORDS = HTTPRequest("GET", "/k/v1/records.json")
SECONDS = {Fault.LATENCY: 1, Fault.SLOW_BODY: 1}


@pytest.fixture
def slept():
    """The seconds of each sleep. The sleeps themselves take no time."""
    return []


@pytest.fixture
def emulator(clock, slept):
    emulator = Emulator(users={"sato": "secret", "kato": "other"}, clock=clock, sleep=slept.append)
    yield emulator
    emulator.close()


@pytest.fixture
def app(kintone):
    return kintone.new_app({"name": {"type": "SINGLE_LINE_TEXT"}})


def add_record(kintone, app, **options):
    body = {"app": app, "record": cells({"name": "x"})}
    return kintone.send("POST", "record.json", body, **options)


def test_a_server_that_is_not_available_answers_in_html(kintone, emulator, app):
    emulator.faults.add(Fault.SERVICE_UNAVAILABLE)
    response = add_record(kintone, app)
    assert response.status_code == 503
    assert response.headers["Content-Type"].startswith("text/html")
    assert "Service Unavailable" in response.text


def test_too_many_requests_are_refused_as_kintone_does(kintone, emulator, app):
    emulator.faults.add(Fault.TOO_MANY_REQUESTS)
    response = add_record(kintone, app)
    assert (response.status_code, response.json()["code"]) == (429, "GAIA_TO04")
    assert response.headers["X-Cybozu-Error"] == "GAIA_TO04"
    assert response.headers["X-ConcurrencyLimit-Running"] == "101"


def test_a_locked_database_has_its_code(kintone, emulator, app):
    emulator.faults.add(Fault.DATABASE_LOCKED)
    assert add_record(kintone, app).json()["code"] == "GAIA_DA02"


@pytest.mark.parametrize("fault", [Fault.LOST_REQUEST, Fault.LOST_ANSWER])
def test_without_an_answer_there_is_a_connection_error(kintone, emulator, app, fault):
    emulator.faults.add(fault)
    with pytest.raises(requests.ConnectionError):
        add_record(kintone, app)


def test_an_answer_that_breaks_off_is_noticed(kintone, emulator, app):
    emulator.faults.add(Fault.TRUNCATED_BODY)
    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        add_record(kintone, app)


def test_half_of_an_answer_that_breaks_off_arrives(kintone, emulator, app):
    emulator.faults.add(Fault.TRUNCATED_BODY)
    response = add_record(kintone, app, stream=True)
    whole = int(response.headers["Content-Length"])
    assert response.raw.read(whole // 2) == b'{"id":"1","revision":"1"}'[: whole // 2]


def test_a_late_answer_is_late(kintone, emulator, app, slept):
    emulator.faults.add(Fault.LATENCY, seconds=3)
    assert add_record(kintone, app).json()["id"] == "1"
    assert slept == [3]


@pytest.mark.parametrize("timeout", [2, (60, 2), 2.5])
def test_an_answer_that_is_too_late_is_a_time_out(kintone, emulator, app, slept, timeout):
    emulator.faults.add(Fault.LATENCY, seconds=3)
    with pytest.raises(requests.ReadTimeout):
        add_record(kintone, app, timeout=timeout)
    assert slept == [timeout[1] if isinstance(timeout, tuple) else timeout]


def test_a_slow_body_arrives_in_its_time(kintone, emulator, app, slept):
    emulator.faults.add(Fault.SLOW_BODY, seconds=4)
    assert add_record(kintone, app).json() == {"id": "1", "revision": "1"}
    assert sum(slept) == pytest.approx(4)
    assert len(slept) > 10


def test_a_silence_within_a_slow_body_may_be_too_long(kintone, emulator, app):
    emulator.faults.add(Fault.SLOW_BODY, seconds=400)
    with pytest.raises(requests.ConnectionError, match="Read timed out"):
        add_record(kintone, app, timeout=5)


@pytest.mark.parametrize(
    ("fault", "written"),
    [
        (Fault.LATENCY, 1),
        (Fault.SLOW_BODY, 1),
        (Fault.TRUNCATED_BODY, 1),
        (Fault.LOST_ANSWER, 1),
        (Fault.LOST_REQUEST, 0),
        (Fault.SERVICE_UNAVAILABLE, 0),
        (Fault.TOO_MANY_REQUESTS, 0),
        (Fault.DATABASE_LOCKED, 0),
        (Fault.IN_MAINTENANCE, 0),
    ],
)
def test_a_fault_loses_the_request_or_only_its_answer(kintone, emulator, app, fault, written):
    emulator.faults.add(fault, method="POST", seconds=SECONDS.get(fault, 0))
    with suppress(requests.RequestException):
        add_record(kintone, app)
    assert len(kintone.find(app)) == written
    assert emulator.faults.pending == ()


def test_an_expired_cursor_is_not_found(kintone, emulator, app):
    kintone.add(app, name="x")
    first, other = (kintone.ok("POST", "records/cursor.json", {"app": app})["id"] for _ in "12")
    emulator.faults.add(Fault.EXPIRED_CURSOR)
    for method in ("GET", "DELETE"):
        answer = kintone.send(method, "records/cursor.json", {"id": first}).json()
        assert answer["code"] == "GAIA_CN01"
    assert len(kintone.ok("GET", "records/cursor.json", {"id": other})["records"]) == 1


def test_a_fault_happens_so_many_times(kintone, emulator):
    emulator.faults.add(Fault.SERVICE_UNAVAILABLE, times=2)
    statuses = [kintone.send("GET", "apps.json").status_code for _ in range(3)]
    assert statuses == [503, 503, 200]


def test_the_first_ones_may_pass(kintone, emulator):
    emulator.faults.add(Fault.SERVICE_UNAVAILABLE, after=2)
    statuses = [kintone.send("GET", "apps.json").status_code for _ in range(4)]
    assert statuses == [200, 200, 503, 200]


def test_a_fault_may_happen_for_ever_until_it_is_cleared(kintone, emulator):
    emulator.faults.add(Fault.SERVICE_UNAVAILABLE, times=None)
    assert {kintone.send("GET", "apps.json").status_code for _ in range(20)} == {503}
    emulator.faults.clear()
    assert kintone.send("GET", "apps.json").status_code == 200


def test_each_request_has_the_first_fault_that_is_due(kintone, emulator):
    emulator.faults.add(Fault.TOO_MANY_REQUESTS, after=1)
    emulator.faults.add(Fault.SERVICE_UNAVAILABLE, times=2)
    statuses = [kintone.send("GET", "apps.json").status_code for _ in range(4)]
    assert statuses == [503, 429, 503, 200]


@pytest.mark.parametrize(
    ("place", "method", "path", "headers", "happens"),
    [
        ({}, "GET", "/k/v1/records.json", {}, True),
        ({}, "GET", "/nonsense", {}, True),
        ({"method": "GET"}, "GET", "/k/v1/apps.json", {}, True),
        ({"method": "GET"}, "PUT", "/k/v1/records.json", {}, False),
        ({"method": "GET"}, "POST", "/k/v1/records.json", {"X-HTTP-Method-Override": "GET"}, True),
        ({"method": "POST"}, "POST", "/k/v1/a.json", {"X-HTTP-Method-Override": "GET"}, False),
        ({"endpoint": "records"}, "GET", "/k/v1/records.json", {}, True),
        ({"endpoint": "records"}, "GET", "/k/guest/3/v1/records.json", {}, True),
        ({"endpoint": "records"}, "GET", "/k/v1/record.json", {}, False),
        ({"endpoint": "records"}, "GET", "/k/v1/records/cursor.json", {}, False),
        ({"endpoint": "preview/app"}, "GET", "/k/v1/app.json", {}, False),
    ],
)
def test_a_fault_has_its_place(place, method, path, headers, happens):
    faults = Faults()
    faults.add(Fault.LOST_REQUEST, **place)
    taken = faults.take(HTTPRequest(method, path, headers=headers))
    assert (taken is not None) == happens


def test_a_pending_fault_has_the_number_of_times_left():
    faults = Faults()
    faults.add(Fault.LATENCY, times=3, after=1, seconds=2)
    for _ in range(2):
        faults.take(RECORDS)
    (rule,) = faults.pending
    assert (rule.times, rule.after, rule.seconds) == (2, 0, 2)


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        ({"method": "FETCH"}, "There is no method 'FETCH'"),
        ({"method": "get"}, "There is no method 'get'"),
        ({"endpoint": "records.json"}, "There is no endpoint 'records.json'"),
        ({"endpoint": "nonsense"}, "app/form/fields"),
        ({"times": 0}, "'times' must be a positive number"),
        ({"after": -1}, "'after' must not be negative"),
        ({"seconds": 1}, "Other faults cannot have 'seconds'"),
        ({"fault": Fault.LATENCY}, "'seconds' is required for LATENCY"),
        ({"fault": Fault.SLOW_BODY, "seconds": -1}, "from 0 to 86,400"),
        ({"fault": Fault.LATENCY, "seconds": 86_401}, "from 0 to 86,400"),
        ({"fault": Fault.LATENCY, "seconds": 1e308}, "from 0 to 86,400"),
        ({"fault": Fault.LATENCY, "seconds": float("inf")}, "from 0 to 86,400"),
        ({"fault": Fault.LATENCY, "seconds": float("nan")}, "from 0 to 86,400"),
        ({"fault": Fault.EXPIRED_CURSOR, "endpoint": "records"}, "applies only to"),
        ({"fault": Fault.EXPIRED_CURSOR, "method": "DELETE"}, "applies only to"),
    ],
)
def test_a_fault_that_makes_no_sense_is_a_mistake(arguments, text):
    with pytest.raises(ValueError, match=text):
        Faults().add(**{"fault": Fault.LOST_ANSWER, **arguments})


def test_faults_do_not_need_a_password(emulator):
    emulator.faults.add(Fault.TOO_MANY_REQUESTS)
    answer = emulator.handle(RECORDS)
    assert json.loads(answer.body)["code"] == "GAIA_TO04"


def test_a_copy_has_no_faults(emulator):
    emulator.faults.add(Fault.LOST_ANSWER)
    twin = emulator.copy()
    assert twin.faults.pending == ()
    twin.close()


def test_an_app_in_maintenance_is_worth_a_wait(emulator, kintone):
    """Two tools saw 403 GAIA_NO02 (fact sheet "errors", section 2)."""
    app = kintone.new_app({})
    emulator.faults.add(Fault.IN_MAINTENANCE)
    assert kintone.error("POST", "record.json", {"app": app})[:2] == (403, "GAIA_NO02")
    kintone.ok("POST", "record.json", {"app": app})
