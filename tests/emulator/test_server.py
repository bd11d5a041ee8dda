"""The emulator over HTTP."""

from __future__ import annotations

import pytest
import requests
from plain_kintone import password

serve = pytest.importorskip("kintone_orm.emulator.server").serve


@pytest.fixture
def server(emulator):
    with serve(emulator) as server:
        yield server


@pytest.fixture
def session():
    with requests.Session() as session:
        session.headers.update(password("sato", "secret"))
        yield session


def test_the_same_answers_come_over_the_wire(kintone, server, session):
    app = kintone.new_app({"名前": {"type": "SINGLE_LINE_TEXT"}})
    url = f"{server.url}/k/v1/"
    body = {"app": app, "record": {"名前": {"value": "佐藤😀"}}}
    assert session.post(url + "record.json", json=body).json() == {"id": "1", "revision": "1"}
    parameters = {"app": app, "query": '名前 like "佐藤"', "fields[0]": "名前"}
    response = session.get(url + "records.json", params=parameters)
    assert response.json() == {
        "records": [{"名前": {"type": "SINGLE_LINE_TEXT", "value": "佐藤😀"}}],
        "totalCount": None,
    }
    assert response.headers["X-ConcurrencyLimit-Limit"] == "100"
    assert response.headers["Content-Type"] == "application/json;charset=utf-8"


def test_parameters_in_the_body_of_a_get_arrive(kintone, server, session):
    app = kintone.new_app({})
    response = session.get(f"{server.url}/k/v1/records.json", json={"app": app})
    assert response.json() == {"records": [], "totalCount": None}


def test_errors_keep_their_status_and_language(server, session):
    headers = {"Accept-Language": "ja"}
    response = session.get(f"{server.url}/k/v1/records.json", headers=headers)
    assert response.status_code == 400
    assert response.json()["message"] == "入力内容が正しくありません。"


def test_a_stopped_server_answers_no_more(emulator, session):
    server = serve(emulator)
    server.start()
    server.stop()
    with pytest.raises(requests.ConnectionError):
        session.get(f"{server.url}/k/v1/apps.json")
