"""Ordering faults over HTTP: the callers, and the refusals."""

from __future__ import annotations

import json

import pytest

from kintone_orm.emulator import Fault, HTTPRequest
from kintone_orm.emulator.serving.fault_orders import FaultOrders
from kintone_orm.emulator.serving.faults import Faults

TOKEN = {"X-Emulator-Token": "token"}


@pytest.fixture
def faults():
    return Faults()


@pytest.fixture
def send(faults):
    """Return the status and the decoded body of the answer."""

    def send(method, body=None, headers=TOKEN):
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        request = HTTPRequest(method, "/_emulator/faults", headers=headers, body=content)
        answer = FaultOrders(faults, "token").handle(request)
        return answer.status, json.loads(answer.body)

    return send


def test_an_order_is_a_fault_to_come(faults, send):
    order = {"fault": "latency", "method": "GET", "endpoint": "records", "seconds": 0.5}
    status, answer = send("POST", {**order, "times": None, "after": 2})
    assert status == 200
    assert answer == {"faults": [{**order, "times": None, "after": 2}]}
    (rule,) = faults.pending
    assert (rule.fault, rule.seconds) == (Fault.LATENCY, 0.5)


def test_missing_keys_have_the_defaults_of_python(send):
    _, answer = send("POST", {"fault": "lost_answer"})
    assert answer["faults"] == [
        {
            "fault": "lost_answer",
            "method": None,
            "endpoint": None,
            "times": 1,
            "after": 0,
            "seconds": 0,
        }
    ]


def test_faults_to_come_can_be_looked_at_and_forgotten(faults, send):
    faults.add(Fault.LOST_ANSWER)
    assert len(send("GET")[1]["faults"]) == 1
    assert send("DELETE") == (200, {"faults": []})
    assert faults.pending == ()


@pytest.mark.parametrize("headers", [{}, {"X-Emulator-Token": "tokem"}, {"X-Emulator-Token": "é"}])
@pytest.mark.parametrize("method", ["GET", "POST", "DELETE", "PUT"])
def test_other_clients_are_refused(faults, send, method, headers):
    faults.add(Fault.LOST_ANSWER)
    status, answer = send(method, {"fault": "lost_answer"}, headers)
    assert (status, list(answer)) == (401, ["error"])
    assert len(faults.pending) == 1


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (b"{", "Expecting property name"),
        (b"\xff", "codec can't decode"),
        ([], "A fault must be a JSON object"),
        ({}, "There is no fault None"),
        ({"fault": "nonsense"}, "service_unavailable"),
        ({"fault": ["latency"]}, "'fault' must be a text, not ['latency']"),
        ({"fault": "lost_answer", "count": 2}, "There is no argument 'count'"),
        ({"fault": "lost_answer", "times": 1.5}, "'times' must be a whole number or null, not 1.5"),
        ({"fault": "lost_answer", "times": 0}, "'times' must be a positive number"),
        ({"fault": "lost_answer", "endpoint": "nonsense"}, "There is no endpoint"),
        (b'{"fault": "latency", "seconds": NaN}', "from 0 to 86,400"),
    ],
)
def test_an_invalid_order_is_refused_with_a_message(faults, send, body, text):
    status, answer = send("POST", body)
    assert status == 400
    assert text in answer["error"]
    assert faults.pending == ()


def test_other_methods_are_refused(send):
    assert send("PUT")[0] == 405
