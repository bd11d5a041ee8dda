"""app/acl.json, record/acl.json and field/acl.json, live and preview."""

from __future__ import annotations

import pytest
from support.plain_kintone import password
from support.process_of import entity

EVERYONE = entity("GROUP", "everyone")
APP_RIGHTS = ["appEditable", "recordViewable", "recordAddable", "recordEditable"] + [
    "recordDeletable",
    "recordImportable",
    "recordExportable",
]
ALL = dict.fromkeys(APP_RIGHTS, True)
RECORD = {"viewable": True, "editable": False, "deletable": False}


@pytest.fixture
def app(kintone):
    return kintone.new_app(
        {
            "n": {"type": "NUMBER"},
            "memo": {"type": "MULTI_LINE_TEXT"},
            "who": {"type": "USER_SELECT"},
            "lines": {"type": "SUBTABLE", "fields": {"item": {"type": "SINGLE_LINE_TEXT"}}},
        }
    )


@pytest.mark.parametrize("path", ["app/acl.json", "preview/app/acl.json"])
def test_an_app_is_open_to_everyone_at_first(kintone, app, path):
    answer = kintone.ok("GET", path, {"app": app})
    assert answer == {"rights": [{**EVERYONE, **ALL}], "revision": "3"}


@pytest.mark.parametrize("subject", ["record", "field"])
def test_records_and_fields_have_no_permissions_at_first(kintone, app, subject):
    for path in (f"{subject}/acl.json", f"preview/{subject}/acl.json"):
        assert kintone.ok("GET", path, {"app": app}) == {"rights": [], "revision": "3"}


WRITTEN = {
    "app": [
        {**entity("CREATOR"), **ALL},
        {**EVERYONE, **dict.fromkeys(APP_RIGHTS, False), "recordViewable": True},
    ],
    "record": [
        {"filterCond": "n > 1", "entities": [{**entity("FIELD_ENTITY", "who"), **RECORD}]},
        {"filterCond": "", "entities": [{**EVERYONE, **RECORD}]},
    ],
    "field": [
        {"code": "n", "entities": [{**entity("USER", "sato"), "accessibility": "WRITE"}]},
        {"code": "item", "entities": [{**EVERYONE, "accessibility": "READ"}]},
        {"code": "Created_by", "entities": [{**EVERYONE, "accessibility": "NONE"}]},
    ],
}


@pytest.mark.parametrize("subject", list(WRITTEN))
def test_permissions_are_read_as_they_were_put(kintone, app, subject):
    body = {"app": app, "rights": WRITTEN[subject], "revision": 3}
    assert kintone.ok("PUT", f"{subject}/acl.json", body) == {"revision": "4"}
    for path in (f"{subject}/acl.json", f"preview/{subject}/acl.json"):
        answer = kintone.ok("GET", path, {"app": app})
        assert answer == {"rights": WRITTEN[subject], "revision": "4"}


@pytest.mark.parametrize("subject", list(WRITTEN))
def test_preview_permissions_wait_for_the_deploy(kintone, app, subject):
    before = kintone.ok("GET", f"{subject}/acl.json", {"app": app})
    kintone.ok("PUT", f"preview/{subject}/acl.json", {"app": app, "rights": WRITTEN[subject]})
    assert kintone.ok("GET", f"{subject}/acl.json", {"app": app}) == before
    kintone.deploy(app)
    answer = kintone.ok("GET", f"{subject}/acl.json", {"app": app})
    assert answer["rights"] == WRITTEN[subject]


def test_live_permissions_deploy_all_preview_settings(kintone, app):
    kintone.ok("PUT", "preview/app/settings.json", {"app": app, "name": "Renamed"})
    kintone.ok("PUT", "record/acl.json", {"app": app, "rights": []})
    assert kintone.ok("GET", "app.json", {"id": app})["name"] == "Renamed"


