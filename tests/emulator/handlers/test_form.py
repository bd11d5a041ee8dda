"""app/form/fields.json, live and preview."""

from __future__ import annotations

import pytest
from support.plain_kintone import described, options

PATH = "preview/app/form/fields.json"


@pytest.fixture
def app(kintone):
    return kintone.new_app({"name": {"type": "SINGLE_LINE_TEXT"}})


def add(kintone, app, **properties):
    return kintone.messages("POST", PATH, {"app": app, "properties": described(properties)})


def preview(kintone, app):
    return kintone.ok("GET", PATH, {"app": app})["properties"]


def test_every_app_has_the_built_in_fields(kintone, app):
    properties = kintone.ok("GET", "app/form/fields.json", {"app": app})["properties"]
    assert {definition["type"]: code for code, definition in properties.items()} == {
        "RECORD_NUMBER": "Record_number",
        "CREATOR": "Created_by",
        "CREATED_TIME": "Created_datetime",
        "MODIFIER": "Updated_by",
        "UPDATED_TIME": "Updated_datetime",
        "STATUS": "Status",
        "STATUS_ASSIGNEE": "Assignee",
        "CATEGORY": "Categories",
        "SINGLE_LINE_TEXT": "name",
    }
    assert properties["Status"]["enabled"] is False
    assert properties["Created_by"]["noLabel"] is False


ENTRY = {"noLabel": False, "required": False}
UNIQUE = {**ENTRY, "unique": False, "defaultValue": ""}
A_AND_B = {"a": {"label": "a", "index": "0"}, "b": {"label": "b", "index": "1"}}


@pytest.mark.parametrize(
    ("definition", "settings"),
    [
        (
            {"type": "SINGLE_LINE_TEXT"},
            {
                **UNIQUE,
                "minLength": "",
                "maxLength": "",
                "expression": "",
                "hideExpression": False,
            },
        ),
        ({"type": "MULTI_LINE_TEXT"}, {**ENTRY, "defaultValue": ""}),
        ({"type": "RICH_TEXT", "unique": True}, {**ENTRY, "defaultValue": ""}),
        (
            {"type": "NUMBER", "maxValue": 100, "unit": "円"},
            {
                **UNIQUE,
                "minValue": "",
                "maxValue": "100",
                "digit": False,
                "displayScale": "",
                "unit": "円",
                "unitPosition": "BEFORE",
            },
        ),
        (
            {"type": "LINK", "maxLength": 9},
            {**UNIQUE, "minLength": "", "maxLength": "9", "protocol": "WEB"},
        ),
        ({"type": "DATE"}, {**UNIQUE, "defaultNowValue": False}),
        ({"type": "DATETIME"}, {**UNIQUE, "defaultNowValue": False}),
        ({"type": "TIME"}, {**ENTRY, "defaultValue": "", "defaultNowValue": False}),
        (
            {"type": "CHECK_BOX", "options": options("a", "b")},
            {**ENTRY, "options": A_AND_B, "defaultValue": [], "align": "HORIZONTAL"},
        ),
        (
            {"type": "MULTI_SELECT", "options": options("a", "b")},
            {**ENTRY, "options": A_AND_B, "defaultValue": []},
        ),
        (
            {"type": "DROP_DOWN", "options": options("a", "b")},
            {**ENTRY, "options": A_AND_B, "defaultValue": ""},
        ),
        (
            {"type": "RADIO_BUTTON", "options": options("a", "b")},
            {
                "noLabel": False,
                "required": True,
                "options": A_AND_B,
                "defaultValue": "a",
                "align": "HORIZONTAL",
            },
        ),
        ({"type": "FILE"}, {**ENTRY, "thumbnailSize": "50"}),
        ({"type": "USER_SELECT"}, {**ENTRY, "entities": [], "defaultValue": []}),
        ({"type": "ORGANIZATION_SELECT"}, {**ENTRY, "entities": [], "defaultValue": []}),
        ({"type": "GROUP_SELECT"}, {**ENTRY, "entities": [], "defaultValue": []}),
        ({"type": "GROUP"}, {"noLabel": False, "openGroup": False}),
    ],
)
def test_a_definition_is_completed(kintone, app, definition, settings):
    body = {"app": app, "properties": described({"field": definition})}
    assert kintone.ok("POST", PATH, body) == {"revision": "4"}
    identity = {"type": definition["type"], "code": "field", "label": "field"}
    assert preview(kintone, app)["field"] == {**identity, **settings}


