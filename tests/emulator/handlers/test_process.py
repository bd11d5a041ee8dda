"""app/status.json, live and pre-live: the settings of process management."""

from __future__ import annotations

import pytest
from process_of import CREATOR, action, entity, set_process, states

SIMPLE = states(new=["ONE", CREATOR], done=["ONE"])
ACTIONS = [action("finish", "new", "done")]
FIRST_STATE = "The first state has no assignee but the creator of the record, and the type ONE."


@pytest.fixture
def app(kintone):
    return kintone.new_app(
        {
            "n": {"type": "NUMBER"},
            "who": {"type": "USER_SELECT"},
            "memo": {"type": "MULTI_LINE_TEXT"},
        }
    )


def put(kintone, app, **settings):
    return kintone.ok("PUT", "preview/app/status.json", {"app": app, **settings})


def messages(kintone, app, **settings):
    return kintone.messages("PUT", "preview/app/status.json", {"app": app, **settings})


@pytest.mark.parametrize("path", ["app/status.json", "preview/app/status.json"])
def test_a_process_that_was_never_set_up_has_neither_states_nor_actions(kintone, app, path):
    answer = kintone.ok("GET", path, {"app": app})
    assert answer == {"enable": False, "states": None, "actions": None, "revision": "3"}


def test_a_process_is_read_as_it_was_set_once_it_is_deployed(kintone, app):
    answer = put(kintone, app, enable=True, states=SIMPLE, actions=ACTIONS)
    assert answer == {"revision": "4"}
    assert kintone.ok("GET", "app/status.json", {"app": app})["enable"] is False
    kintone.deploy(app)
    assert kintone.ok("GET", "app/status.json", {"app": app, "lang": "en"}) == {
        "enable": True,
        "states": SIMPLE,
        "actions": [{**ACTIONS[0], "type": "PRIMARY"}],
        "revision": "4",
    }


def test_what_was_read_can_be_put(kintone, app):
    set_process(kintone, app, states=SIMPLE, actions=ACTIONS)
    before = kintone.ok("GET", "app/status.json", {"app": app})
    put(kintone, app, **before)
    after = kintone.ok("GET", "preview/app/status.json", {"app": app})
    assert after == {**before, "revision": "5"}


def test_what_is_not_sent_stays(kintone, app):
    set_process(kintone, app, states=SIMPLE, actions=ACTIONS)
    put(kintone, app, enable=False)
    answer = kintone.ok("GET", "preview/app/status.json", {"app": app})
    assert (answer["enable"], answer["states"]) == (False, SIMPLE)


def test_a_state_without_an_assignee_is_the_creators(kintone, app):
    put(kintone, app, states={"new": {"name": "new", "index": 0}})
    answer = kintone.ok("GET", "preview/app/status.json", {"app": app})
    assert answer["states"]["new"] == {
        "name": "new",
        "index": "0",
        "assignee": {"type": "ONE", "entities": [CREATOR]},
    }


def test_a_state_that_is_sent_without_its_assignee_keeps_it(kintone, app):
    put(kintone, app, states=states(new=["ONE"], done=["ANY", entity("USER", "kato")]))
    put(kintone, app, states={"new": {"index": "0"}, "done": {"index": "1"}})
    answer = kintone.ok("GET", "preview/app/status.json", {"app": app})
    assert answer["states"]["done"]["assignee"]["type"] == "ANY"


def test_the_form_tells_whether_the_process_is_on(kintone, app):
    def enabled():
        properties = kintone.ok("GET", "app/form/fields.json", {"app": app})["properties"]
        return properties["Status"]["enabled"], properties["Assignee"]["enabled"]

    assert enabled() == (False, False)
    set_process(kintone, app, states=SIMPLE)
    assert enabled() == (True, True)


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({"enable": True}, {"states": ["Required field."]}),
        ({"states": {}}, {"states": ["Required field."]}),
        ({"states": {"new": {}}}, {"states[new].index": ["Required field."]}),
        (
            {"states": {"x" * 65: {"index": 0}}},
            {f"states[{'x' * 65}]": ["size must be between 1 and 64"]},
        ),
        (
            {"states": {"new": {"name": "newer", "index": 0}}},
            {
                "states[new].name": [
                    "The name must be the same as its key: the emulator does not rename states."
                ]
            },
        ),
        (
            {"states": states(new=["ANY", CREATOR])},
            {"states[new].assignee": [FIRST_STATE]},
        ),
        (
            {"states": states(new=["ONE", entity("USER", "kato")])},
            {"states[new].assignee": [FIRST_STATE]},
        ),
        (
            {"states": states(new=["ONE"], done=["ONE", entity("GROUP", "nope")])},
            {
                "states[done].assignee.entities[0].entity.code": [
                    "The specified organization or group (code：nope) not found."
                ]
            },
        ),
        (
            {"states": states(new=["ONE"], done=["ONE", entity("USER")])},
            {"states[done].assignee.entities[0].entity.code": ["Required field."]},
        ),
        (
            {"states": states(new=["ONE"], done=["ONE", entity("CUSTOM_FIELD", "boss")])},
            {
                "states[done].assignee.entities[0].entity.type": ["must be one of the enum value"],
            },
        ),
        (
            {"states": SIMPLE, "actions": [action("finish", "new", "gone")]},
            {"actions[0].to": ['There is no state "gone".']},
        ),
        (
            {"states": SIMPLE, "actions": ACTIONS * 2},
            {"actions[1].name": ["A state has only one action of the same name."]},
        ),
        (
            {"states": SIMPLE, "actions": [{**ACTIONS[0], "type": "SECONDARY"}]},
            {"actions[0].type": ["must be one of the enum value"]},
        ),
    ],
)
def test_settings_that_do_not_fit_say_where(kintone, app, settings, expected):
    assert messages(kintone, app, **settings) == expected


