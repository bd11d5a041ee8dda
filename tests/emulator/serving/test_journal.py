"""The journal and the log of the latest requests."""

from __future__ import annotations

import logging
import re

import pytest
import requests

from kintone_orm.emulator import Fault

LOGGER = "kintone_orm.emulator.journal"


def test_the_newest_request_is_the_first(kintone, emulator, clock):
    kintone.send("GET", "apps.json")
    kintone.send("POST", "record.json", {"app": 9})
    newest, oldest = emulator._proxy.journal.latest()
    assert (oldest.method, oldest.path, oldest.status) == ("GET", "/k/v1/apps.json", 200)
    assert (newest.method, newest.path, newest.status) == ("POST", "/k/v1/record.json", 404)
    assert newest.at == clock.now
    assert 0 < newest.milliseconds < 10_000


def test_fifty_requests_are_kept(kintone, emulator):
    for _ in range(60):
        kintone.send("GET", "apps.json")
    assert len(emulator._proxy.journal.latest()) == 50


def test_a_request_without_an_answer_has_no_status(kintone, emulator):
    emulator.faults.add(Fault.LOST_ANSWER)
    with pytest.raises(requests.ConnectionError):
        kintone.send("GET", "apps.json")
    assert [exchange.status for exchange in emulator._proxy.journal.latest()] == [None]


def test_each_request_is_one_line_of_the_log(kintone, caplog):
    caplog.set_level(logging.INFO, LOGGER)
    kintone.send("GET", "apps.json")
    (line,) = [message.getMessage() for message in caplog.records if message.name == LOGGER]
    assert re.fullmatch(r"method=GET path=/k/v1/apps\.json status=200 ms=\d+\.\d", line)


def test_a_path_cannot_forge_a_line(kintone, caplog):
    caplog.set_level(logging.INFO, LOGGER)
    kintone.session.get("https://x.cybozu.com/a%0Amethod=GET%20path=/b")
    (line,) = [message.getMessage() for message in caplog.records if message.name == LOGGER]
    assert line.startswith("method=GET path=/a%0Amethod%3DGET%20path%3D/b status=404")


def test_the_content_of_a_request_is_not_logged(kintone, emulator, caplog):
    caplog.set_level(logging.DEBUG, LOGGER)
    app = kintone.new_app({"name": {"type": "SINGLE_LINE_TEXT"}})
    kintone.add(app, name="confidential")
    url = "https://x.cybozu.com/k/v1/records.json"
    kintone.session.get(url, params={"app": app, "query": 'name = "confidential"'})
    token = emulator.add_api_token(app)
    kintone.session.get(url, headers={"X-Cybozu-API-Token": token}, params={"app": app})
    log = "\n".join(message.getMessage() for message in caplog.records if message.name == LOGGER)
    credentials = kintone.session.headers["X-Cybozu-Authorization"]
    for secret in ("confidential", token, credentials, "secret"):
        assert secret not in log


def test_headers_and_bodies_are_kept(kintone, emulator):
    app = kintone.new_app({"name": {"type": "SINGLE_LINE_TEXT"}})
    kintone.add(app, name="Tanaka")
    newest = emulator._proxy.journal.latest()[0]
    assert b"Tanaka" in newest.request.body
    assert newest.answer.body == b'{"id":"1","revision":"1"}'
    assert newest.request.size == len(newest.request.body)


def test_a_query_string_is_kept(kintone, emulator):
    kintone.session.get("https://x.cybozu.com/k/v1/records.json", params={"query": "limit 1"})
    assert emulator._proxy.journal.latest()[0].query_string == "query=limit+1"


def test_credentials_are_not_kept(kintone, emulator):
    token = emulator.add_api_token(kintone.new_app({}))
    headers = {"X-Cybozu-API-Token": token, "Authorization": "Basic YTpi", "Cookie": "JSESSIONID=1"}
    kintone.session.get("https://x.cybozu.com/k/v1/apps.json", headers=headers)
    kept = emulator._proxy.journal.latest()[0].request.headers
    for name in (*headers, "X-Cybozu-Authorization"):
        assert kept[name] == "********"


def test_a_body_is_kept_up_to_64_kilobytes(kintone, emulator):
    """Issue 11, "A page that people use": bodies of 64 KB each."""
    body = b'{"app": 1, "record": {"memo": {"value": "' + b"x" * 100_000 + b'"}}}'
    for sent in (body, iter([body[:50_000], body[50_000:]])):
        url = "https://x.cybozu.com/k/v1/record.json"
        kintone.session.post(url, data=sent, headers={"Content-Type": "application/json"})
        kept = emulator._proxy.journal.latest()[0].request
        assert kept.body == body[: 64 * 1024]
        assert kept.size == len(body)


def test_files_are_not_kept(kintone, emulator):
    files = {"file": ("a.json", b'"content of the file"', "application/json")}
    kintone.session.post("https://x.cybozu.com/k/v1/file.json", files=files)
    newest = emulator._proxy.journal.latest()[0]
    assert newest.status == 200
    assert newest.request.body is None
    assert newest.answer is None


def test_an_ordered_fault_is_in_the_journal(kintone, emulator):
    emulator.faults.add(Fault.DATABASE_LOCKED)
    kintone.send("GET", "apps.json")
    kintone.send("GET", "apps.json")
    assert [exchange.fault for exchange in emulator._proxy.journal.latest()] == [
        None,
        "database_locked",
    ]


def test_the_writes_of_a_record_are_found_for_every_endpoint(kintone, emulator):
    app = kintone.new_app({"key": {"type": "SINGLE_LINE_TEXT", "unique": True}})
    other, mine = kintone.add(app, key="other"), kintone.add(app, key="mine")
    by_key = {"updateKey": {"field": "key", "value": "mine"}, "record": {}}
    kintone.ok("PUT", "records.json", {"app": app, "upsert": True, "records": [by_key]})
    payload = {"app": app, "id": mine, "record": {}}
    update = {"method": "PUT", "api": "/k/v1/record.json", "payload": payload}
    kintone.ok("POST", "bulkRequest.json", {"requests": [update]})
    comment = {"app": app, "record": mine, "comment": {"text": "hello"}}
    kintone.ok("POST", "record/comment.json", comment)
    kintone.put(app, other, key="changed")
    kintone.read(app, mine)
    kintone.ok("DELETE", "records.json", {"app": app, "ids": [mine]})
    paths = [
        exchange.path.removeprefix("/k/v1/")
        for exchange in emulator._proxy.journal.writes_of(app, 2)
    ]
    assert paths == [
        "records.json",
        "record/comment.json",
        "bulkRequest.json",
        "records.json",
        "record.json",
    ]


def test_a_refused_request_has_no_writes(kintone, emulator):
    app = kintone.new_app({})
    kintone.add(app)
    change = {"id": 1, "record": {}}
    body = {"app": app, "records": [change, {"id": 9, "record": {}}]}
    assert kintone.error("PUT", "records.json", body)[0] == 404
    assert len(emulator._proxy.journal.writes_of(app, 1)) == 1


@pytest.mark.parametrize("name", ["gate", "journal", "notifications"])
def test_a_logger_keeps_its_name_when_its_module_moves(name):
    assert isinstance(
        logging.root.manager.loggerDict[f"kintone_orm.emulator.{name}"], logging.Logger
    )