def test_they_are_refused_when_those_settings_do_not_fit_the_records(kintone, app):
    kintone.add(app, n=1)
    kintone.add(app, n=1)
    properties = {"n": {"unique": True}}
    kintone.ok("PUT", "preview/app/form/fields.json", {"app": app, "properties": properties})
    body = {"app": app, "rights": []}
    text = "The settings cannot be deployed: the app's records do not fit them."
    assert kintone.messages("PUT", "record/acl.json", body) == {"app": [text]}


def test_rights_that_are_not_sent_are_not_granted(kintone, app):
    rights = [{"entity": entity("USER", "sato")["entity"], "appEditable": "true"}]
    kintone.ok("PUT", "preview/app/acl.json", {"app": app, "rights": rights})
    (right,) = kintone.ok("GET", "preview/app/acl.json", {"app": app})["rights"]
    denied = dict.fromkeys(APP_RIGHTS[1:], False)
    assert right == {**entity("USER", "sato"), "appEditable": True, **denied}


def test_only_organizations_and_fields_have_include_subs(kintone, emulator, app):
    emulator.add_organization("dev")
    rights = [
        {**entity("USER", "sato", subs=True), "appEditable": True},
        {**entity("ORGANIZATION", "dev", subs=True)},
    ]
    kintone.ok("PUT", "preview/app/acl.json", {"app": app, "rights": rights})
    stored = kintone.ok("GET", "preview/app/acl.json", {"app": app})["rights"]
    assert [right["includeSubs"] for right in stored] == [False, True]


@pytest.mark.parametrize(
    ("subject", "rights", "expected"),
    [
        ("app", None, {"rights": ["Required field."]}),
        (
            "app",
            [],
            {
                "rights": [
                    "At least one entity must have the right to manage the app (appEditable)."
                ]
            },
        ),
        (
            "app",
            [{**EVERYONE, "appEditable": True, "recordEditable": True, "recordImportable": True}],
            {
                "rights[0].recordViewable": ["recordEditable requires this right."],
                "rights[0].recordAddable": ["recordImportable requires this right."],
            },
        ),
        (
            "app",
            [{**entity("FIELD_ENTITY", "who"), **ALL}],
            {"rights[0].entity.type": ["must be one of the enum value"]},
        ),
        (
            "app",
            [{**entity("GROUP", "nope"), **ALL}],
            {
                "rights[0].entity.code": [
                    "The specified organization or group (code：nope) not found."
                ]
            },
        ),
        (
            "record",
            [{"filterCond": "", "entities": [{**EVERYONE, "deletable": True}]}],
            {"rights[0].entities[0].viewable": ["deletable requires this right."]},
        ),
        ("record", [{}], {"rights[0].entities": ["Required field."]}),
        (
            "record",
            [{"filterCond": "memo is empty", "entities": []}],
            {"rights[0].filterCond": ["unsupported query format"]},
        ),
        (
            "record",
            [{"filterCond": "order by n asc", "entities": []}],
            {"rights[0].filterCond": ["unsupported query format"]},
        ),
        (
            "field",
            [{"code": "n", "entities": [{**EVERYONE, "accessibility": "ALL"}]}],
            {"rights[0].entities[0].accessibility": ["must be one of the enum value"]},
        ),
        (
            "field",
            [{"entities": []}],
            {"rights[0].code": ["Required field."]},
        ),
    ],
)
def test_wrong_permissions_say_where(kintone, app, subject, rights, expected):
    body = {"app": app, "rights": rights}
    assert kintone.messages("PUT", f"{subject}/acl.json", body) == expected


@pytest.mark.parametrize(
    ("subject", "rights", "code"),
    [
        ("app", [{**entity("USER", "nobody"), **ALL}], "GAIA_IL26"),
        ("record", [{"filterCond": "nope = 1", "entities": []}], "GAIA_IQ11"),
        ("record", [{"entities": [{**entity("FIELD_ENTITY", "n"), **RECORD}]}], "GAIA_FC01"),
        ("field", [{"code": "nope", "entities": []}], "GAIA_FC01"),
        ("field", [{"code": "lines", "entities": []}], "GAIA_FC01"),
    ],
)
def test_unknown_fields_and_people_are_refused(kintone, app, subject, rights, code):
    body = {"app": app, "rights": rights}
    assert kintone.error("PUT", f"{subject}/acl.json", body)[1] == code


