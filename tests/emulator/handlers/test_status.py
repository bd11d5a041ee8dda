"""record/status.json, records/status.json and record/assignees.json."""

from __future__ import annotations

import pytest
from support.plain_kintone import password
from support.process_of import CREATOR, action, entity, set_process, states

KATO = {"code": "kato", "name": "kato"}
SATO = {"code": "sato", "name": "sato"}


@pytest.fixture
def app(kintone):
    return kintone.new_app(
        {
            "n": {"type": "NUMBER"},
            "who": {"type": "USER_SELECT"},
            "team": {"type": "ORGANIZATION_SELECT"},
        }
    )


@pytest.fixture
def kato(caller):
    return caller(**password("kato", "other"))


@pytest.fixture
def flow(kintone, app):
    """Set up new (creator) -start-> doing (chosen) -finish-> done, and -back-> new."""

    def setup(*doing, conditions=("", "")):
        set_process(
            kintone,
            app,
            states=states(new=["ONE", CREATOR], doing=doing or ["ONE"], done=["ONE"]),
            actions=[
                action("start", "new", "doing", conditions[0]),
                action("finish", "doing", "done", conditions[1]),
                action("back", "doing", "new"),
            ],
        )
        kintone.add(app, n=1, who=[{"code": "kato"}])

    return setup


@pytest.fixture
def act(app):
    def send(caller, name, **parameters):
        body = {"app": app, "id": 1, "action": name, **parameters}
        return caller.ok("PUT", "record/status.json", body)

    return send


@pytest.fixture
def refusal(app):
    def send(caller, name, **parameters):
        body = {"app": app, "id": 1, "action": name, **parameters}
        return caller.error("PUT", "record/status.json", body)

    return send


def place(kintone, app, number=1):
    """Return the status of a record and the codes of its assignees."""
    record = kintone.read(app, number)
    return record["Status"], [entity["code"] for entity in record["Assignee"]]


def test_an_action_moves_the_record_by_two_revisions(kintone, clock, app, flow, act):
    flow()
    clock.move(minutes=1)
    assert act(kintone, "start") == {"revision": "3"}
    record = kintone.read(app, 1)
    assert (record["Status"], record["Assignee"]) == ("doing", [])
    assert record["$revision"] == "3"
    assert record["Updated_datetime"] == "2024-02-06T13:00:00Z"


def test_the_process_must_be_on(kintone, app, refusal):
    kintone.add(app)
    assert refusal(kintone, "start") == (
        400,
        "GAIA_ST02",
        "Your request failed. The process management feature has been disabled.",
    )


@pytest.mark.parametrize("name", ["finish", "nonsense", "Start"])
def test_an_action_must_lead_from_the_state(kintone, flow, refusal, name):
    flow()
    assert refusal(kintone, name)[:2] == (400, "GAIA_IL03")


def test_a_record_that_does_not_meet_the_condition_cannot_be_moved(
    kintone, app, flow, act, refusal
):
    flow(conditions=("n > 1", 'Status in ("doing") and who in (LOGINUSER())'))
    assert refusal(kintone, "start")[1] == "GAIA_IL03"
    kintone.put(app, 1, n=2)
    act(kintone, "start")
    assert refusal(kintone, "finish")[1] == "GAIA_IL03"
    kintone.put(app, 1, who=[{"code": "sato"}])
    act(kintone, "finish")
    assert place(kintone, app) == ("done", [])


def test_a_stale_revision_is_refused(kintone, flow, act, refusal):
    flow()
    assert refusal(kintone, "start", revision=2)[:2] == (409, "GAIA_CO02")
    assert act(kintone, "start", revision=1) == {"revision": "3"}
    assert act(kintone, "finish", revision=-1) == {"revision": "5"}


def test_an_unknown_record_is_404(kintone, flow, refusal):
    flow()
    assert refusal(kintone, "start", id=9)[:2] == (404, "GAIA_RE01")


def test_only_an_assignee_may_act(kintone, kato, flow, act, refusal):
    flow()
    assert refusal(kato, "start") == (403, "GAIA_NT01", "Only Assignee can change the status.")
    act(kintone, "start")


def test_everybody_may_act_on_a_record_without_assignees(kintone, kato, app, flow, act):
    flow()
    act(kintone, "start")
    act(kato, "finish")
    assert kintone.read(app, 1)["Updated_by"] == KATO


