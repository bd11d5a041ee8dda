"""app/form/layout.json: the places of fields, and the effects of changes of the form."""

from __future__ import annotations

import pytest
from support.plain_kintone import described

LAYOUT = "preview/app/form/layout.json"
FIELDS = "preview/app/form/fields.json"
TEXT = {"type": "SINGLE_LINE_TEXT"}
FORM = {
    "a": TEXT,
    "b": {"type": "NUMBER"},
    "t": {"type": "SUBTABLE", "fields": {"x": TEXT, "y": TEXT}},
    "g": {"type": "GROUP"},
}
WIDTH = {"width": "193"}


def field(code, kind="SINGLE_LINE_TEXT", size=WIDTH):
    return {"type": kind, "code": code, "size": size}


def row(*fields):
    return {"type": "ROW", "fields": list(fields)}


def table(*fields, code="t"):
    return {"type": "SUBTABLE", "code": code, "fields": list(fields)}


def group(*rows, code="g"):
    return {"type": "GROUP", "code": code, "layout": list(rows)}


A, B = field("a"), field("b", "NUMBER")
T = table(field("x"), field("y"))


@pytest.fixture
def app(kintone):
    return kintone.new_app(FORM)


def read(kintone, app, path=LAYOUT):
    return kintone.ok("GET", path, {"app": app})["layout"]


def put(kintone, app, *layout):
    return kintone.ok("PUT", LAYOUT, {"app": app, "layout": list(layout)})


def errors(kintone, app, *layout):
    return kintone.messages("PUT", LAYOUT, {"app": app, "layout": list(layout)})


def test_new_fields_stand_at_the_end_each_in_its_row(kintone, app):
    answer = kintone.ok("GET", "app/form/layout.json", {"app": app})
    assert answer == {"layout": [row(A), row(B), T, group()], "revision": "3"}


def test_a_new_app_has_an_empty_layout(kintone):
    assert read(kintone, kintone.new_app({})) == []


def test_a_layout_is_live_after_the_deploy(kintone, app):
    layout = [
        group(row(B, {"type": "HR", "elementId": "", "size": {"width": "9"}})),
        row(
            A,
            {"type": "LABEL", "label": "<b>!</b>", "elementId": "", "size": {}},
            {"type": "SPACER", "elementId": "here", "size": {"width": "1", "height": "2"}},
        ),
        row(field("Created_by", "CREATOR", {"width": "50"})),
        table(field("y"), field("x", size={"width": "1"})),
    ]
    assert put(kintone, app, *layout) == {"revision": "4"}
    assert read(kintone, app) == layout
    assert read(kintone, app, "app/form/layout.json") != layout
    assert kintone.deploy(app) == "SUCCESS"
    assert read(kintone, app, "app/form/layout.json") == layout


def test_settings_left_out_are_unchanged_or_blank(kintone, app):
    a = field("a", size={"width": "7", "height": "8"})
    put(kintone, app, row(a, B), T, group())
    label = {"type": "LABEL"}
    put(kintone, app, row({**field("a"), "size": {"width": 9}}, B, label), T, group())
    assert read(kintone, app)[0] == row(
        field("a", size={"width": "9", "height": "8"}),
        B,
        {"type": "LABEL", "label": "", "elementId": "", "size": {}},
    )


@pytest.mark.parametrize(
    ("layout", "error"),
    [
        (
            [row(A), T, group()],
            {"layout": ['The field "b" is missing. A layout must hold every field.']},
        ),
        (
            [row(A, B), table(field("x")), group()],
            {"layout[1]": ['The field "y" is missing. A layout must hold every field.']},
        ),
        (
            [row(A, B, A), T, group()],
            {"layout[0].fields[2].code": ['The field "a" is placed twice.']},
        ),
        (
            [row(A), T, group(row(B), row(A))],
            {"layout[2].layout[1].fields[0].code": ['The field "a" is placed twice.']},
        ),
        (
            [row(field("a", "NUMBER"), B), T, group()],
            {"layout[0].fields[0].type": ["must be one of the enum value"]},
        ),
        (
            [row(A, B, field("Status", "STATUS")), T, group()],
            {"layout[0].fields[2].type": ["must be one of the enum value"]},
        ),
        (
            [row(A, B), table(field("x"), field("y"), {"type": "HR"}), group()],
            {"layout[1].fields[2].type": ["must be one of the enum value"]},
        ),
        (
            [row(A, B), T, group(), {"type": "NONSENSE", "fields": []}],
            {"layout[3].type": ["must be one of the enum value"]},
        ),
        (
            [row(A, B, {"type": "NUMBER"}), T, group()],
            {"layout[0].fields[2].code": ["Required field."]},
        ),
        (
            [row(A, {**B, "size": {"width": "wide"}}), T, group()],
            {"layout[0].fields[1].size.width": ["Enter an integer value."]},
        ),
        (
            [row(A, B), group(T)],
            {
                "layout[1].layout[0].type": ["must be one of the enum value"],
                "layout[1].layout[0].code": [
                    "There is no parameter code. The emulator refuses what kintone ignores."
                ],
            },
        ),
    ],
)
def test_a_layout_is_checked(kintone, app, layout, error):
    before = read(kintone, app)
    assert errors(kintone, app, *layout) == error
    assert read(kintone, app) == before


