"""Lookups: copying from the source record when a record is written."""

from __future__ import annotations

import pytest
from support.plain_kintone import cells, options


@pytest.fixture
def source(kintone):
    app = kintone.new_app(
        {
            "code": {"type": "SINGLE_LINE_TEXT", "unique": True},
            "name": {"type": "SINGLE_LINE_TEXT"},
            "rank": {"type": "DROP_DOWN", "options": options("A", "B")},
            "number": {"type": "NUMBER", "unique": True},
        }
    )
    kintone.add(app, code="c1", name="one", rank="A", number="1.5")
    kintone.add(app, code="c2", name="two", number="2")
    return app


def lookup(source, key, *mappings, **more):
    pairs = [{"field": here, "relatedField": there} for here, there in mappings]
    settings = {"relatedApp": {"app": source}, "relatedKeyField": key, "fieldMappings": pairs}
    return {"type": "SINGLE_LINE_TEXT", "lookup": {**settings, "lookupPickerFields": []}, **more}


FIELDS = {
    "copied": {"type": "SINGLE_LINE_TEXT"},
    "rank": {"type": "DROP_DOWN", "options": options("A", "B")},
    "note": {"type": "SINGLE_LINE_TEXT"},
    "amount": {"type": "NUMBER"},
}


@pytest.fixture
def app(kintone, source):
    key = lookup(source, "code", ("copied", "name"), ("rank", "rank"))
    return kintone.new_app({"key": key, **FIELDS})


def copies(kintone, app, number):
    read = kintone.read(app, number)
    return read["key"], read["copied"], read["rank"]


def test_a_key_copies_values_of_its_record(kintone, app):
    assert copies(kintone, app, kintone.add(app, key="c1")) == ("c1", "one", "A")


def test_a_value_sent_for_a_copied_field_is_ignored(kintone, app):
    number = kintone.add(app, key="c1", copied="mine", rank="nonsense")
    assert copies(kintone, app, number) == ("c1", "one", "A")
    kintone.put(app, number, copied="mine")
    assert copies(kintone, app, number) == ("c1", "one", "A")


def test_copies_without_a_key_are_blank(kintone, app):
    assert copies(kintone, app, kintone.add(app, copied="x", rank="A")) == ("", "", None)


def test_another_key_copies_anew(kintone, app):
    number = kintone.add(app, key="c1")
    kintone.put(app, number, key="c2")
    assert copies(kintone, app, number) == ("c2", "two", None)


@pytest.mark.parametrize("blank", ["", None])
def test_a_blank_key_clears_the_copies(kintone, app, blank):
    number = kintone.add(app, key="c1")
    kintone.put(app, number, key=blank)
    assert copies(kintone, app, number) == ("", "", None)


def test_copies_are_a_snapshot(kintone, source, app):
    number = kintone.add(app, key="c1")
    kintone.put(source, 1, name="changed")
    kintone.put(app, number, note="x")
    assert copies(kintone, app, number) == ("c1", "one", "A")
    kintone.put(app, number, key="c1")
    assert copies(kintone, app, number) == ("c1", "changed", "A")


MISSING = (
    "A value nothing in the field key does not exist in the datasource app for lookup, "
    "or you do not have permission to view the app or the field."
)


def test_a_key_that_is_not_there_undoes_the_whole_request(kintone, app):
    records = [cells({"key": "c1"}), cells({"key": "nothing"})]
    response = kintone.send("POST", "records.json", {"app": app, "records": records})
    assert response.status_code == 400
    answer = response.json()
    assert (answer["code"], answer["message"]) == ("GAIA_LO04", MISSING)
    assert "errors" not in answer
    assert kintone.find(app) == []


def test_a_required_copy_is_checked_after_copying(kintone, source):
    required = {"type": "SINGLE_LINE_TEXT", "required": True}
    app = kintone.new_app({"key": lookup(source, "code", ("copied", "name")), "copied": required})
    assert kintone.add(app, key="c1") == 1
    assert kintone.messages("POST", "record.json", {"app": app}) == {
        "record.copied.value": ["Required."]
    }


@pytest.mark.parametrize("key", ["2", "02", "٢"])
def test_a_record_number_can_be_the_key(kintone, source, key):
    """kintone REST API, "Add Form Fields": without "prohibit duplicates"."""
    app = kintone.new_app(
        {"key": lookup(source, "Record_number", ("copied", "name")), "copied": FIELDS["copied"]}
    )
    body = {"app": app, "record": cells({"key": key})}
    if key.isascii():
        kintone.ok("POST", "record.json", body)
        assert kintone.read(app, 1)["copied"] == "two"
    else:
        assert kintone.error("POST", "record.json", body)[1] == "GAIA_LO04"


def test_a_number_is_looked_up_as_a_number(kintone, source):
    key = lookup(source, "number", ("copied", "name"), type="NUMBER")
    app = kintone.new_app({"key": key, "copied": FIELDS["copied"]})
    number = kintone.add(app, key="1.50")
    assert kintone.read(app, number)["copied"] == "one"


def test_rows_look_up_each_for_itself(kintone, source):
    columns = {"key": lookup(source, "code", ("copied", "name")), "copied": FIELDS["copied"]}
    app = kintone.new_app({"table": {"type": "SUBTABLE", "fields": columns}})
    rows = [{"value": cells({"key": key})} for key in ("c2", "", "c1")]
    number = kintone.add(app, table=rows)
    table = kintone.read(app, number)["table"]
    assert [row["value"]["copied"]["value"] for row in table] == ["two", "", "one"]


def test_a_token_needs_one_of_the_source_too(kintone, emulator, caller, source, app):
    own = emulator.add_api_token(app, permissions=["add"])
    blind = caller(X_Cybozu_API_Token=own)
    body = {"app": app, "record": cells({"key": "c1"})}
    assert blind.error("POST", "record.json", body)[1] == "GAIA_LO04"
    seeing = caller(X_Cybozu_API_Token=f"{own},{emulator.add_api_token(source)}")
    assert seeing.ok("POST", "record.json", body)["id"] == "1"


def test_a_key_that_is_sent_again_copies_again(kintone, source, app):
    """Tools that refresh lookups do only this (fact sheet "fields", section 8)."""
    number = kintone.add(app, key="c1")
    kintone.put(source, 1, name="changed")
    assert copies(kintone, app, number) == ("c1", "one", "A")
    kintone.put(app, number, key="c1")
    assert copies(kintone, app, number) == ("c1", "changed", "A")
    kintone.ok("DELETE", "records.json", {"app": source, "ids": [1]})
    body = {"app": app, "id": number, "record": cells({"key": "c1"})}
    assert kintone.error("PUT", "record.json", body)[1] == "GAIA_LO04"
    kintone.put(app, number, note="the copies stay")
