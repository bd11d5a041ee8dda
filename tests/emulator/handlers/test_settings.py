"""app/settings.json, live and preview."""

from __future__ import annotations

import pytest


def test_settings_begin_as_kintones_do(kintone):
    app = kintone.new_app({}, name="受注")
    assert kintone.ok("GET", "app/settings.json", {"app": app}) == {
        "name": "受注",
        "description": "",
        "icon": {"type": "PRESET", "key": "APP72"},
        "theme": "WHITE",
        "titleField": {"selectionMode": "AUTO", "code": ""},
        "enableThumbnails": True,
        "enableBulkDeletion": False,
        "enableComments": True,
        "enableDuplicateRecord": True,
        "enableInlineRecordEditing": True,
        "numberPrecision": {"digits": "16", "decimalPlaces": "4", "roundingMode": "HALF_EVEN"},
        "firstMonthOfFiscalYear": "1",
        "revision": "3",
    }


def test_changes_are_live_after_the_deploy(kintone):
    app = kintone.new_app({})
    change = {
        "app": app,
        "name": "new",
        "description": "<b>what</b>",
        "enableComments": False,
        "numberPrecision": {"decimalPlaces": 2},
        "firstMonthOfFiscalYear": 4,
    }
    assert kintone.ok("PUT", "preview/app/settings.json", change) == {"revision": "4"}
    assert kintone.ok("GET", "app/settings.json", {"app": app})["name"] == "An app"
    preview = kintone.ok("GET", "preview/app/settings.json", {"app": app})
    assert kintone.deploy(app) == "SUCCESS"
    live = kintone.ok("GET", "app/settings.json", {"app": app})
    assert live == preview
    assert live["numberPrecision"] == {
        "digits": "16",
        "decimalPlaces": "2",
        "roundingMode": "HALF_EVEN",
    }
    assert (live["enableComments"], live["firstMonthOfFiscalYear"]) == (False, "4")
    assert kintone.ok("GET", "app.json", {"id": app})["description"] == "<b>what</b>"


@pytest.mark.parametrize(
    ("change", "errors"),
    [
        ({"name": "x" * 65}, {"name": ["Name must be between 1 and 64 characters."]}),
        ({"name": ""}, {"name": ["Name must be between 1 and 64 characters."]}),
        ({"description": "x" * 10_001}, {"description": ["size must be between 0 and 10000"]}),
        ({"theme": "PINK"}, {"theme": ["must be one of the enum value"]}),
        (
            {"numberPrecision": {"digits": 31}},
            {"numberPrecision.digits": ["must be less than or equal to 30"]},
        ),
        (
            {"numberPrecision": {"decimalPlaces": 11}},
            {"numberPrecision.decimalPlaces": ["must be less than or equal to 10"]},
        ),
        (
            {"numberPrecision": {"decimalPlaces": -1}},
            {"numberPrecision.decimalPlaces": ["must be greater than or equal to 0"]},
        ),
        (
            {"numberPrecision": {"roundingMode": "HALF_UP"}},
            {"numberPrecision.roundingMode": ["must be one of the enum value"]},
        ),
        (
            {"titleField": {"selectionMode": "MANUAL", "code": "no"}},
            {"titleField.code": ["This field does not exist, or cannot be the title of a record."]},
        ),
        (
            {"titleField": {"selectionMode": "MANUAL", "code": "Status"}},
            {"titleField.code": ["This field does not exist, or cannot be the title of a record."]},
        ),
        ({"enableComments": "maybe"}, {"enableComments": ["must be boolean."]}),
    ],
)
def test_settings_are_checked(kintone, change, errors):
    app = kintone.new_app({})
    body = {"app": app, **change}
    assert kintone.messages("PUT", "preview/app/settings.json", body) == errors


def test_a_title_that_is_chosen_follows_its_field(kintone):
    app = kintone.new_app({"name": {"type": "SINGLE_LINE_TEXT"}})

    def title():
        return kintone.ok("GET", "preview/app/settings.json", {"app": app})["titleField"]

    chosen = {"selectionMode": "MANUAL", "code": "name"}
    kintone.ok("PUT", "preview/app/settings.json", {"app": app, "titleField": chosen})
    assert title() == chosen
    fields = "preview/app/form/fields.json"
    kintone.ok("PUT", fields, {"app": app, "properties": {"name": {"code": "other"}}})
    assert title() == {"selectionMode": "MANUAL", "code": "other"}
    kintone.ok("DELETE", fields, {"app": app, "fields": ["other"]})
    assert title() == {"selectionMode": "AUTO", "code": ""}


@pytest.mark.parametrize("key", ["", "app72", "APP", "APP1000", "NONSENSE"])
def test_an_unknown_icon_is_refused(kintone, key):
    """Issue 11, fault 4: any key was accepted."""
    app = kintone.new_app({})
    body = {"app": app, "icon": {"type": "PRESET", "key": key}}
    assert list(kintone.messages("PUT", "preview/app/settings.json", body)) == ["icon.key"]
    body["icon"]["key"] = "APP39"
    kintone.ok("PUT", "preview/app/settings.json", body)