@pytest.mark.parametrize(
    "layout",
    [
        [row(A, B, field("no")), T, group()],
        [row(A, B), table(field("x"), field("a")), group()],
        [row(A, B, field("x")), T, group()],
        [row(A, B), table(code="no")],
    ],
)
def test_an_unknown_field_is_refused(kintone, app, layout):
    body = {"app": app, "layout": layout}
    assert kintone.error("PUT", LAYOUT, body)[:2] == (400, "GAIA_FC01")


def test_a_stale_revision_is_refused(kintone, app):
    body = {"app": app, "layout": [row(A, B), T, group()], "revision": 2}
    assert kintone.error("PUT", LAYOUT, body)[:2] == (409, "GAIA_CO03")


def test_the_layout_follows_new_codes(kintone, app):
    put(kintone, app, group(row(A)), row(B), T)
    changes = {
        "a": {"code": "new_a"},
        "g": {"code": "new_g"},
        "t": {"code": "new_t", "fields": {"x": {"code": "new_x"}}},
    }
    kintone.ok("PUT", FIELDS, {"app": app, "properties": changes})
    assert read(kintone, app) == [
        group(row(field("new_a")), code="new_g"),
        row(B),
        table(field("new_x"), field("y"), code="new_t"),
    ]


def test_a_new_column_is_at_the_end_of_its_table(kintone, app):
    changes = {"t": {"fields": {"z": {**TEXT, "code": "z", "label": "z"}}}}
    kintone.ok("PUT", FIELDS, {"app": app, "properties": changes})
    assert table(field("x"), field("y"), field("z")) in read(kintone, app)


def test_deleted_fields_leave_the_layout(kintone, app):
    put(kintone, app, group(row(A), row(B)), T, row({"type": "HR"}))
    kintone.ok("DELETE", FIELDS, {"app": app, "fields": ["a", "x"]})
    hr = {"type": "HR", "elementId": "", "size": {}}
    assert read(kintone, app) == [group(row(B)), table(field("y")), row(hr)]
    kintone.ok("DELETE", FIELDS, {"app": app, "fields": ["g", "t"]})
    assert read(kintone, app) == [row(hr)]


def test_a_group_is_deleted_with_the_fields_in_it(kintone, app):
    """kintone REST API, "Delete Form Fields"."""
    put(kintone, app, group(row(A)), row(B), T)
    kintone.ok("DELETE", FIELDS, {"app": app, "fields": ["g"]})
    properties = kintone.ok("GET", FIELDS, {"app": app})["properties"]
    assert ("a" in properties, "b" in properties) == (False, True)


def test_reverting_brings_the_live_layout_back(kintone, app):
    before = read(kintone, app)
    put(kintone, app, group(row(A), row(B)), T)
    body = {"apps": [{"app": app}], "revert": True}
    kintone.ok("POST", "preview/app/deploy.json", body)
    assert read(kintone, app) == before


def test_a_group_has_no_value_in_records(kintone, app):
    number = kintone.add(app, a="1")
    assert "g" not in kintone.read(app, number)
    assert kintone.error("GET", "records.json", {"app": app, "query": 'g = ""'})[1] == "GAIA_IQ03"


def test_a_field_may_be_added_again_after_it_was_deleted(kintone, app):
    kintone.ok("DELETE", FIELDS, {"app": app, "fields": ["a"]})
    kintone.ok("POST", FIELDS, {"app": app, "properties": described({"a": TEXT})})
    assert read(kintone, app) == [row(B), T, group(), row(A)]
