"""Lookups: copying from the source at the moment of the write."""

from __future__ import annotations

import pytest
from support.plain_kintone import cells, described, options


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


def test_what_is_sent_for_a_copy_is_ignored(kintone, app):
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


# Definitions


def added(kintone, app, **properties):
    body = {"app": app, "properties": described(properties)}
    return kintone.messages("POST", "preview/app/form/fields.json", body)


@pytest.mark.parametrize(
    ("key", "mapping", "path", "message"),
    [
        ("$id", None, "relatedKeyField", "The related app has no field with this code."),
        (
            "code",
            ("Record_number", "name"),
            "fieldMappings[0].field",
            "There is no such field beside the lookup that values can be copied to.",
        ),
        (
            "code",
            ("note", "nothing"),
            "fieldMappings[0].relatedField",
            "The related app has no field with this code.",
        ),
        (
            "code",
            ("amount", "name"),
            "fieldMappings[0].relatedField",
            "The value of this type of field cannot be copied to that field.",
        ),
        (
            "code",
            ("copied", "name"),
            "fieldMappings[0].field",
            "A field can be filled by one lookup only.",
        ),
    ],
)
def test_a_lookup_must_fit_both_apps(kintone, source, app, key, mapping, path, message):
    definition = lookup(source, key, *([mapping] if mapping else []))
    assert added(kintone, app, second=definition) == {
        f"properties[second].lookup.{path}": [message]
    }


def test_a_lookup_needs_an_app(kintone, app):
    assert added(kintone, app, second=lookup(99, "code")) == {
        "properties[second].lookup.relatedApp": ["The app (ID: 99) not found."]
    }


def test_a_key_that_is_not_unique_is_found_at_deploy(kintone, source):
    app = int(kintone.ok("POST", "preview/app.json", {"name": "x"})["app"])
    body = {"app": app, "properties": described({"key": lookup(source, "name")})}
    kintone.ok("POST", "preview/app/form/fields.json", body)
    error = kintone.error("POST", "preview/app/deploy.json", {"apps": [{"app": app}]})
    assert error[:2] == (400, "GAIA_LO03")


def test_a_key_cannot_stop_being_unique(kintone, source, app):
    change = {"app": source, "properties": {"code": {"unique": False}}}
    kintone.ok("PUT", "preview/app/form/fields.json", change)
    error = kintone.error("POST", "preview/app/deploy.json", {"apps": [{"app": source}]})
    assert error[:2] == (400, "GAIA_LO03")


FORM = "preview/app/form/fields.json"


def test_a_lookup_and_the_fields_that_it_fills_go_together(kintone, app):
    """SonicGarden's suite does so on a real domain; GAIA_LO02 is for lookups of another app."""
    kintone.ok("DELETE", FORM, {"app": app, "fields": ["copied", "rank", "key"]})
    assert kintone.deploy(app) == "SUCCESS"


def test_a_field_that_a_lookup_filled_goes_after_it_before_a_deploy(kintone, app):
    """Issue 11, fault 1."""
    kintone.ok("DELETE", FORM, {"app": app, "fields": ["key"]})
    kintone.ok("DELETE", FORM, {"app": app, "fields": ["copied"]})
    assert kintone.deploy(app) == "SUCCESS"


def test_a_field_that_a_lookup_fills_does_not_go_alone(kintone, app):
    body = {"app": app, "fields": ["copied"]}
    assert kintone.error("DELETE", FORM, body)[:2] == (400, "GAIA_FC01")


def test_a_copy_goes_to_a_field_of_the_form(kintone, source):
    """SonicGarden, 2026-04-26: GAIA_FC01 whatever the order of the properties."""
    app = kintone.new_app({})
    properties = described({"key": lookup(source, "code", ("nowhere", "name"))})
    body = {"app": app, "properties": properties}
    assert kintone.error("POST", FORM, body) == (
        400,
        "GAIA_FC01",
        "The field (code: nowhere) not found.",
    )
    later = described({"nowhere": {"type": "SINGLE_LINE_TEXT"}})
    kintone.ok("POST", FORM, {"app": app, "properties": {**properties, **later}})


def test_a_lookup_can_be_a_link_by_the_record_number(kintone, source):
    """A record number is the one key that needs no field without duplicates."""
    key = {**lookup(source, "Record_number", ("copied", "name")), "type": "LINK"}
    app = kintone.new_app({"key": key, "copied": {"type": "SINGLE_LINE_TEXT"}})
    number = kintone.add(app, key="2")
    read = kintone.read(app, number)
    assert (read["key"], read["copied"]) == ("2", "two")
    body = {"app": app, "record": cells({"key": "9"})}
    assert kintone.error("POST", "record.json", body)[1] == "GAIA_LO04"


def test_a_key_that_is_sent_again_copies_again(kintone, source, app):
    """What tools that refresh lookups do, and all that they do (fact sheet "fields", section 8)."""
    number = kintone.add(app, key="c1")
    kintone.put(source, 1, name="changed")
    assert copies(kintone, app, number) == ("c1", "one", "A")
    kintone.put(app, number, key="c1")
    assert copies(kintone, app, number) == ("c1", "changed", "A")
    kintone.ok("DELETE", "records.json", {"app": source, "ids": [1]})
    body = {"app": app, "id": number, "record": cells({"key": "c1"})}
    assert kintone.error("PUT", "record.json", body)[1] == "GAIA_LO04"
    kintone.put(app, number, note="the copies stay")


@pytest.mark.parametrize("code", ["code", "name"])
def test_a_field_that_a_lookup_reads_stays(kintone, source, app, code):
    """kintone help, article 040792: GAIA_LO02, for a lookup of another app."""
    body = {"app": source, "fields": [code]}
    assert kintone.error("DELETE", "preview/app/form/fields.json", body) == (
        400,
        "GAIA_LO02",
        (
            'The field cannot be deleted: the lookup "key" of the app "An app" uses it. Change the '
            "settings of that field, or delete it."
        ),
    )
    change = {"app": source, "properties": {code: {"code": "other"}}}
    assert kintone.messages("PUT", "preview/app/form/fields.json", change) == {
        f"properties[{code}].code": [
            f'The emulator does not rename the field "{code}": a lookup uses it.'
        ]
    }


def test_a_lookup_is_defined_without_the_settings_of_its_type(kintone, source, app):
    properties = kintone.ok("GET", "app/form/fields.json", {"app": app})["properties"]
    assert properties["key"] == {
        "type": "SINGLE_LINE_TEXT",
        "code": "key",
        "label": "key",
        "noLabel": False,
        "required": False,
        "lookup": {
            "relatedApp": {"app": str(source), "code": ""},
            "relatedKeyField": "code",
            "fieldMappings": [
                {"field": "copied", "relatedField": "name"},
                {"field": "rank", "relatedField": "rank"},
            ],
            "lookupPickerFields": [],
            "filterCond": "",
            "sort": "Record_number desc",
        },
    }