def test_a_subtable_holds_complete_definitions_that_are_not_unique(kintone, app):
    column = {"column": {"type": "DATE", "unique": True}}
    body = {"app": app, "properties": described({"t": {"type": "SUBTABLE", "fields": column}})}
    kintone.ok("POST", PATH, body)
    assert preview(kintone, app)["t"] == {
        "type": "SUBTABLE",
        "code": "t",
        "label": "t",
        "noLabel": False,
        "fields": {
            "column": {
                "type": "DATE",
                "code": "column",
                "label": "column",
                **UNIQUE,
                "defaultNowValue": False,
            }
        },
    }


TEXT = {"type": "SINGLE_LINE_TEXT"}
CODE_RULE = (
    "A field code has 1 to 128 letters, digits (not first) and underscores; "
    "no spaces and no other signs."
)


@pytest.mark.parametrize(
    ("properties", "errors"),
    [
        ({"a": {"type": "NONSENSE"}}, {"properties[a].type": ["must be one of the enum value"]}),
        ({"a": {}}, {"properties[a].type": ["must be one of the enum value"]}),
        ({"a": {"type": "STATUS"}}, {"properties[a].type": ["must be one of the enum value"]}),
        (
            {"a": {**TEXT, "maxLegnth": 5}},
            {
                "properties[a].maxLegnth": [
                    "There is no parameter maxLegnth. The emulator refuses what kintone ignores."
                ]
            },
        ),
        ({"a": {**TEXT, "label": None}}, {"properties[a].label": ["Required field."]}),
        (
            {"a": {**TEXT, "label": "x" * 129}},
            {"properties[a].label": ["size must be between 1 and 128"]},
        ),
        (
            {"a": {"type": "NUMBER", "code": "a", "label": "a", "defaultValue": "1" * 1001}},
            {"properties[a].defaultValue": ["size must be between 0 and 1000"]},
        ),
        (
            {"a": {**TEXT, "code": "b"}},
            {"properties[a].code": ["The code must be the same as its key in properties."]},
        ),
        (
            {"name": TEXT},
            {"properties[name].code": ['The field code "name" is already used.']},
        ),
        (
            {"Status": TEXT},
            {"properties[Status].code": ['The field code "Status" is already used.']},
        ),
        ({"1a": TEXT}, {"properties[1a].code": [CODE_RULE]}),
        ({"a b": TEXT}, {"properties[a b].code": [CODE_RULE]}),
        ({'a"': TEXT}, {'properties[a"].code': [CODE_RULE]}),
        ({"x" * 129: {**TEXT, "label": "x"}}, {f"properties[{'x' * 129}].code": [CODE_RULE]}),
        (
            {"a": {**TEXT, "maxLength": "x"}},
            {"properties[a].maxLength": ["Enter an integer value."]},
        ),
        (
            {"a": {"type": "NUMBER", "minValue": "x"}},
            {"properties[a].minValue": ["Only numbers are allowed."]},
        ),
        ({"a": {"type": "DROP_DOWN"}}, {"properties[a].options": ["Required field."]}),
        (
            {"a": {"type": "DROP_DOWN", "options": {}}},
            {"properties[a].options": ["Specify at least one option."]},
        ),
        (
            {"a": {"type": "DROP_DOWN", "options": {"x": {"label": "y", "index": 0}}}},
            {
                "properties[a].options[x].label": [
                    (
                        "The label must be the same as the option's name. "
                        "The emulator does not rename options."
                    )
                ]
            },
        ),
        (
            {"a": {"type": "DROP_DOWN", "options": options("x"), "defaultValue": "y"}},
            {"properties[a].defaultValue": ['The value, "y", is not in options.']},
        ),
        (
            {"a": {"type": "USER_SELECT", "defaultValue": [{"code": "NOW()", "type": "FUNCTION"}]}},
            {"properties[a].defaultValue[0].code": ["must be one of the enum value"]},
        ),
        (
            {"t": {"type": "SUBTABLE", "fields": {"u": {"type": "SUBTABLE", "fields": {}}}}},
            {"properties[t].fields[u].type": ["must be one of the enum value"]},
        ),
        (
            {"t": {"type": "SUBTABLE", "fields": {"name": TEXT}}},
            {"properties[t].code": ['The field code "name" is already used.']},
        ),
    ],
)
def test_a_definition_is_checked(kintone, app, properties, errors):
    before = preview(kintone, app)
    assert add(kintone, app, **properties) == errors
    assert preview(kintone, app) == before


