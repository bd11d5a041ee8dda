"""app/views.json, live and preview."""

from __future__ import annotations

import pytest
from support.process_of import set_process, states

VIEWS = "preview/app/views.json"
FIELDS = "preview/app/form/fields.json"
LIST = {"type": "LIST", "index": 0, "fields": ["name"]}
NEWEST_FIRST = "Record_number desc"


@pytest.fixture
def app(kintone):
    return kintone.new_app(
        {
            "name": {"type": "SINGLE_LINE_TEXT"},
            "day": {"type": "DATE"},
            "memo": {"type": "MULTI_LINE_TEXT"},
            "table": {"type": "SUBTABLE", "fields": {"inner": {"type": "NUMBER"}}},
            "group": {"type": "GROUP"},
        }
    )


def put(kintone, app, **views):
    return kintone.ok("PUT", VIEWS, {"app": app, "views": views})


def read(kintone, app, path=VIEWS):
    return kintone.ok("GET", path, {"app": app})["views"]


def test_a_new_app_has_no_views(kintone, app):
    answer = kintone.ok("GET", "app/views.json", {"app": app, "lang": "ja"})
    assert answer == {"views": {}, "revision": "3"}


OWN_WORK = "(Assigned to me)"


def test_a_process_that_is_on_has_a_view_of_ones_own_work(kintone, app):
    """endpoints.md 14: one team saw it in September 2026."""
    put(kintone, app, mine={**LIST, "index": 4})
    set_process(kintone, app, states=states(new=["ONE"], done=["ONE"]), actions=[])
    assert read(kintone, app, "app/views.json")[OWN_WORK] == {
        "type": "LIST",
        "builtinType": "ASSIGNEE",
        "name": OWN_WORK,
        "id": "2",
        "index": "5",
        "filterCond": "Assignee in (LOGINUSER())",
        "sort": NEWEST_FIRST,
        "fields": ["Record_number", "Status"],
    }
    kintone.ok("PUT", "preview/app/status.json", {"app": app, "enable": True})
    assert set(read(kintone, app)) == {"mine", OWN_WORK}
    kintone.ok("PUT", "preview/app/status.json", {"app": app, "enable": False})
    assert set(read(kintone, app)) == {"mine"}


def test_the_view_that_a_process_made_is_sent_with_the_others(kintone, app):
    """endpoints.md 14: GAIA_IL44 if it is left out."""
    set_process(kintone, app, states=states(new=["ONE"], done=["ONE"]), actions=[])
    refused = kintone.error("PUT", VIEWS, {"app": app, "views": {"mine": LIST}})
    assert refused[:2] == (400, "GAIA_IL44")
    before = read(kintone, app)
    put(kintone, app, mine={**LIST, "index": 1}, **before)
    assert set(read(kintone, app)) == {"mine", OWN_WORK}
    put(kintone, app, **{OWN_WORK: {"type": "LIST", "name": "Mine", "index": 0}})
    after = read(kintone, app)
    assert after == {"Mine": {**before[OWN_WORK], "name": "Mine", "index": "0"}}


@pytest.mark.parametrize(
    ("sent", "own"),
    [
        ({"type": "LIST", "fields": ["name", "table"]}, {"fields": ["name", "table"]}),
        ({"type": "CALENDAR"}, {"date": "Created_datetime", "title": "Record_number"}),
        ({"type": "CALENDAR", "date": "day", "title": "name"}, {"date": "day", "title": "name"}),
        ({"type": "CUSTOM"}, {"html": "", "pager": False, "device": "DESKTOP"}),
        (
            {"type": "CUSTOM", "html": "<p>", "pager": True, "device": "ANY"},
            {"html": "<p>", "pager": True, "device": "ANY"},
        ),
    ],
)
def test_a_view_is_completed_and_live_after_the_deploy(kintone, app, sent, own):
    answer = put(kintone, app, 一覧={**sent, "index": 0, "name": "一覧"})
    assert answer == {"views": {"一覧": {"id": "1"}}, "revision": "4"}
    described = {
        "type": sent["type"],
        "name": "一覧",
        "id": "1",
        "index": "0",
        "filterCond": "",
        "sort": NEWEST_FIRST,
        **own,
    }
    assert read(kintone, app) == {"一覧": described}
    assert read(kintone, app, "app/views.json") == {}
    assert kintone.deploy(app) == "SUCCESS"
    assert read(kintone, app, "app/views.json") == {"一覧": described}


def test_views_that_were_read_can_be_sent_again(kintone, app):
    put(kintone, app, one=LIST, two={"type": "CUSTOM", "index": 1})
    before = read(kintone, app)
    put(kintone, app, **before)
    assert read(kintone, app) == before


def test_views_keep_their_ids_and_settings_that_are_not_sent(kintone, app):
    put(kintone, app, one={**LIST, "filterCond": 'name = "x"'}, two=LIST)
    change = {"type": "LIST", "index": 5, "name": "eins", "sort": "day asc"}
    answer = put(kintone, app, one=change, three=LIST)
    assert answer["views"] == {"eins": {"id": "1"}, "three": {"id": "3"}}
    assert read(kintone, app)["eins"] == {
        "type": "LIST",
        "name": "eins",
        "id": "1",
        "index": "5",
        "filterCond": 'name = "x"',
        "sort": "day asc",
        "fields": ["name"],
    }


def test_a_view_that_becomes_another_kind_begins_anew(kintone, app):
    put(kintone, app, one={**LIST, "filterCond": 'name = "x"'})
    put(kintone, app, one={"type": "CUSTOM", "index": 0})
    view = read(kintone, app)["one"]
    assert (view["id"], view["filterCond"], "fields" in view) == ("1", "", False)


