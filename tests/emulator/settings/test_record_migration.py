"""The effect of a deploy on existing records."""

from __future__ import annotations

import pytest

TEXT, NUMBER = {"type": "SINGLE_LINE_TEXT"}, {"type": "NUMBER"}
UNIQUE = {**TEXT, "unique": True}
FIELDS = "preview/app/form/fields.json"


def rename(kintone, app, **codes):
    properties = {old: {"type": "SINGLE_LINE_TEXT", "code": new} for old, new in codes.items()}
    kintone.ok("PUT", FIELDS, {"app": app, "properties": properties})


def add(kintone, app, **properties):
    described = {code: {"code": code, "label": code, **field} for code, field in properties.items()}
    kintone.ok("POST", FIELDS, {"app": app, "properties": described})


def delete(kintone, app, *codes):
    kintone.ok("DELETE", FIELDS, {"app": app, "fields": list(codes)})


def own(kintone, app, number):
    return {
        code: value
        for code, value in kintone.read(app, number).items()
        if code in {"a", "b", "c", "lines"}
    }


@pytest.fixture
def app(kintone):
    app = kintone.new_app({"a": TEXT, "b": TEXT})
    kintone.add(app, a="1", b="2")
    return app


def test_codes_that_change_places_take_their_values_along(kintone, app):
    rename(kintone, app, a="c")
    rename(kintone, app, b="a")
    rename(kintone, app, c="b")
    assert kintone.deploy(app) == "SUCCESS"
    assert own(kintone, app, 1) == {"b": "1", "a": "2"}
    assert kintone.find(app, 'a = "2"') == [1]


def test_a_field_that_was_deleted_and_added_again_is_blank(kintone, app):
    delete(kintone, app, "a")
    add(kintone, app, a=TEXT)
    assert kintone.deploy(app) == "SUCCESS"
    assert own(kintone, app, 1) == {"a": "", "b": "2"}


def test_a_code_of_a_deleted_field_may_be_another_s(kintone, app):
    delete(kintone, app, "a")
    rename(kintone, app, b="a")
    assert kintone.deploy(app) == "SUCCESS"
    assert own(kintone, app, 1) == {"a": "2"}


def test_a_renamed_unique_field_still_has_each_value_once(kintone):
    app = kintone.new_app({"a": UNIQUE, "b": UNIQUE})
    kintone.add(app, a="1", b="2")
    rename(kintone, app, a="c")
    assert kintone.deploy(app) == "SUCCESS"
    assert kintone.find(app, 'c = "1"') == kintone.find(app, 'b = "2"') == [1]
    for code, value in {"c": "1", "b": "2"}.items():
        body = {"app": app, "record": {code: {"value": value}}}
        assert f"record.{code}.value" in kintone.messages("POST", "record.json", body)


def test_a_column_that_comes_and_one_that_goes_change_every_row(kintone):
    table = {"type": "SUBTABLE", "fields": {"item": TEXT, "price": NUMBER}}
    app = kintone.new_app({"lines": table})
    rows = [{"value": {"item": {"value": name}, "price": {"value": 3}}} for name in "xy"]
    kintone.add(app, lines=rows)
    delete(kintone, app, "price")
    columns = {"note": {"code": "note", "label": "note", **TEXT}}
    body = {"app": app, "properties": {"lines": {"type": "SUBTABLE", "fields": columns}}}
    kintone.ok("PUT", FIELDS, body)
    assert kintone.deploy(app) == "SUCCESS"
    blank = {"type": "SINGLE_LINE_TEXT", "value": ""}
    assert [row["value"] for row in own(kintone, app, 1)["lines"]] == [
        {"item": {"type": "SINGLE_LINE_TEXT", "value": name}, "note": blank} for name in "xy"
    ]


def test_records_that_do_not_fit_stay_as_they_are(kintone, app):
    kintone.add(app, a="1", b="another")
    add(kintone, app, c=TEXT)
    unique = {"a": {"type": "SINGLE_LINE_TEXT", "unique": True}}
    kintone.ok("PUT", FIELDS, {"app": app, "properties": unique})
    assert kintone.deploy(app) == "FAIL"
    assert own(kintone, app, 1) == {"a": "1", "b": "2"}


def test_a_field_that_becomes_unique_indexes_existing_values(kintone, app):
    unique = {"a": {"type": "SINGLE_LINE_TEXT", "unique": True}}
    kintone.ok("PUT", FIELDS, {"app": app, "properties": unique})
    assert kintone.deploy(app) == "SUCCESS"
    key = {"field": "a", "value": "1"}
    kintone.ok("PUT", "record.json", {"app": app, "updateKey": key, "record": {}})


def test_a_deploy_takes_as_many_statements_for_many_records_as_for_one(kintone, emulator, app):
    """Issue 11, "Its own speed": one statement for each record made a deploy ten times slower."""
    counts = []
    for name in ("c", "d"):
        add(kintone, app, **{name: TEXT})
        statements = []
        emulator._domain.store._database.set_trace_callback(statements.append)
        assert kintone.deploy(app) == "SUCCESS"
        emulator._domain.store._database.set_trace_callback(None)
        counts.append(len(statements))
        for _ in range(20):
            kintone.add(app, a="1")
    assert counts[0] == counts[1]


def test_an_error_in_the_middle_of_a_deploy_is_raised_unchanged(kintone, emulator, app):
    def fail(*_):
        raise ZeroDivisionError

    store = emulator._domain.store
    with pytest.raises(ZeroDivisionError), store.transaction():
        store.rewrite_records(app, fail)
    assert own(kintone, app, 1) == {"a": "1", "b": "2"}