def test_one_of_several_must_be_chosen(kintone, kato, app, flow, act, refusal):
    flow("ONE", entity("USER", "kato"), entity("USER", "sato"))
    assert refusal(kintone, "start") == (400, "GAIA_SA01", "Assignee is required.")
    assert refusal(kintone, "start", assignee="nobody")[1] == "GAIA_IL26"
    act(kintone, "start", assignee="kato")
    assert place(kintone, app) == ("doing", ["kato"])
    act(kato, "finish")


def test_a_chosen_assignee_must_be_a_candidate(kintone, app, flow):
    flow("ONE", entity("USER", "kato"))
    body = {"app": app, "id": 1, "action": "start", "assignee": "sato"}
    text = "This user cannot be chosen for this action."
    assert kintone.messages("PUT", "record/status.json", body) == {"assignee": [text]}


def test_going_back_to_a_first_state_with_an_assignee_needs_one(kintone, app, flow, act, refusal):
    flow()
    act(kintone, "start")
    assert refusal(kintone, "back")[1] == "GAIA_SA01"
    act(kintone, "back", assignee="sato")
    assert place(kintone, app) == ("new", ["sato"])


@pytest.mark.parametrize(
    "doing", [["ONE"], ["ANY", entity("USER", "kato")], ["ALL", entity("USER", "kato")]]
)
def test_an_assignee_who_cannot_be_chosen_is_refused(kintone, flow, refusal, doing):
    flow(*doing)
    assert refusal(kintone, "start", assignee="kato") == (
        400,
        "GAIA_SA04",
        "Failed to update status. Assignee cannot be specified by the action.",
    )


def test_any_of_the_assignees_may_act(kintone, kato, app, flow, act):
    flow("ANY", entity("USER", "sato"), entity("USER", "kato"))
    act(kintone, "start")
    assert place(kintone, app) == ("doing", ["sato", "kato"])
    act(kato, "finish")
    assert place(kintone, app) == ("done", [])


def test_all_of_the_assignees_must_act(kintone, kato, app, flow, act, refusal):
    flow("ALL", entity("USER", "sato"), entity("USER", "kato"))
    act(kintone, "start")
    assert act(kintone, "finish") == {"revision": "5"}
    assert place(kintone, app) == ("doing", ["kato"])
    assert refusal(kintone, "finish")[1] == "GAIA_NT01"
    assert refusal(kato, "start")[1] == "GAIA_IL03"
    act(kato, "finish")
    assert place(kintone, app) == ("done", [])


def test_assignees_come_from_fields_groups_and_organizations(kintone, emulator, app, flow, act):
    emulator.add_group("night")
    emulator.add_organization("all")
    emulator.add_organization("dev", parent="all")
    emulator.add_user("abe", "pw", groups=["night"])
    emulator.add_user("mori", "pw", organization="dev")
    emulator.add_user("ito", "pw", organizations=["dev"])
    flow(
        "ANY",
        entity("FIELD_ENTITY", "who"),
        entity("GROUP", "night"),
        entity("FIELD_ENTITY", "team", subs=True),
    )
    kintone.put(app, 1, team=[{"code": "all"}])
    act(kintone, "start")
    assert place(kintone, app) == ("doing", ["kato", "abe", "mori", "ito"])


def test_an_organization_alone_is_without_those_below_it(kintone, emulator, app, flow, act):
    emulator.add_organization("all")
    emulator.add_organization("dev", parent="all")
    emulator.add_user("abe", "pw", organization="all")
    emulator.add_user("mori", "pw", organization="dev")
    flow("ANY", entity("ORGANIZATION", "all"))
    act(kintone, "start")
    assert place(kintone, app) == ("doing", ["abe"])


def test_organizations_that_are_part_of_each_other_end_nowhere(kintone, emulator, app, flow, act):
    emulator.add_organization("all")
    emulator.add_organization("left", parent="right")
    emulator.add_organization("right", parent="left")
    emulator.add_user("abe", "pw", organization="left")
    flow(
        "ANY", entity("ORGANIZATION", "all", subs=True), entity("ORGANIZATION", "right", subs=True)
    )
    act(kintone, "start")
    assert place(kintone, app) == ("doing", ["abe"])


def test_everyone_means_all_who_can_sign_in(kintone, app, flow, act):
    flow("ANY", entity("GROUP", "everyone"))
    act(kintone, "start")
    assert place(kintone, app) == ("doing", ["sato", "kato"])


def test_the_creator_can_be_an_assignee(kintone, kato, app, flow, act):
    flow("ANY", entity("CREATOR"))
    act(kintone, "start")
    assert place(kintone, app) == ("doing", ["sato"])


