"""The form that orders faults: its origin, and its values."""

from __future__ import annotations

import pytest
from werkzeug.test import Client

from kintone_orm.emulator import Fault
from kintone_orm.emulator.wsgi import WSGIApplication

SAME = {"Origin": "http://localhost", "Host": "localhost"}
LOOPBACK = {"REMOTE_ADDR": "127.0.0.1"}


@pytest.fixture
def token(browse):
    return next(a["value"] for tag, a in browse("/faults").tags if a.get("name") == "token")


@pytest.fixture
def press(client, token):
    """Return a function that sends the form like the page's own button, with changes."""

    def send(headers=SAME, environ=LOOPBACK, **fields):
        form = {"token": token, "fault": "database_locked", **fields}
        return client.post("/faults", data=form, headers=headers, environ_base=environ)

    return send


def test_a_fault_is_ordered_and_happens(kintone, emulator, browse, press):
    response = press(method="GET", endpoint="apps", times="1", after="0", seconds="")
    assert (response.status_code, response.headers["Location"]) == (303, "/faults")
    assert {"database_locked", "GET", "apps"} <= set(browse("/faults").all_text())
    assert kintone.error("GET", "apps.json")[1] == "GAIA_DA02"
    assert "No fault is pending." in browse("/faults").texts["p"]


def test_every_fault_can_be_ordered(emulator, press):
    for fault in Fault:
        takes_time = fault in {Fault.LATENCY, Fault.SLOW_BODY}
        assert press(fault=fault.value, seconds="0.5" if takes_time else "").status_code == 303
    assert {rule.fault for rule in emulator.faults.pending} == {*Fault}


def test_blank_times_are_all_of_them(emulator, press):
    press(times="")
    assert emulator.faults.pending[0].times is None


def test_faults_are_forgotten(emulator, press):
    press()
    assert press(forget="1").status_code == 303
    assert emulator.faults.pending == ()


@pytest.mark.parametrize(
    "wrong",
    [
        {"fault": "earthquake"},
        {"times": "many"},
        {"times": "0"},
        {"seconds": "5"},
        {"fault": "latency", "seconds": "nan"},
        {"endpoint": "<script>"},
        {"after": "9" * 5_000},
    ],
)
def test_invalid_values_are_refused_on_the_page(emulator, press, wrong):
    response = press(**wrong)
    assert response.status_code == 400
    html = response.get_data(as_text=True)
    assert 'role="alert"' in html
    assert "<script>" not in html
    assert emulator.faults.pending == ()


@pytest.mark.parametrize("forged", ["", "x" * 43, "é"])
def test_a_forged_form_is_refused(emulator, press, forged):
    assert press(token=forged).status_code == 403
    assert emulator.faults.pending == ()


def test_a_form_of_another_server_is_refused(emulator, token):
    other = Client(WSGIApplication(emulator))
    form = {"token": token, "fault": "database_locked"}
    response = other.post("/faults", data=form, headers=SAME, environ_base=LOOPBACK)
    assert response.status_code == 403
    assert emulator.faults.pending == ()


@pytest.mark.parametrize(
    "origin", ["http://evil.example", "null", "https://localhost", "http://localhost:1", None]
)
def test_a_form_from_another_origin_is_refused(emulator, press, origin):
    headers = {"Host": "localhost", **({"Origin": origin} if origin else {})}
    assert press(headers).status_code == 403
    assert emulator.faults.pending == ()


def test_a_foreign_host_is_refused_even_where_it_agrees_with_itself(emulator, press):
    headers = {"Host": "evil.example", "Origin": "http://evil.example"}
    assert press(headers).status_code == 403
    assert emulator.faults.pending == ()


def test_another_computer_cannot_order_a_fault(emulator, press):
    assert press(SAME, {"REMOTE_ADDR": "192.168.1.7"}).status_code == 403
    assert press(SAME, {}).status_code == 403
    assert emulator.faults.pending == ()


def test_a_large_form_is_not_read(emulator, press):
    assert press(endpoint="x" * 100_000).status_code == 413
    assert emulator.faults.pending == ()


def test_orders_can_be_switched_off(emulator):
    client = Client(WSGIApplication(emulator, page_orders=False))
    html = client.get("/faults", environ_base=LOOPBACK).get_data(as_text=True)
    assert "--no-faults" in html
    assert "<form" not in html
    response = client.post("/faults", headers=SAME, environ_base=LOOPBACK)
    assert response.status_code == 405
