"""The pages of the latest requests and of a single request."""

from __future__ import annotations

import base64

import pytest


@pytest.fixture
def app(kintone):
    return kintone.new_app({"name": {"type": "SINGLE_LINE_TEXT"}})


def newest(browse, emulator):
    return browse(f"/requests/{emulator.overview().exchanges[0].number}")


def test_bodies_are_behind_a_click(kintone, emulator, app, browse):
    kintone.add(app, name="Tanaka")
    assert "Tanaka" not in browse("/requests").html
    page = newest(browse, emulator)
    assert '"value": "Tanaka"' in page.texts["pre"][0]
    assert '"revision": "1"' in page.texts["pre"][1]
    assert f"/requests/{emulator.overview().exchanges[0].number}" in browse("/requests").links()


def test_a_query_string_is_shown_by_its_parameters(kintone, emulator, app, browse):
    query = 'name = "佐藤" order by $id asc'
    url = "https://x.cybozu.com/k/v1/records.json"
    kintone.session.get(url, params={"app": app, "query": query})
    assert query in newest(browse, emulator).texts["code"]


def test_a_refusal_is_shown_with_its_request(kintone, emulator, app, browse):
    kintone.send("POST", "record.json", {"app": app, "record": {"name": {"value": 5}}})
    page = newest(browse, emulator)
    assert "400" in page.texts["span"]
    assert "CB_IJ01" in page.texts["pre"][1]


def test_records_that_were_written_are_linked(kintone, emulator, app, browse):
    kintone.add(app)
    assert f"/apps/{app}/records/1" in newest(browse, emulator).links()


def test_no_credential_is_shown(kintone, emulator, app, browse):
    token = emulator.add_api_token(app)
    password = "long enough to be told"
    emulator.add_user("mori", password)
    pair = base64.b64encode(f"mori:{password}".encode()).decode()
    body = {
        "app": app,
        "record": {"name": {"value": f"{token} {password} {pair}"}},
        "password": "p1",
        "nested": [{"apiToken": 't"2', "client_secret": "s3"}],
        "tokens": ["in] a list", ["in another"]],
        "secretNumber": -987654.5,
    }
    headers = {"X-Cybozu-Authorization": pair, "X-Emulator-Token": "x4", "Cookie": "c5"}
    kintone.session.post("https://x.cybozu.com/k/v1/record.json", json=body, headers=headers)
    kintone.session.get(f"https://x.cybozu.com/k/v1/apps.json?token=t6&name={token}")
    pages = [
        browse(f"/requests/{exchange.number}").html for exchange in emulator.overview().exchanges
    ]
    assert "********" in pages[0]
    inside = ("987654", "a list", "another", "p1", "t\\&#34;2", "s3")
    for secret in (token, password, pair, *inside, "x4", "c5", "t6"):
        assert not any(f">{secret}<" in html or f"&#34;{secret}" in html for html in pages)
        assert len(secret) < 6 or not any(secret in html for html in pages)


def test_a_password_that_json_spells_otherwise_is_not_shown(kintone, emulator, app, browse):
    emulator.add_user("mori", 'open "sesame" now')
    kintone.add(app, name='She said: open "sesame" now.')
    assert "sesame" not in newest(browse, emulator).html


def test_a_cut_body_says_so(kintone, emulator, app, browse):
    kintone.add(app, name="x" * 70_000)
    page = newest(browse, emulator)
    assert any(text.startswith("The first 64 KB of 70,0") for text in page.texts["summary"])
    assert 60_000 < page.html.count("x") < 66_000


def test_a_credential_in_a_body_that_is_cut_is_not_shown(kintone, emulator, app, browse):
    body = '{"password": "hidden \\" word", "memo": "' + "x" * 70_000
    headers = {"Content-Type": "application/json"}
    kintone.session.post("https://x.cybozu.com/k/v1/record.json", data=body, headers=headers)
    assert "hidden" not in newest(browse, emulator).html


def test_half_a_character_in_a_body_is_shown_as_it_was_sent(kintone, app, browse, emulator):
    url = "https://x.cybozu.com/k/v1/record.json"
    headers = {"Content-Type": "application/json"}
    kintone.session.post(url, data=b'{"app": "\\ud800"}', headers=headers)
    page = newest(browse, emulator)
    assert page.status == 200
    assert r"\ud800" in page.texts["pre"][0]


def test_a_file_s_content_is_not_shown(kintone, emulator, browse):
    files = {"file": ("a.txt", b"confidential", "text/plain")}
    kintone.session.post("https://x.cybozu.com/k/v1/file.json", files=files)
    page = newest(browse, emulator)
    assert "confidential" not in page.html
    assert any(text.endswith(" was not kept.") for text in page.texts["p"])


def test_deep_json_is_shown_as_it_came(kintone, emulator, browse):
    deep = "[" * 20_000
    headers = {"Content-Type": "application/json"}
    kintone.session.post("https://x.cybozu.com/k/v1/record.json", data=deep, headers=headers)
    assert newest(browse, emulator).texts["pre"][0] == deep
