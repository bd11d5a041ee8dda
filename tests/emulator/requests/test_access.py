"""The effects of permissions on apps, records and fields."""

from __future__ import annotations

import pytest
from support.plain_kintone import BASE, cells, options, password
from support.process_of import entity, set_process, states

EVERYONE = entity("GROUP", "everyone")
KATO = entity("USER", "kato")
SATO = entity("USER", "sato")
NAMES = {
    "manage": "appEditable",
    "view": "recordViewable",
    "add": "recordAddable",
    "edit": "recordEditable",
    "delete": "recordDeletable",
}
DENIED = (403, "CB_NO02", "No privilege to proceed.")


@pytest.fixture
def app(kintone):
    app = kintone.new_app(
        {
            "name": {"type": "SINGLE_LINE_TEXT", "unique": True},
            "n": {"type": "NUMBER"},
            "rank": {"type": "DROP_DOWN", "options": options("a", "b")},
            "who": {"type": "USER_SELECT"},
            "lines": {
                "type": "SUBTABLE",
                "fields": {
                    "item": {"type": "SINGLE_LINE_TEXT"},
                    "qty": {"type": "NUMBER"},
                },
            },
        }
    )
    line = {"value": cells({"item": "pen", "qty": 2})}
    for number, rank in enumerate(["a", "b", "a"], start=1):
        kintone.add(app, name=f"r{number}", n=number, rank=rank, lines=[line])
    return app


@pytest.fixture
def kato(caller):
    return caller(**password("kato", "other"))


@pytest.fixture
def let(kintone, app):
    """Give Sato all rights on the app, and Kato these rights."""

    def put(*rights):
        granted = {NAMES[right]: True for right in rights}
        everything = dict.fromkeys(NAMES.values(), True)
        body = {"app": app, "rights": [{**SATO, **everything}, {**KATO, **granted}]}
        kintone.ok("PUT", "app/acl.json", body)

    return put


@pytest.fixture
def restrict(kintone, app):
    """Set record permissions: (condition, {entity and rights})."""

    def put(*rules):
        rights = [{"filterCond": text, "entities": list(people)} for text, *people in rules]
        kintone.ok("PUT", "record/acl.json", {"app": app, "rights": rights})

    return put


@pytest.fixture
def protect(kintone, app):
    """Set field permissions: code=[(entity, accessibility)]."""

    def put(**fields):
        rights = [
            {
                "code": code,
                "entities": [{**who, "accessibility": access} for who, access in people],
            }
            for code, people in fields.items()
        ]
        kintone.ok("PUT", "field/acl.json", {"app": app, "rights": rights})

    return put


def granted(who, *rights):
    return {**who, **dict.fromkeys(rights, True)}


# App permissions

REQUESTS = [
    ("view", "GET", "record.json", {"id": 1}),
    ("view", "GET", "records.json", {}),
    ("view", "POST", "records/cursor.json", {}),
    ("view", "GET", "record/comments.json", {"record": 1}),
    ("view", "POST", "record/comment.json", {"record": 1, "comment": {"text": "x"}}),
    ("add", "POST", "record.json", {}),
    ("add", "POST", "records.json", {"records": [{}]}),
    ("edit", "PUT", "record.json", {"id": 1}),
    ("edit", "PUT", "records.json", {"records": [{"id": 1}]}),
    ("delete", "DELETE", "records.json", {"ids": [1]}),
    ("manage", "GET", "app/acl.json", {}),
    ("manage", "GET", "preview/app/form/fields.json", {}),
    ("manage", "PUT", "preview/app/settings.json", {"name": "x"}),
]


@pytest.mark.parametrize(("right", "method", "path", "rest"), REQUESTS)
def test_each_request_needs_its_right_on_the_app(kato, let, app, right, method, path, rest):
    let(*(NAMES.keys() - {right, "edit", "delete"} if right == "view" else NAMES.keys() - {right}))
    assert kato.error(method, path, {"app": app, **rest}) == DENIED
    let(right, "view")
    kato.ok(method, path, {"app": app, **rest})


