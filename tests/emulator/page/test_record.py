"""The page of a record."""

from __future__ import annotations

import pytest
from support.pages.markup import NASTY, PLANTED
from support.plain_kintone import cells

from kintone_orm.emulator.values import FIELD_TYPES

TEXT = {"type": "SINGLE_LINE_TEXT"}


def test_markup_in_every_type_stays_text(kintone, emulator, planted, browse):
    """Issue 11: "Everything that a record holds is escaped: a test plants markup in every type"."""
    app, record = planted
    comment = {"text": NASTY, "mentions": [{"code": f"kato{NASTY}", "type": "USER"}]}
    kintone.ok("POST", "record/comment.json", {"app": app, "record": record, "comment": comment})
    latest = emulator.overview().exchanges
    paths = ["/", f"/apps/{app}", f"/apps/{app}/records/{record}", "/requests"]
    for path in [*paths, *(f"/requests/{item.number}" for item in latest)]:
        page = browse(path)
        assert page.status == 200
        assert {tag for tag, _ in page.tags}.isdisjoint({"img", "script"})
        assert not any(name.startswith("on") for _, attrs in page.tags for name in attrs)
    texts = browse(f"/apps/{app}/records/{record}").all_text()
    for kind, (_, value) in PLANTED.items():
        markup = value if isinstance(value, str) else ""
        assert any(f"{kind} {NASTY}" == text for text in texts)
        assert any(" ".join(markup.split()) in text for text in texts)
    assert sum(NASTY in text for text in texts) > 3 * len(PLANTED)


def test_every_type_of_a_form_is_planted():
    """A new type must be added to PLANTED."""
    assert {*PLANTED} == {*FIELD_TYPES}


@pytest.fixture
def order(kintone):
    table = {"type": "SUBTABLE", "fields": {"item": TEXT, "price": {"type": "NUMBER"}}}
    app = kintone.new_app({"name": TEXT, "lines": table})
    rows = [{"value": cells({"item": item, "price": 3})} for item in ("Pen", "Ink")]
    return app, kintone.add(app, name="Tanaka", lines=rows)


def page_of(browse, order):
    return browse("/apps/{}/records/{}".format(*order))


def test_a_table_is_shown_row_by_row(order, browse):
    texts = page_of(browse, order).texts["td"]
    assert texts[texts.index("Pen") + 1] == "3"
    assert texts[texts.index("Ink") - 1].isdecimal()


def test_a_value_is_shown_with_code_label_and_type(order, browse):
    page = page_of(browse, order)
    assert "Tanaka" in page.texts["dd"]
    assert "name" in page.texts["dt"]
    assert "SINGLE_LINE_TEXT" in page.texts["span"]


def test_comments_are_shown_the_newest_first(kintone, order, browse):
    app, record = order
    for text in ("first", "second"):
        body = {"app": app, "record": record, "comment": {"text": text}}
        kintone.ok("POST", "record/comment.json", body)
    page = page_of(browse, order)
    words = [text for text in page.texts["p"] if text in {"first", "second"}]
    assert words == ["second", "first"]


def test_the_status_is_shown_with_its_assignees(kintone, order, browse):
    app, _ = order
    entity = {"entity": {"type": "USER", "code": "kato"}}
    assignee = {"type": "ONE", "entities": [entity]}
    states = {
        "Open": {"name": "Open", "index": "0", "assignee": {"type": "ONE", "entities": []}},
        "Work": {"name": "Work", "index": "1", "assignee": assignee},
    }
    actions = [{"name": "Begin", "from": "Open", "to": "Work"}]
    body = {"app": app, "enable": True, "states": states, "actions": actions}
    kintone.ok("PUT", "preview/app/status.json", body)
    assert kintone.deploy(app) == "SUCCESS"
    assert {"Open", "assigned to nobody"} <= set(page_of(browse, order).texts["span"])
    act = {"app": app, "id": 1, "action": "Begin", "assignee": "kato"}
    kintone.ok("PUT", "record/status.json", act)
    page = page_of(browse, order)
    assert "Work" in page.texts["span"]
    assert "assigned to kato" in page.texts["p"]


def test_writes_of_the_record_are_those_still_in_the_log(kintone, order, browse):
    app, record = order
    kintone.put(app, record, name="Suzuki")
    other = kintone.add(app)
    kintone.put(app, other, name="Other")
    page = page_of(browse, order)
    assert len([link for link in page.links() if link.startswith("/requests/")]) == 2
    for _ in range(50):
        kintone.read(app, record)
    assert "No kept request wrote this record." in page_of(browse, order).texts["p"]


def test_a_deleted_record_shows_its_writes_while_the_log_has_them(kintone, order, browse):
    app, record = order
    kintone.ok("DELETE", "records.json", {"app": app, "ids": [record]})
    page = page_of(browse, order)
    assert "deleted" in page.texts["span"]
    assert len([link for link in page.links() if link.startswith("/requests/")]) == 2
    for _ in range(50):
        kintone.send("GET", "apps.json")
    assert page_of(browse, order).status == 404