def test_views_that_are_not_sent_are_deleted(kintone, app):
    put(kintone, app, one=LIST)
    put(kintone, app)
    assert read(kintone, app) == {}


def test_a_new_view_has_the_name_of_its_key(kintone, app):
    body = {"app": app, "views": {"one": {**LIST, "name": "other"}}}
    assert kintone.error("PUT", VIEWS, body) == (
        400,
        "GAIA_IN01",
        "Failed to update view. Key one does not match the value of other in the name parameter.",
    )


@pytest.mark.parametrize(
    ("view", "errors"),
    [
        ({}, {"type": ["Required field."], "index": ["Required field."]}),
        ({"type": "TREE", "index": 0}, {"type": ["must be one of the enum value"]}),
        ({"type": "LIST", "index": 0}, {"fields": ["Required field."]}),
        ({**LIST, "index": -1}, {"index": ["must be greater than or equal to 0"]}),
        ({**LIST, "name": "x" * 65}, {"name": ["size must be between 1 and 64"]}),
        (
            {**LIST, "html": "x"},
            {"html": ["There is no parameter html. The emulator refuses what kintone ignores."]},
        ),
        (
            {**LIST, "fields": ["group"]},
            {"fields": ['The field "group" cannot be used here in a view.']},
        ),
        (
            {"type": "CALENDAR", "index": 0, "date": "name"},
            {"date": ['The field "name" cannot be used here in a view.']},
        ),
        ({**LIST, "filterCond": "name ="}, {"filterCond": ["unsupported query format"]}),
        ({**LIST, "filterCond": "limit 1"}, {"filterCond": ["unsupported query format"]}),
        ({**LIST, "sort": "name asc offset 1"}, {"sort": ["unsupported query format"]}),
    ],
)
def test_a_view_is_checked(kintone, app, view, errors):
    assert kintone.messages("PUT", VIEWS, {"app": app, "views": {"v": view}}) == {
        f"views[v].{name}".rstrip("."): messages for name, messages in errors.items()
    }
    assert read(kintone, app) == {}


@pytest.mark.parametrize(
    ("setting", "code"),
    [
        ({"fields": ["no"]}, "GAIA_FC01"),
        ({"fields": ["inner"]}, "GAIA_FC01"),
        ({"filterCond": 'no = "x"'}, "GAIA_IQ11"),
        ({"filterCond": "name > 5"}, "GAIA_IQ03"),
        ({"sort": "memo asc"}, "GAIA_IS02"),
        ({"filterCond": 'Status = "x"'}, "GAIA_ST02"),
    ],
)
def test_a_view_that_does_not_fit_the_form_is_refused(kintone, app, setting, code):
    body = {"app": app, "views": {"v": {**LIST, **setting}}}
    assert kintone.error("PUT", VIEWS, body)[:2] == (400, code)


@pytest.mark.parametrize(
    "condition",
    ['name = "x" or name = "y" and name != "z"', '(name = "x" or name = "y") and name != "z"'],
)
def test_a_view_mixes_no_and_with_or(kintone, app, condition):
    """Acceptance notes of a store app, 2026-09-15 (fact sheet "query")."""
    body = {"app": app, "views": {"v": {**LIST, "filterCond": condition}}}
    assert kintone.error("PUT", VIEWS, body)[:2] == (400, "GAIA_IQ02")


@pytest.mark.parametrize("condition", ['name = "x" or name = "y"', 'name != "x" and name != "y"'])
def test_a_view_has_conditions_of_one_kind(kintone, app, condition):
    put(kintone, app, one={**LIST, "filterCond": condition})


def test_a_view_may_ask_for_blanks(kintone, app):
    put(kintone, app, one={**LIST, "filterCond": "memo is empty"})


def test_two_views_cannot_get_the_same_name(kintone, app):
    put(kintone, app, one=LIST, two=LIST)
    body = {"app": app, "views": {"one": {**LIST, "name": "two"}, "two": LIST}}
    assert kintone.messages("PUT", VIEWS, body) == {
        "views[two].name": ['There are two views with the name "two".']
    }


def test_a_thousand_views_are_the_most(kintone, app):
    body = {"app": app, "views": {f"v{i}": LIST for i in range(1001)}}
    assert kintone.messages("PUT", VIEWS, body) == {"views": ["size must be between 0 and 1000"]}


def test_a_stale_revision_is_refused(kintone, app):
    body = {"app": app, "views": {}, "revision": 2}
    assert kintone.error("PUT", VIEWS, body)[:2] == (409, "GAIA_CO03")


@pytest.mark.parametrize(("kind", "status"), [("LIST", 200), ("CUSTOM", 403)])
def test_a_token_makes_no_custom_view(emulator, caller, app, kind, status):
    token = caller(X_Cybozu_API_Token=emulator.add_api_token(app, permissions=("manage",)))
    view = LIST if kind == "LIST" else {"type": "CUSTOM", "index": 0}
    response = token.send("PUT", VIEWS, {"app": app, "views": {"v": view}})
    assert response.status_code == status


def test_views_follow_new_codes_and_lose_deleted_fields(kintone, app):
    put(
        kintone,
        app,
        list={**LIST, "fields": ["name", "memo"], "filterCond": 'name = "name"'},
        days={"type": "CALENDAR", "index": 1, "date": "day", "title": "name", "sort": "name asc"},
    )
    kintone.ok("PUT", FIELDS, {"app": app, "properties": {"name": {"code": "title"}}})
    kintone.ok("DELETE", FIELDS, {"app": app, "fields": ["memo", "day"]})
    views = read(kintone, app)
    assert views["list"]["fields"] == ["title"]
    assert views["list"]["filterCond"] == 'title = "name"'
    assert (views["days"]["date"], views["days"]["title"]) == ("Created_datetime", "title")
    assert views["days"]["sort"] == "title asc"