def test_evaluating_needs_the_right_to_view_or_the_one_to_add(kato, let, app):
    body = {"app": app, "ids": [1]}
    let(*(NAMES.keys() - {"view", "add", "edit", "delete"}))
    assert kato.error("GET", "records/acl/evaluate.json", body) == DENIED
    for right in ("view", "add"):
        let(right)
        kato.ok("GET", "records/acl/evaluate.json", body)


def test_the_first_entry_that_the_user_is_in_decides(kintone, kato, app):
    everything = dict.fromkeys(NAMES.values(), True)
    rights = [{**SATO, **everything}, {**KATO}, {**KATO, **everything}]
    kintone.ok("PUT", "app/acl.json", {"app": app, "rights": rights})
    assert kato.error("GET", "records.json", {"app": app}) == DENIED


def test_everyone_applies_last_at_any_position(kintone, kato, app):
    rights = [EVERYONE, granted(SATO, "appEditable"), granted(KATO, "recordViewable")]
    kintone.ok("PUT", "app/acl.json", {"app": app, "rights": rights})
    assert kato.find(app) == [3, 2, 1]


def test_a_user_in_no_entry_has_no_rights(kintone, kato, app):
    rights = [granted(entity("CREATOR"), "appEditable", "recordViewable")]
    kintone.ok("PUT", "app/acl.json", {"app": app, "rights": rights})
    assert kintone.find(app) == [3, 2, 1]
    assert kato.error("GET", "records.json", {"app": app}) == DENIED


def test_groups_and_organizations_have_rights(kintone, emulator, caller, app):
    emulator.add_group("night")
    emulator.add_organization("all")
    emulator.add_organization("dev", parent="all")
    emulator.add_user("abe", "pw", groups=["night"])
    emulator.add_user("mori", "pw", organization="dev")
    rights = [
        granted(SATO, "appEditable"),
        granted(entity("GROUP", "night"), "recordViewable"),
        granted(entity("ORGANIZATION", "all", subs=True), "recordViewable"),
    ]
    kintone.ok("PUT", "app/acl.json", {"app": app, "rights": rights})
    for code in ("abe", "mori"):
        assert caller(**password(code, "pw")).find(app) == [3, 2, 1]


def test_an_upsert_needs_to_add_too(kato, let, app):
    let("view", "edit")
    body = {"app": app, "upsert": True, "records": [{"id": 1}]}
    assert kato.error("PUT", "records.json", body) == DENIED


def test_only_users_who_manage_the_app_set_creator_and_time(kintone, kato, let, app):
    let("view", "add")
    record = cells({"Created_by": {"code": "sato"}})
    assert kato.error("POST", "record.json", {"app": app, "record": record})[1] == "GAIA_BF02"
    kintone.ok("POST", "record.json", {"app": app, "record": record})


def test_apps_without_a_right_are_not_listed(kato, let, app):
    let("edit", "view")
    assert [entry["appId"] for entry in kato.ok("GET", "apps.json")["apps"]] == [str(app)]
    let()
    assert kato.ok("GET", "apps.json")["apps"] == []
    assert kato.error("GET", "app.json", {"id": app}) == DENIED


def test_a_token_has_its_own_rights(emulator, caller, let, restrict, app):
    let()
    restrict(("", granted(SATO, "viewable")))
    token = caller(X_Cybozu_API_Token=emulator.add_api_token(app, permissions=["view", "edit"]))
    assert token.find(app) == [3, 2, 1]
    token.put(app, 1, n=5)


# Record permissions


def test_invisible_records_are_left_out(kintone, kato, app, restrict):
    restrict(('rank in ("b")', granted(SATO, "viewable")))
    assert kintone.find(app) == [3, 2, 1]
    assert kato.find(app) == [3, 1]
    assert kato.find(app, "order by n asc") == [1, 3]
    assert kato.find(app, 'name in ("r2", "r3")') == [3]
    assert kato.find(app, "limit 1 offset 1") == [1]
    answer = kato.ok("GET", "records.json", {"app": app, "query": "limit 1", "totalCount": True})
    assert answer["totalCount"] == "2"


