"""Definitions of related records: their defaults, and their checks against both apps."""

from __future__ import annotations

import pytest
from support.plain_kintone import described, options

FIELDS = "preview/app/form/fields.json"
TEXT = {"type": "SINGLE_LINE_TEXT"}


def related(app, pair=("customer", "customer"), /, **more):
    field, other = pair
    settings = {
        "relatedApp": {"app": app},
        "condition": {"field": field, "relatedField": other},
        "displayFields": ["title"],
        **more,
    }
    return {"type": "REFERENCE_TABLE", "referenceTable": settings}


@pytest.fixture
def visits(kintone):
    """Make an app of visits to customers."""
    return kintone.new_app(
        {
            "customer": TEXT,
            "title": TEXT,
            "rank": {"type": "DROP_DOWN", "options": options("A", "B")},
            "hours": {"type": "NUMBER"},
            "day": {"type": "DATE"},
            "rows": {"type": "SUBTABLE", "fields": {"inner": TEXT}},
        }
    )


@pytest.fixture
def customers(kintone, visits):
    return kintone.new_app({"customer": TEXT, "visits": related(visits)})


# Definitions


def test_a_definition_is_completed(kintone, visits, customers):
    form = kintone.ok("GET", "app/form/fields.json", {"app": customers})["properties"]
    assert form["visits"] == {
        "type": "REFERENCE_TABLE",
        "code": "visits",
        "label": "visits",
        "noLabel": False,
        "referenceTable": {
            "relatedApp": {"app": str(visits), "code": ""},
            "condition": {"field": "customer", "relatedField": "customer"},
            "filterCond": "",
            "displayFields": ["title"],
            "sort": "Record_number desc",
            "size": "5",
        },
    }


def test_the_other_app_may_be_named_by_its_code(kintone, emulator, visits, customers):
    emulator.set_app_code(visits, "VISIT")
    definition = related(visits)
    definition["referenceTable"]["relatedApp"] = {"code": "VISIT"}
    properties = described({"more": definition})
    kintone.ok("POST", FIELDS, {"app": customers, "properties": properties})
    form = kintone.ok("GET", FIELDS, {"app": customers})["properties"]
    assert form["more"]["referenceTable"]["relatedApp"] == {"app": str(visits), "code": "VISIT"}


@pytest.mark.parametrize(
    ("changes", "place", "message"),
    [
        ({"relatedApp": {"app": 99}}, "relatedApp", "The app (ID: 99) not found."),
        ({"relatedApp": {"code": "NO"}}, "relatedApp", "The app (code: NO) not found."),
        (
            {"condition": {"field": "no", "relatedField": "customer"}},
            "condition.field",
            "Records cannot be related by this field or its type.",
        ),
        (
            {"condition": {"field": "customer", "relatedField": "day"}},
            "condition.relatedField",
            "Records cannot be related by this field or its type.",
        ),
        (
            {"displayFields": ["title", "no"]},
            "displayFields[1]",
            "The related app has no field with this code.",
        ),
        ({"displayFields": []}, "displayFields", "Required field."),
        ({"size": "7"}, "size", "must be one of the enum value"),
        ({"filterCond": "title ="}, "filterCond", "unsupported query format"),
        ({"filterCond": "limit 5"}, "filterCond", "unsupported query format"),
        ({"sort": "title asc limit 5"}, "sort", "unsupported query format"),
    ],
)
def test_a_definition_is_checked(kintone, visits, customers, changes, place, message):
    properties = described({"more": related(visits, **changes)})
    body = {"app": customers, "properties": properties}
    assert kintone.messages("POST", FIELDS, body) == {
        f"properties[more].referenceTable.{place}": [message]
    }


@pytest.mark.parametrize(
    ("changes", "code"),
    [({"filterCond": 'no = "x"'}, "GAIA_IQ11"), ({"sort": "rows asc"}, "GAIA_IS02")],
)
def test_settings_that_do_not_fit_the_other_form_are_refused(
    kintone, visits, customers, changes, code
):
    body = {"app": customers, "properties": described({"more": related(visits, **changes)})}
    assert kintone.error("POST", FIELDS, body)[1] == code


def test_a_field_that_relates_records_stays(kintone, visits, customers):
    """kintone help, article 040792: GAIA_RE07, for related records of another app."""
    for app, code in ((visits, "customer"), (visits, "title"), (customers, "customer")):
        body = {"app": app, "fields": [code]}
        expected = "GAIA_RE07" if app == visits else "CB_VA01"
        assert kintone.error("DELETE", FIELDS, body)[:2] == (400, expected)
        change = {"app": app, "properties": {code: {"code": "renamed"}}}
        assert list(kintone.messages("PUT", FIELDS, change)) == [f"properties[{code}].code"]


@pytest.mark.parametrize("choice", [{"filterCond": 'customer = "x"'}, {"sort": "no desc"}])
def test_the_fields_of_their_filter_and_order_keep_their_codes(kintone, choice):
    shown = kintone.new_app({"no": TEXT, "customer": TEXT, "key": TEXT})
    settings = {
        "relatedApp": {"app": shown},
        "condition": {"field": "key", "relatedField": "key"},
        "displayFields": ["key"],
        **choice,
    }
    table = {"type": "REFERENCE_TABLE", "referenceTable": settings}
    own = kintone.new_app({"key": TEXT})
    kintone.ok("POST", FIELDS, {"app": own, "properties": described({"shown": table})})
    for code in ("no", "customer"):
        change = {"app": shown, "properties": {code: {"code": f"new_{code}"}}}
        if code in "".join(choice.values()):
            assert list(kintone.messages("PUT", FIELDS, change)) == [f"properties[{code}].code"]
        else:
            kintone.ok("PUT", FIELDS, change)


def test_their_condition_is_on_a_field_that_is_there_before(kintone, visits):
    """Seen once: monosashi, September 2026."""
    app = kintone.new_app({})
    properties = described({"customer": TEXT, "visits": related(visits)})
    assert kintone.messages("POST", FIELDS, {"app": app, "properties": properties}) == {
        "properties[visits].referenceTable.condition.field": [
            "Records cannot be related by this field or its type."
        ]
    }


def test_a_change_keeps_the_rest_of_the_definition(kintone, customers):
    changes = {"visits": {"referenceTable": {"size": 10, "filterCond": 'title like "a"'}}}
    kintone.ok("PUT", FIELDS, {"app": customers, "properties": changes})
    settings = kintone.ok("GET", FIELDS, {"app": customers})["properties"]["visits"]
    assert settings["referenceTable"]["size"] == "10"
    assert settings["referenceTable"]["displayFields"] == ["title"]


def test_related_records_in_a_subtable_are_refused(kintone, visits):
    app = kintone.new_app({})
    table = {"type": "SUBTABLE", "fields": {"inner": related(visits)}}
    body = {"app": app, "properties": described({"table": table})}
    assert kintone.messages("POST", FIELDS, body) == {
        "properties[table].fields[inner].type": ["must be one of the enum value"]
    }
