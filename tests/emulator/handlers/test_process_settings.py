"""app/status.json, live and preview: the settings of process management."""

from __future__ import annotations

import pytest
from support.process_of import CREATOR, action, entity, set_process, states

SIMPLE = states(new=["ONE", CREATOR], done=["ONE"])
ACTIONS = [action("finish", "new", "done")]
FIRST_STATE = "The first state has the type ONE, and at most the creator of the record as assignee."
ONLY_KEY = "The name of a new state must be the same as its key."
NOBODY = entity("USER", "nobody")
OVER = {"name": "the end", "index": 3}


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


def test_settings_that_were_read_can_be_sent(kintone, app):
    set_process(kintone, app, states=SIMPLE, actions=ACTIONS)
    before = kintone.ok("GET", "app/status.json", {"app": app})
    put(kintone, app, **before)
    after = kintone.ok("GET", "preview/app/status.json", {"app": app})
    assert after == {**before, "revision": "5"}


def test_settings_that_are_not_sent_stay(kintone, app):
    set_process(kintone, app, states=SIMPLE, actions=ACTIONS)
    put(kintone, app, enable=False)
    answer = kintone.ok("GET", "preview/app/status.json", {"app": app})
    assert (answer["enable"], answer["states"]) == (False, SIMPLE)


def test_a_state_without_an_assignee_is_the_creators(kintone, app):
    """Measured twice: SonicGarden, 2026-04-30; monosashi."""
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


def test_the_form_shows_if_the_process_is_on(kintone, app):
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
        (
            {"states": {"new": {"name": "new"}}},
            {"states[new].index": ["Required field."]},
        ),
        (
            {"states": {"x" * 65: {"name": "x", "index": 0}}},
            {
                f"states[{'x' * 65}]": ["size must be between 1 and 64"],
                f"states[{'x' * 65}].name": [ONLY_KEY],
            },
        ),
        (
            {"states": {"new": {"name": "newer", "index": 0}}},
            {"states[new].name": [ONLY_KEY]},
        ),
        ({"states": {"new": {"index": 0}}}, {"states[new].name": [ONLY_KEY]}),
        (
            {"states": states(new=["ONE", {"entity": {"type": "CREATOR"}}])},
            {"states[new].assignee": [FIRST_STATE]},
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
            {"states": SIMPLE, "actions": [{**ACTIONS[0], "type": "THIRD"}]},
            {"actions[0].type": ["must be one of the enum value"]},
        ),
        (
            {"states": SIMPLE, "actions": [{**ACTIONS[0], "executableUser": {"entities": []}}]},
            {
                "actions[0].executableUser": [
                    "Only an action of the type SECONDARY has executableUser."
                ]
            },
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
def test_a_deploy_is_refused_if_the_process_names_a_deleted_field(kintone, app, settings):
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
    later, first = {"name": "later", "index": 10}, {"name": "first", "index": 2}
    set_process(kintone, app, states={"later": later, "first": first})
    assert kintone.read(app, kintone.add(app))["Status"] == "first"


def test_an_action_for_others_than_the_assignee_is_read_as_it_was_set(kintone, app):
    """The official JavaScript client 6.1.0 (November 2025): SECONDARY, with executableUser."""
    executable = {"entities": [entity("USER", "kato"), entity("FIELD_ENTITY", "who")]}
    secondary = {**ACTIONS[0], "type": "SECONDARY", "executableUser": executable}
    bare = {**action("again", "done", "done"), "type": "SECONDARY"}
    set_process(kintone, app, states=SIMPLE, actions=[secondary, bare])
    read = kintone.ok("GET", "app/status.json", {"app": app})["actions"]
    assert read == [secondary, {**bare, "executableUser": {"entities": []}}]
    body = {"app": app, "actions": [{**secondary, "executableUser": {"entities": [NOBODY]}}]}
    assert kintone.error("PUT", "preview/app/status.json", body)[1] == "GAIA_IL26"


def test_two_actions_of_one_name_may_lead_from_a_state(kintone, app):
    """kintone REST API, "Update Status": the settings allow it, but the call is an error."""
    set_process(kintone, app, states=SIMPLE, actions=ACTIONS * 2)
    number = kintone.add(app)
    body = {"app": app, "id": number, "action": "finish"}
    assert kintone.error("PUT", "record/status.json", body)[:2] == (400, "GAIA_IL03")


def test_states_are_renamed_by_their_keys(kintone, app):
    """kintone REST API, "Update Process Management Settings": the key is the name as it is."""
    set_process(kintone, app, states=SIMPLE, actions=ACTIONS)
    kintone.add(app)
    kintone.add(app)
    kintone.ok("PUT", "record/status.json", {"app": app, "id": 2, "action": "finish"})
    renamed = {
        "new": {"name": "done", "index": 0},
        "done": {"name": "over", "index": "1"},
        "more": {"name": "more", "index": "2"},
    }
    put(kintone, app, states=renamed)
    put(
        kintone,
        app,
        states={"done": {"name": "new", "index": 0}, "over": OVER, "more": renamed["more"]},
    )
    assert kintone.deploy(app) == "SUCCESS"
    assert [kintone.read(app, number)["Status"] for number in (1, 2)] == ["new", "the end"]
    settings = kintone.ok("GET", "app/status.json", {"app": app})
    assert list(settings["states"]) == ["new", "the end", "more"]
    assert settings["states"]["new"]["assignee"] == SIMPLE["new"]["assignee"]
    (finish,) = settings["actions"]
    assert (finish["from"], finish["to"]) == ("new", "the end")


def test_two_states_cannot_take_one_name(kintone, app):
    put(kintone, app, states=SIMPLE)
    both = {"new": {"name": "x", "index": 0}, "done": {"name": "x", "index": 1}}
    assert list(messages(kintone, app, states=both)) == ["states[done].name"]


def test_the_first_state_is_renamed_and_never_added(kintone, app):
    """kintone REST API, "Update Process Management Settings"."""
    put(kintone, app, states=SIMPLE)
    added = {"first": {"name": "first", "index": 0}, "done": {"name": "done", "index": 1}}
    assert messages(kintone, app, states=added) == {
        "states[first]": ["The first state cannot be added anew, only renamed."]
    }


def test_unknown_settings_of_a_state_survive(kintone, app):
    """A text for the assignee per state came on 2026-11-08; its name was not seen."""
    added = {name: {**state, "novelty": {"text": name}} for name, state in SIMPLE.items()}
    put(kintone, app, states=added)
    read = kintone.ok("GET", "preview/app/status.json", {"app": app})
    assert read["states"] == added
    put(kintone, app, **read)
    again = kintone.ok("GET", "preview/app/status.json", {"app": app})
    assert again["states"] == added


def test_a_first_state_without_entities_has_no_assignee(kintone, app):
    set_process(kintone, app, states=states(new=["ONE"]))
    assert kintone.read(app, kintone.add(app))["Assignee"] == []


def test_a_process_that_is_switched_off_removes_its_cells(kintone, app):
    set_process(kintone, app, states=SIMPLE)
    kintone.add(app)
    put(kintone, app, enable=False)
    kintone.deploy(app)
    record = kintone.read(app, 1)
    assert "Status" not in record
    assert "Assignee" not in record


def test_a_deploy_fails_while_a_record_has_a_deleted_state(kintone, app):
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
