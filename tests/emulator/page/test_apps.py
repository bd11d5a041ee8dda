"""The page at `/`: the apps, and the latest requests."""

from __future__ import annotations

import pytest
from support.plain_kintone import cells

from kintone_orm.emulator import Fault

NASTY = "<script>alert('\"1\"')</script>&amp;"


def test_an_empty_emulator_says_so(browse):
    assert {"There is no app yet.", "There are no requests yet."} <= set(browse("/").texts["p"])


def test_apps_are_there_with_their_fields_and_how_many_records_they_have(kintone, browse):
    text = {"type": "SINGLE_LINE_TEXT"}
    app = kintone.new_app({"名前": text, "lines": {"type": "SUBTABLE", "fields": {"品名": text}}})
    for _ in range(3):
        kintone.add(app, 名前="confidential")
    kintone.ok("POST", "preview/app.json", {"name": "Draft"})
    page = browse("/")
    assert "An app" in page.texts["a"]
    assert f"/apps/{app}" in page.links()
    assert "Draft" in page.texts["h2"]
    assert f"app {app}, 3 records" in page.texts["p"]
    assert f"app {app + 1}, 0 records, not deployed yet" in page.texts["p"]
    assert page.texts["code"][1:5] == ["名前", "lines", "品名", "Record_number"]
    assert {"SINGLE_LINE_TEXT", "SUBTABLE", "CREATOR"} <= set(page.texts["td"])


def test_the_latest_requests_are_there(kintone, emulator, browse):
    kintone.send("GET", "apps.json")
    kintone.send("GET", "nonsense.json")
    emulator.faults.add(Fault.LOST_ANSWER)
    with pytest.raises(OSError, match="closed"):
        kintone.send("GET", "apps.json")
    page = browse("/")
    assert page.texts["code"][-3:] == ["/k/v1/apps.json", "/k/v1/nonsense.json", "/k/v1/apps.json"]
    assert {"GET", "200", "404", "no answer"} <= set(page.texts["td"])
    assert page.texts["time"] == ["12:59:07"] * 3
    assert [a.get("class") for tag, a in page.tags if tag == "tr"][-3:] == [
        "failed",
        "failed",
        None,
    ]
    assert "ordered: lost_answer" in page.texts["span"]


def test_no_name_becomes_markup(kintone, browse):
    label = {"type": "SINGLE_LINE_TEXT", "label": NASTY}
    kintone.new_app({"a": label}, name=NASTY[:64])
    kintone.session.get("https://x.cybozu.com/<script>")
    page = browse("/")
    assert NASTY[:64] in page.texts["a"]
    assert NASTY in page.texts["td"]
    assert "script" not in {tag for tag, _ in page.tags}


def test_no_record_and_no_secret_is_on_the_front_page(kintone, emulator, browse):
    app = kintone.new_app({"name": {"type": "SINGLE_LINE_TEXT"}})
    token = emulator.add_api_token(app)
    kintone.ok("POST", "record.json", {"app": app, "record": cells({"name": "confidential"})})
    url = f"https://x.cybozu.com/k/v1/records.json?app={app}&query=name+%3D+%22confidential%22"
    kintone.session.get(url, headers={"X-Cybozu-API-Token": token})
    html = browse("/").html
    for secret in ("confidential", "secret", token, kintone.session.headers.popitem()[1]):
        assert secret not in html