def test_an_invisible_record_cannot_be_read(kato, app, restrict):
    restrict(('rank in ("b")', granted(SATO, "viewable")))
    assert kato.error("GET", "record.json", {"app": app, "id": 2}) == DENIED
    assert kato.error("GET", "record.json", {"app": app, "id": 9})[1] == "GAIA_RE01"
    assert kato.read(app, 1)["name"] == "r1"


def test_an_invisible_record_is_neither_commented_nor_changed(kato, app, restrict):
    restrict(('rank in ("b")', granted(SATO, "viewable")))
    for method, path, rest in [
        ("GET", "record/comments.json", {"record": 2}),
        ("POST", "record/comment.json", {"record": 2, "comment": {"text": "x"}}),
        ("PUT", "record.json", {"id": 2}),
        ("PUT", "record.json", {"updateKey": {"field": "name", "value": "r2"}}),
        ("DELETE", "records.json", {"ids": [2]}),
    ]:
        assert kato.error(method, path, {"app": app, **rest}) == DENIED


def test_a_cursor_has_only_the_visible_records(kintone, kato, app, restrict):
    restrict(('rank in ("b")', granted(SATO, "viewable")))
    cursor = kato.ok("POST", "records/cursor.json", {"app": app})
    assert cursor["totalCount"] == "2"
    kintone.put(app, 3, rank="b")
    page = kato.ok("GET", "records/cursor.json", {"id": cursor["id"]})
    assert [record["$id"]["value"] for record in page["records"]] == ["1"]


def test_rights_to_edit_and_to_delete_are_each_needed(kato, app, restrict):
    restrict(
        ('rank in ("a")', granted(KATO, "viewable", "editable")),
        ("", granted(KATO, "viewable", "deletable")),
    )
    kato.put(app, 1, n=7)
    assert kato.error("DELETE", "records.json", {"app": app, "ids": [1]}) == DENIED
    assert kato.error("PUT", "record.json", {"app": app, "id": 2}) == DENIED
    kato.ok("DELETE", "records.json", {"app": app, "ids": [2]})


def test_one_record_that_may_not_be_written_stops_them_all(kato, app, restrict):
    restrict(('rank in ("b")', granted(KATO, "viewable")))
    records = [{"id": number, "record": cells({"n": 9})} for number in (1, 2)]
    assert kato.error("PUT", "records.json", {"app": app, "records": records}) == DENIED
    assert kato.error("DELETE", "records.json", {"app": app, "ids": [1, 2]}) == DENIED
    assert kato.read(app, 1)["n"] == "1"


def test_the_first_condition_that_a_record_meets_decides(kato, app, restrict):
    restrict(("n < 3", granted(KATO, "viewable")), ("n < 2", granted(KATO)), ("", granted(KATO)))
    assert kato.find(app) == [2, 1]


def test_conditions_and_entities_may_ask_for_the_caller(kintone, kato, app, restrict):
    kintone.put(app, 1, who=[{"code": "kato"}])
    restrict(("", granted(entity("FIELD_ENTITY", "who"), "viewable")))
    assert kato.find(app) == [1]
    restrict(("who in (LOGINUSER())", granted(EVERYONE, "viewable")), ("", granted(EVERYONE)))
    assert kato.find(app) == [1]


def test_conditions_may_name_a_state(kintone, kato, app, restrict):
    set_process(kintone, app, states=states(new=["ONE"]))
    restrict(('Status = "new"', granted(SATO, "viewable")))
    assert kato.find(app) == []


def test_the_right_to_view_is_enough_to_change_a_status(kintone, kato, app, restrict):
    flow = [{"name": "again", "from": "new", "to": "new"}]
    set_process(kintone, app, states=states(new=["ONE"]), actions=flow)
    restrict(("n = 1", granted(KATO)), ("", granted(KATO, "viewable")))
    body = {"app": app, "id": 1, "action": "again"}
    assert kato.error("PUT", "record/status.json", body) == DENIED
    kato.ok("PUT", "record/status.json", {**body, "id": 2})


def test_record_permissions_apply_to_users_who_manage_the_app(kintone, app, restrict):
    restrict(("", granted(KATO, "viewable")))
    assert kintone.find(app) == []


# Field permissions


