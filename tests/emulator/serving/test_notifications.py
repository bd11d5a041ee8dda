"""Posting notifications in order, by a thread that ends, to receivers that may fail."""

from __future__ import annotations

import json
import socket
import threading
import time
from datetime import datetime

import pytest
import requests
from support.plain_kintone import password

from kintone_orm.emulator import Fault
from kintone_orm.emulator.ground import limits

PROCESS = {
    "enable": True,
    "states": {
        name: {"name": name, "index": index, "assignee": {"type": "ONE", "entities": []}}
        for index, name in enumerate(["Open", "Done"])
    },
    "actions": [{"name": "Finish", "from": "Open", "to": "Done", "filterCond": ""}],
}


@pytest.fixture
def app(kintone, emulator, receiver):
    """An app with a process, a title and a webhook for all events."""
    app = kintone.new_app({"name": {"type": "SINGLE_LINE_TEXT", "unique": True}}, name="Cases")
    kintone.ok("PUT", "preview/app/status.json", {"app": app, **PROCESS})
    kintone.deploy(app)
    emulator.webhooks.add(app, receiver.url)
    return app


# Time, order and number of posts


def test_it_is_posted_after_the_answer(emulator, kintone, app, receiver):
    """The post waits for the end of its request, which a fault delays."""
    seen_before_the_answer = []
    emulator.sleep = lambda _: seen_before_the_answer.append(len(receiver.bodies))
    emulator._proxy._sleep = emulator.sleep
    emulator.faults.add(Fault.LATENCY, seconds=1)
    kintone.add(app)
    emulator.webhooks.wait()
    assert (seen_before_the_answer, receiver.kinds) == ([0], ["ADD_RECORD"])


def test_over_http_it_is_posted_after_the_last_byte_of_the_answer(emulator, app, receiver):
    serve = pytest.importorskip("kintone_orm.emulator.server").serve
    seen_while_it_drips = []

    def drip(_):
        time.sleep(0.02)
        seen_while_it_drips.append(len(receiver.bodies))

    emulator.sleep = drip
    emulator.faults.add(Fault.SLOW_BODY, seconds=1)
    with serve(emulator) as server:
        sato = password("sato", "secret")
        url = f"{server.url}/k/v1/record.json"
        requests.post(url, json={"app": app}, headers=sato, timeout=60).raise_for_status()
        emulator.webhooks.wait()
    assert (set(seen_while_it_drips), receiver.kinds) == ({0}, ["ADD_RECORD"])


def test_over_http_a_lost_answer_does_not_delay_posts(emulator, app, receiver):
    serve = pytest.importorskip("kintone_orm.emulator.server").serve
    emulator.faults.add(Fault.LOST_ANSWER)
    with serve(emulator) as server:
        sato, url = password("sato", "secret"), f"{server.url}/k/v1/record.json"
        with pytest.raises(requests.ConnectionError):
            requests.post(url, json={"app": app}, headers=sato, timeout=60)
        emulator.webhooks.wait()
    assert receiver.kinds == ["ADD_RECORD"]


def test_notifications_of_an_app_come_in_the_order_of_the_changes(kintone, app, posted):
    kintone.add(app, name="0")
    for number in range(1, 20):
        kintone.put(app, 1, name=str(number))
    names = [body["record"]["name"]["value"] for body in posted()]
    assert names == [str(number) for number in range(20)]


def test_the_thread_exists_only_while_there_are_posts(kintone, emulator, app, posted):
    before = set(threading.enumerate())
    other = kintone.new_app({})
    kintone.add(other)
    assert set(threading.enumerate()) == before
    kintone.add(app)
    posted()
    deadline = datetime.now().timestamp() + 10
    while emulator.webhooks._thread is not None and datetime.now().timestamp() < deadline:
        pass
    assert emulator.webhooks._thread is None


def test_a_refused_post_is_not_repeated_and_a_redirect_not_followed(kintone, app, receiver, posted):
    receiver.status = 307
    kintone.add(app)
    assert len(posted()) == 1


def test_an_unreachable_receiver_is_not_an_error(kintone, emulator):
    app = kintone.new_app({})
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        emulator.webhooks.add(app, f"http://127.0.0.1:{nobody.getsockname()[1]}/")
        kintone.add(app)
        emulator.webhooks.wait()
    assert emulator.overview().exchanges[0].status is None


def test_a_receiver_has_ten_seconds_in_all(kintone, emulator, monkeypatch):
    """The limit holds for slow receivers too. Ten seconds are shortened. Source: limits.py."""
    assert limits.NOTIFICATION_SECONDS == 10
    monkeypatch.setattr(limits, "NOTIFICATION_SECONDS", 0.3)
    app = kintone.new_app({})
    with socket.create_server(("127.0.0.1", 0)) as slow:
        emulator.webhooks.add(app, f"http://127.0.0.1:{slow.getsockname()[1]}/")
        kintone.add(app)
        connection, _ = slow.accept()
        with connection:
            connection.sendall(b"HTTP")
            with pytest.raises(
                TimeoutError, match="Not all notifications are posted after 0.05 seconds"
            ):
                emulator.webhooks.wait(timeout=0.05)
            emulator.webhooks.wait()
    assert emulator.overview().exchanges[0].status is None


def test_sixty_a_minute_are_posted_and_the_rest_is_dropped(kintone, app, posted, clock, caplog):
    """limits.md 9: 60 per minute per domain, the rest are dropped and logged (GAIA_WT02)."""
    with caplog.at_level("INFO"):
        for _ in range(61):
            kintone.add(app)
    assert len(posted()) == 60
    assert "GAIA_WT02" in caplog.text
    clock.move(minutes=1)
    kintone.add(app)
    assert len(posted()) == 1


def test_posts_are_in_the_journal_without_query_strings(kintone, emulator, app, receiver, posted):
    kintone.add(app)
    posted()
    exchange = emulator.overview().exchanges[0]
    assert (exchange.method, exchange.status) == ("POST", 200)
    assert exchange.path == receiver.url.partition("?")[0]
    assert json.loads(exchange.request.body)["type"] == "ADD_RECORD"
    assert "secret" not in str(exchange)