@pytest.mark.parametrize("code", ["数量", "文字列__1行_", "_a1", "品名・規格", "Ａ１"])
def test_field_codes_may_be_japanese(kintone, code):
    app = kintone.new_app({code: TEXT})
    number = kintone.add(app, **{code: "値"})
    assert kintone.read(app, number)[code] == "値"
    assert kintone.find(app, f'{code} = "値"') == [number]


def test_five_hundred_fields_are_the_most(kintone, app):
    many = {f"f{i}": TEXT for i in range(500)}
    assert add(kintone, app, **many) == {"properties": ["An app has at most 500 fields."]}
    del many["f0"]
    kintone.ok("POST", PATH, {"app": app, "properties": described(many)})


# Changing


def test_only_sent_settings_change(kintone, app):
    body = {"app": app, "properties": {"name": {"label": "名前", "required": True}}}
    assert kintone.ok("PUT", PATH, body) == {"revision": "4"}
    field = preview(kintone, app)["name"]
    assert (field["label"], field["required"], field["maxLength"]) == ("名前", True, "")
    live = kintone.ok("GET", "app/form/fields.json", {"app": app})
    assert (live["properties"]["name"]["label"], live["revision"]) == ("name", "3")


def test_a_new_code_keeps_the_values(kintone):
    columns = {"inner": TEXT}
    app = kintone.new_app({"old": TEXT, "t": {"type": "SUBTABLE", "fields": columns}})
    row = {"value": {"inner": {"value": "y"}}}
    number = kintone.add(app, old="x", t=[row])
    change = {
        "old": {"code": "new"},
        "t": {
            "fields": {"inner": {"code": "column"}, "more": {"label": "m", "code": "more", **TEXT}}
        },
        "Record_number": {"code": "番号"},
    }
    kintone.ok("PUT", PATH, {"app": app, "properties": change})
    assert kintone.read(app, number)["old"] == "x"
    assert kintone.deploy(app) == "SUCCESS"
    read = kintone.read(app, number)
    assert (read["new"], read["番号"], "old" in read) == ("x", "1", False)
    assert read["t"][0]["value"] == {
        "column": {"type": "SINGLE_LINE_TEXT", "value": "y"},
        "more": {"type": "SINGLE_LINE_TEXT", "value": ""},
    }


@pytest.mark.parametrize(
    ("changes", "errors"),
    [
        (
            {"name": {"type": "NUMBER"}},
            {"properties[name].type": ["The type of a field cannot be changed."]},
        ),
        (
            {"name": {"code": "Status"}},
            {"properties[name].code": ['The field code "Status" is already used.']},
        ),
        (
            {"Status": {"enabled": True}},
            {"properties[Status].enabled": ["This cannot be changed with this API."]},
        ),
    ],
)
def test_a_change_is_checked(kintone, app, changes, errors):
    assert kintone.messages("PUT", PATH, {"app": app, "properties": changes}) == errors


def test_an_unknown_field_cannot_be_changed_or_deleted(kintone, app):
    error = (400, "GAIA_FC01", "The field (code: x) not found.")
    assert kintone.error("PUT", PATH, {"app": app, "properties": {"x": {}}}) == error
    assert kintone.error("DELETE", PATH, {"app": app, "fields": ["x"]}) == error


# Deleting


def test_a_deleted_field_disappears_with_the_deploy(kintone):
    table = {"type": "SUBTABLE", "fields": {"a": TEXT, "b": TEXT}}
    app = kintone.new_app({"name": TEXT, "t": table})
    number = kintone.add(app, name="x", t=[{"value": {"a": {"value": "1"}, "b": {"value": "2"}}}])
    kintone.ok("DELETE", PATH, {"app": app, "fields": ["name", "b"]})
    assert kintone.deploy(app) == "SUCCESS"
    read = kintone.read(app, number)
    assert "name" not in read
    assert list(read["t"][0]["value"]) == ["a"]


def test_a_field_that_is_made_again_begins_empty(kintone, app):
    number = kintone.add(app, name="x")
    kintone.ok("DELETE", PATH, {"app": app, "fields": ["name"]})
    kintone.ok("POST", PATH, {"app": app, "properties": described({"name": TEXT})})
    assert kintone.deploy(app) == "SUCCESS"
    assert kintone.read(app, number)["name"] == ""