def test_a_field_that_may_not_be_viewed_is_absent(kintone, kato, app, protect):
    protect(n=[(KATO, "NONE"), (EVERYONE, "WRITE")])
    assert "n" not in kato.read(app, 1)
    assert kintone.read(app, 1)["n"] == "1"
    for record in kato.ok("GET", "records.json", {"app": app, "fields": ["n", "name"]})["records"]:
        assert record.keys() == {"name"}
    cursor = kato.ok("POST", "records/cursor.json", {"app": app})
    page = kato.ok("GET", "records/cursor.json", {"id": cursor["id"]})
    assert all("n" not in record for record in page["records"])
    assert "n" not in kato.ok("GET", "app/form/fields.json", {"app": app})["properties"]


def test_a_user_in_no_entry_of_a_field_cannot_view_it(kato, app, protect):
    protect(n=[(SATO, "WRITE")])
    assert "n" not in kato.read(app, 1)


def test_a_column_that_may_not_be_viewed_is_absent_in_every_row(kato, app, protect):
    protect(qty=[(SATO, "WRITE")])
    (row,) = kato.read(app, 1)["lines"]
    assert row["value"] == {"item": {"type": "SINGLE_LINE_TEXT", "value": "pen"}}
    properties = kato.ok("GET", "app/form/fields.json", {"app": app})["properties"]
    assert properties["lines"]["fields"].keys() == {"item"}


@pytest.mark.parametrize("query", ["n = 1", "order by n asc", "qty > 1"])
def test_a_query_does_not_know_fields_that_may_not_be_viewed(kintone, kato, app, protect, query):
    protect(n=[(SATO, "WRITE")], qty=[(SATO, "WRITE")])
    kintone.ok("GET", "records.json", {"app": app, "query": query})
    body = {"app": app, "query": query}
    assert kato.error("GET", "records.json", body)[1] == "GAIA_IQ11"


def test_an_update_key_that_may_not_be_viewed_is_unknown(kato, app, protect):
    protect(name=[(SATO, "WRITE")])
    body = {"app": app, "updateKey": {"field": "name", "value": "r1"}}
    assert kato.error("PUT", "record.json", body)[1] == "GAIA_IQ11"


def test_a_field_that_may_only_be_viewed_is_not_written(kato, app, protect):
    protect(n=[(EVERYONE, "READ")])
    refusal = (403, "GAIA_FU01", 'Edit permissions are required to edit field "n".')
    body = {"app": app, "record": cells({"n": 1})}
    assert kato.error("POST", "record.json", body) == refusal
    assert kato.error("PUT", "record.json", {**body, "id": 1}) == refusal
    assert kato.read(app, 1)["n"] == "1"
    kato.put(app, 1, rank="b")


def test_a_column_that_may_only_be_viewed_is_not_written(kato, app, protect):
    protect(qty=[(EVERYONE, "READ")])
    row_id = kato.read(app, 1)["lines"][0]["id"]
    line = {"id": row_id, "value": cells({"item": "ink", "qty": 3})}
    body = {"app": app, "id": 1, "record": cells({"lines": [line]})}
    assert kato.error("PUT", "record.json", body)[1] == "GAIA_FU01"
    del line["value"]["qty"]
    kato.ok("PUT", "record.json", body)
    (row,) = kato.read(app, 1)["lines"]
    assert [cell["value"] for cell in row["value"].values()] == ["ink", "2"]


def test_people_in_a_records_field_have_rights_on_its_others(kintone, kato, app, protect):
    kintone.put(app, 1, who=[{"code": "kato"}])
    protect(n=[(entity("FIELD_ENTITY", "who"), "WRITE")])
    assert kato.read(app, 1)["n"] == "1"
    assert "n" not in kato.read(app, 2)
    kato.put(app, 1, n=5)
    body = {"app": app, "id": 2, "record": cells({"n": 5})}
    assert kato.error("PUT", "record.json", body)[1] == "GAIA_FU01"
    assert kato.error("GET", "records.json", {"app": app, "query": "n = 5"})[1] == "GAIA_IQ11"


