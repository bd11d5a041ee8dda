"""The page for people: what stands on it, and what must not."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from plain_kintone import cells

from kintone_orm.emulator import Fault

front_page = pytest.importorskip("kintone_orm.emulator.front_page").front_page

NASTY = "<script>alert('\"1\"')</script>&amp;"
VOID = {"meta"}


class Page(HTMLParser):
    """The texts of a page by the tag that they stand in, and its tags. Badly nested is an error."""

    def __init__(self, html):
        super().__init__()
        self.texts = {}
        self.tags = []
        self._open = []
        self.feed(html)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag):
        assert self._open.pop() == tag

    def handle_data(self, data):
        if data.strip():
            self.texts.setdefault(self._open[-1], []).append(data.strip())


@pytest.fixture
def page(emulator):
    """Reads the page as it is now."""
    return lambda: Page(front_page(emulator.overview()))


def test_an_empty_emulator_says_so(page):
    assert {"There is no app yet.", "None yet."} <= set(page().texts["p"])


def test_apps_are_there_with_their_fields_and_how_many_records_they_have(kintone, page):
    text = {"type": "SINGLE_LINE_TEXT"}
    app = kintone.new_app({"名前": text, "lines": {"type": "SUBTABLE", "fields": {"品名": text}}})
    for _ in range(3):
        kintone.add(app, 名前="confidential")
    kintone.ok("POST", "preview/app.json", {"name": "Draft"})
    found = page().texts
    assert found["strong"] == ["An app", "Draft"]
    assert found["span"] == [f"app {app}, 3 records", f"app {app + 1}, 0 records, not deployed yet"]
    assert found["code"][1:5] == ["名前", "lines", "品名", "Record_number"]
    assert {"SINGLE_LINE_TEXT", "SUBTABLE", "CREATOR"} <= set(found["td"])


def test_the_latest_requests_are_there(kintone, emulator, page):
    kintone.send("GET", "apps.json")
    kintone.send("GET", "nonsense.json")
    emulator.faults.add(Fault.LOST_ANSWER)
    with pytest.raises(OSError, match="closed"):
        kintone.send("GET", "apps.json")
    found = page()
    assert found.texts["code"][-3:] == ["/k/v1/apps.json", "/k/v1/nonsense.json", "/k/v1/apps.json"]
    assert {"12:59:07", "GET", "200", "404", "no answer"} <= set(found.texts["td"])
    assert [a.get("class") for tag, a in found.tags if tag == "tr"][-3:] == [
        "failed",
        "failed",
        None,
    ]


def test_no_name_becomes_markup(kintone, page):
    label = {"type": "SINGLE_LINE_TEXT", "label": NASTY}
    app = kintone.new_app({"a": label}, name=NASTY[:64])
    kintone.session.get("https://x.cybozu.com/<script>")
    found = page()
    assert found.texts["strong"] == [NASTY[:64]]
    assert NASTY in found.texts["td"]
    assert "script" not in {tag for tag, _ in found.tags}
    assert app == 1


def test_the_page_needs_nothing_and_leads_nowhere(kintone, page):
    kintone.new_app({})
    tags = page().tags
    assert {name for _, attributes in tags for name in attributes} <= {
        "lang",
        "charset",
        "name",
        "content",
        "open",
        "class",
    }


def test_no_record_and_no_secret_is_on_the_page(kintone, emulator):
    app = kintone.new_app({"name": {"type": "SINGLE_LINE_TEXT"}})
    token = emulator.add_api_token(app)
    body = {"app": app, "record": cells({"name": "confidential"})}
    kintone.ok("POST", "record.json", body)
    url = f"https://x.cybozu.com/k/v1/records.json?app={app}&query=name+%3D+%22confidential%22"
    kintone.session.get(url, headers={"X-Cybozu-API-Token": token})
    html = front_page(emulator.overview())
    for secret in ("confidential", "secret", token, kintone.session.headers.popitem()[1]):
        assert secret not in html


def test_fields_of_many_apps_are_shown_on_a_click(kintone, page):
    for _ in range(4):
        kintone.new_app({})
    assert [attributes for tag, attributes in page().tags if tag == "details"] == [{}] * 4