@pytest.mark.parametrize(
    "condition", ["n >", "n = 1 order by n asc", "n = 1 limit 1", "memo is empty"]
)
def test_a_condition_is_one_without_order_pages_and_blanks(kintone, app, condition):
    actions = [action("finish", "new", "done", condition)]
    answer = messages(kintone, app, enable=True, states=SIMPLE, actions=actions)
    assert answer == {"actions[0].filterCond": ["unsupported query format"]}


@pytest.mark.parametrize(
    ("settings", "code"),
    [
        ({"states": states(new=["ONE"], done=["ONE", entity("USER", "nobody")])}, "GAIA_IL26"),
        ({"states": states(new=["ONE"], done=["ONE", entity("FIELD_ENTITY", "n")])}, "GAIA_FC01"),
        (
            {"states": SIMPLE, "actions": [action("go", "new", "done", "nope = 1")]},
            "GAIA_IQ11",
        ),
        (
            {"states": SIMPLE, "actions": [action("go", "new", "done", 'Status = "nope"')]},
            "GAIA_IQ10",
        ),
        ({"states": SIMPLE, "revision": 1}, "GAIA_CO03"),
    ],
)
def test_other_refusals_have_their_codes(kintone, app, settings, code):
    body = {"app": app, "enable": True, **settings}
    assert kintone.error("PUT", "preview/app/status.json", body)[1] == code


@pytest.mark.parametrize(
    "settings",
    [
        {"states": SIMPLE, "actions": [action("go", "new", "done", "n = 1")]},
        {"states": states(new=["ONE"], done=["ONE", entity("FIELD_ENTITY", "who")])},
    ],
)
def test_a_deploy_is_refused_when_the_process_names_a_field_that_is_gone(kintone, app, settings):
    put(kintone, app, enable=True, **settings)
    body = {"app": app, "fields": ["n", "who"]}
    kintone.ok("DELETE", "preview/app/form/fields.json", body)
    error = kintone.error("POST", "preview/app/deploy.json", {"apps": [{"app": app}]})
    assert error[1] in {"GAIA_IQ11", "GAIA_FC01"}


def test_a_token_needs_to_manage_the_app(emulator, caller, app):
    viewer = caller(X_Cybozu_API_Token=emulator.add_api_token(app))
    assert viewer.ok("GET", "app/status.json", {"app": app})["enable"] is False
    body = {"app": app, "enable": False}
    assert viewer.error("PUT", "preview/app/status.json", body)[1] == "GAIA_NO01"


def test_records_are_given_the_first_state_when_the_process_is_switched_on(kintone, app):
    kintone.add(app)
    assert "Status" not in kintone.read(app, 1)
    set_process(kintone, app, states=SIMPLE)
    record = kintone.read(app, 1)
    assert record["Status"] == "new"
    assert record["Assignee"] == [{"code": "sato", "name": "sato"}]
    assert kintone.read(app, kintone.add(app))["Status"] == "new"
    assert kintone.find(app, 'Status = "new"') == [2, 1]


def test_the_first_state_is_the_one_with_the_least_index(kintone, app):
    later, first = {"index": 10}, {"index": 2}
    set_process(kintone, app, states={"later": later, "first": first})
    assert kintone.read(app, kintone.add(app))["Status"] == "first"


def test_a_first_state_without_entities_has_no_assignee(kintone, app):
    set_process(kintone, app, states=states(new=["ONE"]))
    assert kintone.read(app, kintone.add(app))["Assignee"] == []


def test_the_cells_are_gone_when_the_process_is_switched_off(kintone, app):
    set_process(kintone, app, states=SIMPLE)
    kintone.add(app)
    put(kintone, app, enable=False)
    kintone.deploy(app)
    record = kintone.read(app, 1)
    assert "Status" not in record
    assert "Assignee" not in record


def test_a_deploy_fails_while_a_record_is_in_a_state_that_is_gone(kintone, app):
    set_process(kintone, app, states=SIMPLE, actions=ACTIONS)
    kintone.add(app)
    kintone.ok("PUT", "record/status.json", {"app": app, "id": 1, "action": "finish"})
    put(kintone, app, states=states(new=["ONE"]), actions=[])
    assert kintone.deploy(app) == "FAIL"
    assert kintone.read(app, 1)["Status"] == "done"


def test_queries_know_the_states(kintone, app):
    set_process(kintone, app, states=SIMPLE, actions=ACTIONS)
    for _ in range(3):
        kintone.add(app)
    kintone.ok("PUT", "record/status.json", {"app": app, "id": 2, "action": "finish"})
    assert kintone.find(app, 'Status = "done"') == [2]
    assert kintone.find(app, 'Assignee in ("sato")') == [3, 1]
    assert kintone.find(app, "Assignee in (LOGINUSER())") == [3, 1]
    assert kintone.find(app, "order by Status desc, $id asc") == [2, 1, 3]
    error = kintone.error("GET", "records.json", {"app": app, "query": 'Status = "gone"'})
    assert error[1] == "GAIA_IQ10"
