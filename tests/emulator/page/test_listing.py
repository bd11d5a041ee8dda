"""The page of an app: its records, with a typed query."""

from __future__ import annotations

import pytest

NASTY = "<b onmouseover=alert(1)>\"'&"
TEXT, NUMBER = {"type": "SINGLE_LINE_TEXT"}, {"type": "NUMBER"}


@pytest.fixture
def app(kintone):
    app = kintone.new_app({"name": TEXT, "size": NUMBER})
    for first in range(0, 120, 60):
        records = [
            {"name": {"value": f"n{i}"}, "size": {"value": i}} for i in range(first, first + 60)
        ]
        kintone.ok("POST", "records.json", {"app": app, "records": records})
    return app


def ids(page):
    return [text for text in page.texts["a"] if text.isdecimal()]


def test_records_come_in_pages_the_newest_first(app, browse):
    first = browse(f"/apps/{app}")
    assert "120 records" in first.texts["p"]
    assert ids(first) == [str(i) for i in range(120, 70, -1)]
    assert "Page 1 of 3" in first.texts["span"]
    assert "?page=2" in first.links()
    last = browse(f"/apps/{app}?page=3")
    assert ids(last) == [str(i) for i in range(20, 0, -1)]
    assert "?page=2" in last.links()
    assert "?page=4" not in last.links()


def test_a_query_is_kintone_s(app, browse):
    page = browse(f"/apps/{app}", query_string={"query": "size >= 60 order by size asc"})
    assert "60 records found" in page.texts["p"]
    assert ids(page)[:2] == ["61", "62"]
    assert "?query=size+%3E%3D+60+order+by+size+asc&page=2" in page.links()
    typed = next(a for tag, a in page.tags if tag == "input")
    assert (typed["name"], typed["value"]) == ("query", "size >= 60 order by size asc")


def test_a_query_may_have_a_limit_and_an_offset(app, browse):
    page = browse(f"/apps/{app}", query_string={"query": "order by size asc limit 3 offset 10"})
    assert ids(page) == ["11", "12", "13"]
    assert "3 records found" in page.texts["p"]


def test_a_wrong_query_shows_kintone_s_message(app, browse):
    page = browse(f"/apps/{app}", query_string={"query": 'nothing = "1"'})
    assert page.status == 400
    (refusal,) = [text for text in page.texts["p"] if text.startswith("GAIA_IQ11")]
    assert "nothing" in refusal
    assert ids(page) == []


def test_a_query_without_matches_says_so(app, browse):
    page = browse(f"/apps/{app}", query_string={"query": 'name = "?"'})
    assert "No record matches." in page.texts["p"]


def test_a_typed_query_becomes_no_markup(app, browse):
    page = browse(f"/apps/{app}", query_string={"query": NASTY})
    assert page.status == 400
    assert "b" not in {tag for tag, _ in page.tags}
    assert next(a for tag, a in page.tags if tag == "input")["value"] == NASTY


@pytest.mark.parametrize("number", ["0", "-1", "x", "9" * 30, "99"])
def test_an_invalid_page_number_shows_a_page(app, browse, number):
    assert len(ids(browse(f"/apps/{app}?page={number}"))) in {20, 50}


def test_permissions_of_the_app_do_not_hide_a_record(kintone, app, browse):
    nobody = {"type": "USER", "code": "kato"}
    entities = [{"entity": nobody, "viewable": True, "editable": True, "deletable": True}]
    rights = [{"filterCond": "", "entities": entities}]
    kintone.ok("PUT", "record/acl.json", {"app": app, "rights": rights})
    assert "120 records" in browse(f"/apps/{app}").texts["p"]


def test_an_app_without_records_says_so(kintone, browse):
    assert "There are no records yet." in browse(f"/apps/{kintone.new_app({})}").texts["p"]


def test_long_texts_are_cut_in_the_list(kintone, browse):
    app = kintone.new_app({"name": TEXT})
    kintone.add(app, name="x" * 200)
    assert "x" * 79 + "…" in browse(f"/apps/{app}").texts["td"]