@pytest.mark.parametrize("subject", list(WRITTEN))
def test_a_stale_revision_is_refused(kintone, app, subject):
    body = {"app": app, "rights": WRITTEN[subject], "revision": 2}
    assert kintone.error("PUT", f"{subject}/acl.json", body)[:2] == (409, "GAIA_CO03")


@pytest.mark.parametrize(
    ("subject", "gone", "code"),
    [("field", "n", "GAIA_FC01"), ("record", "n", "GAIA_IQ11"), ("record", "who", "GAIA_FC01")],
)
def test_a_field_that_permissions_name_cannot_be_deployed_away(kintone, app, subject, gone, code):
    kintone.ok("PUT", f"{subject}/acl.json", {"app": app, "rights": WRITTEN[subject]})
    kintone.ok("DELETE", "preview/app/form/fields.json", {"app": app, "fields": [gone]})
    body = {"apps": [{"app": app}]}
    assert kintone.error("POST", "preview/app/deploy.json", body)[1] == code


@pytest.mark.parametrize("method", ["GET", "PUT"])
@pytest.mark.parametrize("path", ["app/acl.json", "preview/record/acl.json"])
def test_only_users_who_manage_the_app_have_access(emulator, caller, app, method, path):
    token = caller(X_Cybozu_API_Token=emulator.add_api_token(app))
    body = {"app": app} if method == "GET" else {"app": app, "rights": WRITTEN[path.split("/")[-2]]}
    assert token.error(method, path, body)[:2] == (403, "GAIA_NO01")


# records/acl/evaluate.json; test_access.py tests the rights in its answer


def test_an_id_that_does_not_exist_makes_the_call_fail(kintone, app):
    kintone.add(app)
    body = {"app": app, "ids": [1, 9]}
    assert kintone.error("GET", "records/acl/evaluate.json", body)[:2] == (404, "GAIA_RE01")


def test_at_most_a_hundred_are_evaluated(kintone, app):
    body = {"app": app, "ids": [1] * 101}
    assert kintone.messages("GET", "records/acl/evaluate.json", body) == {
        "ids": ["size must be between 0 and 100"]
    }


def test_tokens_are_refused(emulator, caller, app):
    token = caller(X_Cybozu_API_Token=emulator.add_api_token(app))
    body = {"app": app, "ids": [1]}
    assert token.error("GET", "records/acl/evaluate.json", body)[:2] == (403, "GAIA_NO01")


@pytest.mark.parametrize("path", ["record/acl.json", "preview/record/acl.json"])
def test_permissions_of_records_take_the_id_of_the_app(kintone, app, path):
    """kintone REST API, "Update Record Permissions": `id` takes precedence over `app`."""
    rights = [{"filterCond": "", "entities": [{**EVERYONE, **RECORD}]}]
    kintone.ok("PUT", path, {"id": app, "rights": rights})
    kintone.ok("PUT", path, {"id": app, "app": 99, "rights": rights})
    assert len(kintone.ok("GET", path, {"id": app})["rights"]) == 1
    assert kintone.messages("PUT", path, {"rights": rights}) == {"app": ["Required field."]}
    assert kintone.messages("GET", "app/acl.json", {"id": app})["app"] == ["Required field."]


def test_a_user_who_may_only_add_can_view_no_record(kintone, caller, app):
    """kintone REST API, "Evaluate Record Permissions": the right to view or to add."""
    rights = [
        {"entity": {"type": "USER", "code": "sato"}, "appEditable": True, "recordAddable": True},
        {"entity": {"type": "GROUP", "code": "everyone"}, "recordAddable": True},
    ]
    number = kintone.add(app)
    kintone.ok("PUT", "app/acl.json", {"app": app, "rights": rights})
    kato = caller(**password("kato", "other"))
    answer = kato.ok("GET", "records/acl/evaluate.json", {"app": app, "ids": [number]})
    (answer,) = answer["rights"]
    assert not any(answer["record"].values())
    assert not any(field["viewable"] for field in answer["fields"].values())