@pytest.mark.parametrize("code", ["Status", "Assignee", "Categories"])
def test_a_field_of_the_process_or_of_categories_stays(kintone, app, code):
    assert kintone.error("DELETE", PATH, {"app": app, "fields": [code]})[1] == "CB_NO02"


BUILT_IN = ["Record_number", "Created_by", "Created_datetime", "Updated_by", "Updated_datetime"]


@pytest.mark.parametrize("codes", [[code] for code in BUILT_IN] + [BUILT_IN])
def test_five_built_in_fields_may_be_deleted(kintone, app, codes):
    """kintone REST API, "Delete Form Fields"."""
    number = kintone.add(app, name="x")
    kintone.ok("DELETE", PATH, {"app": app, "fields": codes})
    assert kintone.deploy(app) == "SUCCESS"
    assert not kintone.ok("GET", "app/form/fields.json", {"app": app})["properties"].keys() & codes
    for record in (number, kintone.add(app, name="y")):
        kintone.put(app, record, name=f"z{record}")
        read = kintone.read(app, record)
        assert (read["$revision"], read["name"]) == ("2", f"z{record}")
        assert not read.keys() & codes


def test_an_app_without_its_built_in_fields_has_a_process_and_views(kintone, app):
    kintone.ok("DELETE", PATH, {"app": app, "fields": BUILT_IN})
    view = {"type": "CALENDAR", "index": 0}
    kintone.ok("PUT", "preview/app/views.json", {"app": app, "views": {"days": view}})
    states = {"New": {"name": "New", "index": 0}}
    body = {"app": app, "enable": True, "states": states, "actions": []}
    kintone.ok("PUT", "preview/app/status.json", body)
    assert kintone.deploy(app) == "SUCCESS"
    read = kintone.read(app, kintone.add(app))
    assert (read["Status"], read["Assignee"]) == ("New", [])


def test_a_field_reads_back_as_kintone_completes_it(kintone):
    """monosashi, August 2026: the length of a unique text; a radio button is required."""
    radio = {"type": "RADIO_BUTTON", "options": options("a"), "required": False}
    columns = {"column": radio, "text": {**TEXT, "unique": True}}
    app = kintone.new_app(
        {
            "key": {**TEXT, "unique": True},
            "short": {**TEXT, "unique": True, "maxLength": "5"},
            "link": {"type": "LINK", "unique": True},
            "radio": radio,
            "t": {"type": "SUBTABLE", "fields": columns},
        }
    )
    read = kintone.ok("GET", "app/form/fields.json", {"app": app})["properties"]
    lengths = [read[code]["maxLength"] for code in ("key", "short", "link")]
    assert lengths == ["64", "5", "64"]
    column = read["t"]["fields"]
    assert (column["text"]["unique"], column["text"]["maxLength"]) == (False, "")
    assert [field["required"] for field in (read["radio"], column["column"])] == [True, True]


@pytest.mark.parametrize("fields", [[], ["x"] * 101])
def test_one_to_a_hundred_fields_are_deleted_at_once(kintone, app, fields):
    assert kintone.messages("DELETE", PATH, {"app": app, "fields": fields}) == {
        "fields": ["size must be between 1 and 100"]
    }


@pytest.mark.parametrize(
    ("method", "parameters"),
    [("POST", {"properties": {}}), ("PUT", {"properties": {}}), ("DELETE", {"fields": ["name"]})],
)
def test_a_stale_revision_of_the_settings_is_refused(kintone, app, method, parameters):
    assert kintone.error(method, PATH, {"app": app, "revision": 2, **parameters}) == (
        409,
        "GAIA_CO03",
        "The revision is not the latest. Someone may update the app settings (ID: 1).",
    )
    kintone.ok(method, PATH, {"app": app, "revision": 3, **parameters})


def test_a_truth_value_is_not_a_number(kintone, app):
    choice = {"type": "DROP_DOWN", "options": {"a": {"label": "a", "index": True}}}
    assert add(kintone, app, choice=choice) == {
        "properties[choice].options[a].index": ["Enter an integer value."]
    }


@pytest.mark.parametrize("code", ["not", "__ROOT__"])
def test_some_codes_are_reserved(kintone, app, code):
    """Tools that quote the help (fact sheet "limits", section 9)."""
    body = {"app": app, "properties": described({code: TEXT})}
    assert f"properties[{code}].code" in kintone.messages("POST", PATH, body)