def test_status_and_assignee_are_not_written_with_the_record(kintone, app, flow):
    flow()
    for code in ("Status", "Assignee"):
        body = {"app": app, "id": 1, "record": {code: {"value": "done"}}}
        assert kintone.error("PUT", "record.json", body)[1] == "GAIA_UN10"


def test_a_token_acts_as_the_administrator(kintone, emulator, caller, app, flow, act, refusal):
    flow()
    token = caller(X_Cybozu_API_Token=emulator.add_api_token(app, permissions=["view"]))
    assert refusal(token, "start")[1] == "GAIA_NT01"
    act(kintone, "start")
    act(token, "finish")
    blind = caller(X_Cybozu_API_Token=emulator.add_api_token(app, permissions=["edit"]))
    assert refusal(blind, "start")[1] == "GAIA_NO01"


# Many records


def test_many_records_are_moved_at_once(kintone, app, flow):
    flow()
    kintone.add(app)
    records = [{"id": 2, "action": "start"}, {"id": 1, "action": "start", "revision": 1}]
    assert kintone.ok("PUT", "records/status.json", {"app": app, "records": records}) == {
        "records": [{"id": "2", "revision": "3"}, {"id": "1", "revision": "3"}]
    }


def test_all_of_them_or_none(kintone, app, flow):
    flow()
    kintone.add(app)
    records = [{"id": 1, "action": "start"}, {"id": 2, "action": "finish"}]
    body = {"app": app, "records": records}
    assert kintone.error("PUT", "records/status.json", body)[1] == "GAIA_IL03"
    assert place(kintone, app) == ("new", ["sato"])


@pytest.mark.parametrize(
    ("records", "expected"),
    [
        (None, {"records": ["Required field."]}),
        (
            [{"id": 1, "action": "start"}] * 101,
            {"records": ["A maximum of 100 records can be updated at one time."]},
        ),
        (
            [{}],
            {"records[0].id": ["Required field."], "records[0].action": ["Required field."]},
        ),
        (
            [{"id": 1, "action": "start", "assignee": "kato"}, {"id": 1, "action": "finish"}],
            {"records[1]": ["The same record is specified twice."]},
        ),
        (
            [{"id": 1, "action": "start", "assignee": "sato"}],
            {"records[0].assignee": ["This user cannot be chosen for this action."]},
        ),
    ],
)
def test_a_wrong_batch_says_where(kintone, app, flow, records, expected):
    flow("ONE", entity("USER", "kato"))
    body = {"app": app, "records": records}
    assert kintone.messages("PUT", "records/status.json", body) == expected


def test_bulk_requests_hold_them_too(kintone, app, flow):
    flow()
    api = "/k/v1/"
    requests = [
        {
            "method": "PUT",
            "api": f"{api}record/status.json",
            "payload": {"app": app, "id": 1, "action": "start"},
        },
        {
            "method": "PUT",
            "api": f"{api}record/assignees.json",
            "payload": {"app": app, "id": 1, "assignees": ["sato"], "revision": 3},
        },
        {
            "method": "PUT",
            "api": f"{api}records/status.json",
            "payload": {"app": app, "records": [{"id": 1, "action": "finish"}]},
        },
    ]
    assert kintone.ok("POST", "bulkRequest.json", {"requests": requests}) == {
        "results": [
            {"revision": "3"},
            {"revision": "4"},
            {"records": [{"id": "1", "revision": "6"}]},
        ]
    }


# Assignees


def assign(caller, app, *codes, **parameters):
    body = {"app": app, "id": 1, "assignees": list(codes), **parameters}
    return caller.ok("PUT", "record/assignees.json", body)


def test_assignees_are_set_by_one_revision_and_cleared(kintone, app, flow):
    flow("ANY", entity("USER", "kato"))
    assert assign(kintone, app, "kato", "kato") == {"revision": "2"}
    assert place(kintone, app) == ("new", ["kato"])
    assert assign(kintone, app, revision=2) == {"revision": "3"}
    assert place(kintone, app) == ("new", [])


def test_a_state_for_several_takes_several(kintone, app, flow, act):
    flow("ANY")
    act(kintone, "start")
    assign(kintone, app, "kato", "sato")
    assert place(kintone, app) == ("doing", ["kato", "sato"])


def test_a_state_for_one_takes_one(kintone, app, flow):
    """Mocks of kintone-labs with numbered live cases: GAIA_TO02."""
    flow()
    body = {"app": app, "id": 1, "assignees": ["kato", "sato"]}
    assert kintone.error("PUT", "record/assignees.json", body) == (
        400,
        "GAIA_TO02",
        'Only one assignee can be set to "new".',
    )