def test_a_download_needs_the_right_to_view_the_field(kintone, kato, protect, app):
    properties = {"paper": {"type": "FILE", "code": "paper", "label": "paper"}}
    kintone.ok("POST", "preview/app/form/fields.json", {"app": app, "properties": properties})
    kintone.deploy(app)
    upload = kintone.session.post(BASE + "file.json", files={"file": ("a.txt", b"hello")})
    kintone.put(app, 1, paper=[{"fileKey": upload.json()["fileKey"]}])
    body = {"fileKey": kintone.read(app, 1)["paper"][0]["fileKey"]}
    assert kato.send("GET", "file.json", body).content == b"hello"
    protect(paper=[(SATO, "WRITE")])
    assert kato.error("GET", "file.json", body) == DENIED
    assert kintone.send("GET", "file.json", body).content == b"hello"


def test_a_token_has_the_administrators_rights_on_fields(emulator, caller, app, protect):
    protect(n=[(SATO, "WRITE")])
    token = caller(X_Cybozu_API_Token=emulator.add_api_token(app))
    assert "n" not in token.read(app, 1)


@pytest.fixture
def orders(kintone, app):
    """Make an app with a lookup into the first app."""
    lookup = {
        "relatedApp": {"app": app},
        "relatedKeyField": "name",
        "fieldMappings": [{"field": "copy", "relatedField": "n"}],
    }
    return kintone.new_app(
        {"copy": {"type": "NUMBER"}, "key": {"type": "SINGLE_LINE_TEXT", "lookup": lookup}}
    )


def test_a_lookup_finds_only_viewable_records(kato, orders, restrict, protect, let):
    restrict(('rank in ("b")', granted(SATO, "viewable")))
    assert kato.read(orders, kato.add(orders, key="r1"))["copy"] == "1"
    body = {"app": orders, "record": cells({"key": "r2"})}
    assert kato.error("POST", "record.json", body)[1] == "GAIA_LO04"
    protect(n=[(SATO, "WRITE")])
    assert kato.read(orders, kato.add(orders, key="r1"))["copy"] == ""
    protect(name=[(SATO, "WRITE")])
    body = {"app": orders, "record": cells({"key": "r1"})}
    assert kato.error("POST", "record.json", body)[1] == "GAIA_LO04"
    protect()
    let()
    assert kato.error("POST", "record.json", body)[1] == "GAIA_LO04"


# records/acl/evaluate.json


def evaluate(caller, app, *ids):
    return caller.ok("GET", "records/acl/evaluate.json", {"app": app, "ids": list(ids)})["rights"]


def test_everything_is_granted_without_settings(kintone, app):
    writable = {"viewable": True, "editable": True}
    assert evaluate(kintone, app, 2) == [
        {
            "id": "2",
            "record": {"viewable": True, "editable": True, "deletable": True},
            "fields": dict.fromkeys(["name", "n", "rank", "who", "lines", "item", "qty"], writable),
        }
    ]


def test_rights_are_those_of_the_app_the_record_and_the_field(kato, app, let, restrict, protect):
    let("view", "edit")
    restrict(("n = 2", granted(KATO, "viewable")), ("n = 3", granted(KATO)))
    protect(n=[(KATO, "READ")], name=[(KATO, "NONE")], item=[(KATO, "NONE")], qty=[(KATO, "READ")])
    first, second, third = evaluate(kato, app, 1, 2, 3)
    assert first["record"] == {"viewable": True, "editable": True, "deletable": False}
    assert second["record"] == {"viewable": True, "editable": False, "deletable": False}
    assert third["record"] == {"viewable": False, "editable": False, "deletable": False}
    assert first["fields"]["rank"] == {"viewable": True, "editable": True}
    assert second["fields"]["rank"] == {"viewable": True, "editable": False}
    for code, viewable in {"n": True, "name": False, "lines": True, "item": False}.items():
        assert first["fields"][code] == {"viewable": viewable, "editable": False}
    assert not any(right for field in third["fields"].values() for right in field.values())


def test_no_field_is_editable_without_the_right_on_the_app(kato, app, let):
    let("view")
    (rights,) = evaluate(kato, app, 1)
    assert rights["record"] == {"viewable": True, "editable": False, "deletable": False}
    assert rights["fields"]["n"] == {"viewable": True, "editable": False}
