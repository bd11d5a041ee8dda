"""Definitions of lookups, and refusals to delete fields that a lookup needs."""

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
            "The form has no field here to which the lookup can copy this value.",
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
    """SonicGarden's suite does this on a real domain. GAIA_LO02 is for lookups of other apps."""
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
    """Only a record number can be a key without "prohibit duplicates"."""
    key = {**lookup(source, "Record_number", ("copied", "name")), "type": "LINK"}
    app = kintone.new_app({"key": key, "copied": {"type": "SINGLE_LINE_TEXT"}})
    number = kintone.add(app, key="2")
    read = kintone.read(app, number)
    assert (read["key"], read["copied"]) == ("2", "two")
    body = {"app": app, "record": cells({"key": "9"})}
    assert kintone.error("POST", "record.json", body)[1] == "GAIA_LO04"


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
            f'The emulator does not rename "{code}", because a lookup or a reference table uses it.'
        ]
    }


@pytest.mark.parametrize(
    "choice",
    [{"filterCond": 'number > "1"'}, {"sort": "number desc"}, {"lookupPickerFields": ["number"]}],
)
def test_a_field_by_which_people_choose_a_record_keeps_its_code(kintone, source, choice):
    """The lookup would name a field that does not exist, and could not be deployed anywhere."""
    key = lookup(source, "code")
    key["lookup"] |= choice
    kintone.new_app({"key": key})
    change = {"app": source, "properties": {"number": {"code": "other"}}}
    assert list(kintone.messages("PUT", FORM, change)) == ["properties[number].code"]


def test_the_record_number_may_get_another_code_although_lookups_are_sorted_by_it(
    kintone, source, app
):
    change = {"app": source, "properties": {"Record_number": {"code": "other"}}}
    kintone.ok("PUT", FORM, change)


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