@pytest.mark.parametrize(
    ("parameters", "code"),
    [
        ({"assignees": ["nobody"]}, "GAIA_IL26"),
        ({"assignees": [], "revision": 5}, "GAIA_CO02"),
        ({"assignees": [], "id": 7}, "GAIA_RE01"),
    ],
)
def test_wrong_assignments_have_their_codes(kintone, app, flow, parameters, code):
    flow()
    body = {"app": app, "id": 1, **parameters}
    assert kintone.error("PUT", "record/assignees.json", body)[1] == code


@pytest.mark.parametrize(
    ("assignees", "message"),
    [(None, "Required field."), (["kato"] * 101, "size must be between 0 and 100")],
)
def test_assignees_are_a_list_of_up_to_a_hundred(kintone, app, flow, assignees, message):
    flow()
    body = {"app": app, "id": 1, "assignees": assignees}
    assert kintone.messages("PUT", "record/assignees.json", body) == {"assignees": [message]}


def test_assignees_need_the_process_to_be_on(kintone, app):
    kintone.add(app)
    body = {"app": app, "id": 1, "assignees": []}
    assert kintone.error("PUT", "record/assignees.json", body)[1] == "GAIA_ST02"


@pytest.mark.parametrize("rights", [["view", "add", "edit", "delete"], ["manage"]])
def test_a_user_who_does_not_manage_the_app_cannot_assign(
    kintone, emulator, caller, app, flow, rights
):
    """kintone REST API, "Update Assignees": the right to manage the app, and to view the record."""
    flow()
    body = {"app": app, "id": 1, "assignees": ["kato"]}
    token = caller(X_Cybozu_API_Token=emulator.add_api_token(app, permissions=rights))
    assert token.error("PUT", "record/assignees.json", body)[:2] == (403, "GAIA_NO01")
    rights = ["view", "manage"]
    manager = caller(X_Cybozu_API_Token=emulator.add_api_token(app, permissions=rights))
    manager.ok("PUT", "record/assignees.json", body)


def test_an_assignee_who_does_not_manage_the_app_cannot_assign(kintone, kato, app, flow):
    """kintone REST API, "Update Assignees", 2025; a live test agrees."""
    flow()
    assign(kintone, app, "kato")
    manage_alone(kintone, app)
    body = {"app": app, "id": 1, "assignees": ["sato"]}
    assert kato.error("PUT", "record/assignees.json", body)[:2] == (403, "CB_NO02")


def manage_alone(kintone, app):
    """Let sato manage the app, and everybody else view its records."""
    everything = dict.fromkeys(
        ("appEditable", "recordViewable", "recordAddable", "recordEditable", "recordDeletable"),
        True,
    )
    rights = [
        {"entity": {"type": "USER", "code": "sato"}, **everything},
        {"entity": {"type": "GROUP", "code": "everyone"}, "recordViewable": True},
    ]
    kintone.ok("PUT", "app/acl.json", {"app": app, "rights": rights})


def test_an_action_needs_the_right_to_view_only(kintone, emulator, caller, kato, app, flow, act):
    """kintone REST API, "Update Status": the rights to view are enough."""
    flow()
    manage_alone(kintone, app)
    act(kintone, "start")
    act(kato, "finish")
    assert place(kintone, app) == ("done", [])
    kintone.add(app)
    assign(kintone, app, id=2)
    token = caller(X_Cybozu_API_Token=emulator.add_api_token(app, permissions=["view"]))
    body = {"app": app, "records": [{"id": 2, "action": "start"}]}
    token.ok("PUT", "records/status.json", body)


@pytest.mark.parametrize("state_type", ["ONE", "ALL", "ANY"])
def test_an_action_may_be_for_others_than_the_assignee(
    kintone, kato, app, act, refusal, state_type
):
    """kintone REST API, "Update Status": type SECONDARY, for users in executableUser."""
    executable = {"entities": [entity("USER", "kato")]}
    actions = [action("start", "new", "doing"), action("finish", "doing", "done")]
    actions.append({**action("stop", "doing", "done"), "type": "SECONDARY"})
    actions[-1]["executableUser"] = executable
    doing = [state_type, entity("USER", "sato")]
    set_process(
        kintone, app, states=states(new=["ONE"], doing=doing, done=["ONE"]), actions=actions
    )
    kintone.add(app)
    act(kintone, "start", **({"assignee": "sato"} if state_type == "ONE" else {}))
    assert refusal(kato, "finish")[1] == "GAIA_NT01"
    act(kato, "stop")
    assert place(kintone, app) == ("done", [])
