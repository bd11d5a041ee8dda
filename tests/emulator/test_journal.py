"""What is kept, and logged, of the latest requests."""

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
    newest, oldest = emulator._gate.journal.latest()
    assert (oldest.method, oldest.path, oldest.status) == ("GET", "/k/v1/apps.json", 200)
    assert (newest.method, newest.path, newest.status) == ("POST", "/k/v1/record.json", 404)
    assert newest.at == clock.now
    assert 0 < newest.milliseconds < 10_000


def test_fifty_requests_are_kept(kintone, emulator):
    for _ in range(60):
        kintone.send("GET", "apps.json")
    assert len(emulator._gate.journal.latest()) == 50


def test_a_request_without_an_answer_has_no_status(kintone, emulator):
    emulator.faults.add(Fault.LOST_ANSWER)
    with pytest.raises(requests.ConnectionError):
        kintone.send("GET", "apps.json")
    assert [each.status for each in emulator._gate.journal.latest()] == [None]


def test_each_request_is_one_line_of_the_log(kintone, caplog):
    caplog.set_level(logging.INFO, LOGGER)
    kintone.send("GET", "apps.json")
    (line,) = [each.getMessage() for each in caplog.records if each.name == LOGGER]
    assert re.fullmatch(r"method=GET path=/k/v1/apps\.json status=200 ms=\d+\.\d", line)


def test_a_path_cannot_forge_a_line(kintone, caplog):
    caplog.set_level(logging.INFO, LOGGER)
    kintone.session.get("https://x.cybozu.com/a%0Amethod=GET%20path=/b")
    (line,) = [each.getMessage() for each in caplog.records if each.name == LOGGER]
    assert line.startswith("method=GET path=/a%0Amethod%3DGET%20path%3D/b status=404")


def test_nothing_that_a_request_carries_is_logged(kintone, emulator, caplog):
    caplog.set_level(logging.DEBUG, LOGGER)
    app = kintone.new_app({"name": {"type": "SINGLE_LINE_TEXT"}})
    kintone.add(app, name="confidential")
    url = "https://x.cybozu.com/k/v1/records.json"
    kintone.session.get(url, params={"app": app, "query": 'name = "confidential"'})
    token = emulator.add_api_token(app)
    kintone.session.get(url, headers={"X-Cybozu-API-Token": token}, params={"app": app})
    said = "\n".join(each.getMessage() for each in caplog.records if each.name == LOGGER)
    credentials = kintone.session.headers["X-Cybozu-Authorization"]
    for secret in ("confidential", token, credentials, "secret"):
        assert secret not in said
