"""record.json and records.json."""

from __future__ import annotations

import pytest
from support.plain_kintone import cells, options

FORM = {
    "name": {"type": "SINGLE_LINE_TEXT", "unique": True},
    "qty": {"type": "NUMBER", "maxValue": "100"},
    "tags": {"type": "CHECK_BOX", "options": options("a", "b")},
}


@pytest.fixture
def app(kintone):
    return kintone.new_app(FORM)


def test_a_record_is_read_with_every_field_of_its_form(kintone, app):
    kintone.add(app, name="x", qty="1")
    record = kintone.ok("GET", "record.json", {"app": app, "id": 1})["record"]
    person = {"code": "sato", "name": "sato"}
    assert record == {
        "$id": {"type": "__ID__", "value": "1"},
        "$revision": {"type": "__REVISION__", "value": "1"},
        "Record_number": {"type": "RECORD_NUMBER", "value": "1"},
        "Created_by": {"type": "CREATOR", "value": person},
        "Created_datetime": {"type": "CREATED_TIME", "value": "2024-02-06T12:59:00Z"},
        "Updated_by": {"type": "MODIFIER", "value": person},
        "Updated_datetime": {"type": "UPDATED_TIME", "value": "2024-02-06T12:59:00Z"},
        "name": {"type": "SINGLE_LINE_TEXT", "value": "x"},
        "qty": {"type": "NUMBER", "value": "1"},
        "tags": {"type": "CHECK_BOX", "value": []},
    }


NOT_FOUND = (404, "GAIA_RE01", "The specified record (ID: 7) is not found.")


@pytest.mark.parametrize(
    ("method", "path", "parameters"),
    [
        ("GET", "record.json", {"id": 7}),
        ("PUT", "record.json", {"id": 7}),
        ("PUT", "records.json", {"records": [{"id": 1}, {"id": 7}]}),
        ("DELETE", "records.json", {"ids": [1, 7]}),
    ],
)
def test_an_unknown_record_is_not_found_and_nothing_is_written(
    kintone, app, method, path, parameters
):
    kintone.add(app)
    assert kintone.error(method, path, {"app": app, **parameters}) == NOT_FOUND
    assert kintone.read(app, 1)["$revision"] == "1"


@pytest.mark.parametrize("record", [{}, None, "absent"])
def test_an_empty_record_has_the_defaults(kintone, app, record):
    body = {"app": app} if record == "absent" else {"app": app, "record": record}
    assert kintone.ok("POST", "record.json", body) == {"id": "1", "revision": "1"}


@pytest.mark.parametrize(
    "ignored",
    [
        {"unknown": {"value": 1}},
        {"$id": {"value": "9"}},
        {"$revision": {"value": "9"}},
        {"name": {"type": "NUMBER", "value": "x"}},
    ],
)
def test_fields_that_cannot_be_written_are_ignored(kintone, app, ignored):
    body = {"app": app, "record": ignored}
    assert kintone.ok("POST", "record.json", body)["id"] == "1"
    kintone.ok("PUT", "record.json", {**body, "id": 1})
    read = kintone.read(app, 1)
    assert (read["$id"], read["$revision"], read["Record_number"]) == ("1", "2", "1")


# Adding


def test_records_are_added_in_order(kintone, app):
    body = {"app": app, "records": [cells({"name": name}) for name in "abc"]}
    assert kintone.ok("POST", "records.json", body) == {
        "ids": ["1", "2", "3"],
        "revisions": ["1", "1", "1"],
    }
    assert [kintone.read(app, number)["name"] for number in (1, 2, 3)] == ["a", "b", "c"]


def test_no_records_are_added_quietly(kintone, app):
    answer = kintone.ok("POST", "records.json", {"app": app, "records": []})
    assert answer == {"ids": [], "revisions": []}


def test_one_wrong_record_refuses_all_with_every_problem(kintone, app):
    kintone.add(app, name="taken")
    records = [cells({"name": "new"}), cells({"name": "taken", "qty": "101"}), cells({"qty": "x"})]
    assert kintone.messages("POST", "records.json", {"app": app, "records": records}) == {
        "records[1].qty.value": ["The value must be 100 or less."],
        "records[1].name.value": ["This value already exists in another record."],
        "records[2][qty].value": ["Only numbers are allowed."],
    }
    assert kintone.find(app) == [1]


def test_a_duplicate_within_one_request_is_refused(kintone, app):
    records = [cells({"name": "x"}), cells({"name": "x"})]
    assert kintone.messages("POST", "records.json", {"app": app, "records": records}) == {
        "records[1].name.value": ["This value already exists in another record."]
    }


@pytest.mark.parametrize(
    ("definition", "first", "same"),
    [
        ({"type": "NUMBER"}, "1.50", "1.5"),
        ({"type": "LINK"}, "https://example.com/", "https://example.com/"),
        ({"type": "DATE"}, "2024-02-01", "2024-2"),
        ({"type": "DATETIME"}, "2024-02-06T00:00:00Z", "2024-02-06T09:00:30+09:00"),
    ],
)
def test_unique_values_are_compared_by_their_meaning(kintone, definition, first, same):
    app = kintone.new_app({"key": {**definition, "unique": True}})
    kintone.add(app, key=first)
    body = {"app": app, "record": cells({"key": same})}
    assert kintone.messages("POST", "record.json", body) == {
        "record.key.value": ["This value already exists in another record."]
    }


def test_blanks_never_collide(kintone, app):
    assert [kintone.add(app), kintone.add(app, name="")] == [1, 2]


def test_a_deleted_or_changed_value_is_free_again(kintone, app):
    first = kintone.add(app, name="x")
    second = kintone.add(app, name="y")
    kintone.put(app, second, name="z")
    kintone.ok("DELETE", "records.json", {"app": app, "ids": [first]})
    assert [kintone.add(app, name="x"), kintone.add(app, name="y")] == [3, 4]


def test_ids_are_not_used_again(kintone, app):
    kintone.add(app)
    kintone.ok("DELETE", "records.json", {"app": app, "ids": [1]})
    assert kintone.add(app) == 2


WHO_AND_WHEN = {
    "Created_by": {"code": "kato"},
    "Updated_by": {"code": "kato"},
    "Created_datetime": "2020-01-01T00:00:30Z",
    "Updated_datetime": "2021-01-01T00:00:00+09:00",
}


def test_a_user_who_manages_the_app_may_set_creator_and_time(kintone, app):
    read = kintone.read(app, kintone.add(app, **WHO_AND_WHEN))
    assert {code: read[code] for code in WHO_AND_WHEN} == {
        "Created_by": {"code": "kato", "name": "kato"},
        "Updated_by": {"code": "kato", "name": "kato"},
        "Created_datetime": "2020-01-01T00:00:00Z",
        "Updated_datetime": "2020-12-31T15:00:00Z",
    }


@pytest.mark.parametrize("code", WHO_AND_WHEN)
def test_other_users_may_not_set_creator_and_time(kintone, emulator, caller, app, code):
    token = emulator.add_api_token(app, permissions=["add"])
    body = {"app": app, "record": cells({code: WHO_AND_WHEN[code]})}
    assert caller(X_Cybozu_API_Token=token).error("POST", "record.json", body) == (
        403,
        "GAIA_BF02",
        (
            f'App permissions are required to add records with specifying a value in the "{code}" '
            "field."
        ),
    )


@pytest.mark.parametrize(
    ("code", "value", "message"),
    [
        ("Created_by", "kato", 'must be an object with "code".'),
        ("Created_datetime", "2024-02-06T13:00:00Z", "A time in the future cannot be specified."),
    ],
)
def test_creator_and_time_are_checked(kintone, app, code, value, message):
    body = {"app": app, "record": cells({code: value})}
    path = f"record.{code}.value"
    assert kintone.messages("POST", "record.json", body) == {path: [message]}


# Updating


def test_an_update_changes_the_sent_fields_modifier_and_time(kintone, caller, clock, app):
    number = kintone.add(app, name="x", qty="1", tags=["a"])
    clock.move(hours=1)
    kato = caller(X_Cybozu_Authorization="a2F0bzpvdGhlcg==")  # kato:other
    assert kato.put(app, number, qty="2") == 2
    read = kato.read(app, number)
    assert (read["name"], read["qty"], read["tags"]) == ("x", "2", ["a"])
    assert read["Created_by"]["code"] == "sato"
    assert read["Updated_by"]["code"] == "kato"
    assert read["Created_datetime"] == "2024-02-06T12:59:00Z"
    assert read["Updated_datetime"] == "2024-02-06T13:59:00Z"


def test_an_update_without_changes_raises_the_revision(kintone, app):
    number = kintone.add(app, name="x")
    assert kintone.ok("PUT", "record.json", {"app": app, "id": number}) == {"revision": "2"}
    assert kintone.put(app, number, name="x") == 3


@pytest.mark.parametrize("revision", [1, "1", -1, None])
def test_the_current_revision_or_none_is_accepted(kintone, app, revision):
    number = kintone.add(app)
    body = {"app": app, "id": number, "revision": revision}
    assert kintone.ok("PUT", "record.json", body) == {"revision": "2"}


STALE = (409, "GAIA_CO02", "The revision is not the latest. Someone may update a record.")


@pytest.mark.parametrize("revision", [0, 1, 3, "1"])
def test_another_revision_is_refused(kintone, app, revision):
    number = kintone.add(app)
    kintone.put(app, number, name="x")
    body = {"app": app, "id": number, "revision": revision, "record": cells({"name": "y"})}
    assert kintone.error("PUT", "record.json", body) == STALE
    assert kintone.read(app, number)["name"] == "x"


def test_a_revision_below_minus_one_is_refused(kintone, app):
    body = {"app": app, "id": kintone.add(app), "revision": -2}
    assert kintone.messages("PUT", "record.json", body) == {
        "revision": ["must be greater than or equal to -1"]
    }


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("Created_by", "CREATOR"),
        ("Created_datetime", "CREATED_AT"),
        ("Updated_by", "MODIFIER"),
        ("Updated_datetime", "MODIFIED_AT"),
        ("Status", "STATUS"),
        ("Assignee", "STATUS_ASSIGNEE"),
        ("Record_number", "RECORD_ID"),
        ("group", "GROUP"),
    ],
)
def test_some_fields_cannot_be_updated(kintone, code, name):
    """Measured: monosashi, 2026-08-29 (fact sheet "fields", section 2)."""
    app = kintone.new_app({"group": {"type": "GROUP"}})
    body = {"app": app, "id": kintone.add(app), "record": cells({code: "x"})}
    assert kintone.error("PUT", "record.json", body) == (
        400,
        "GAIA_UN10",
        f"Cannot update field whose type is {name}.",
    )


def test_categories_cannot_be_written(kintone, app):
    """Measured: monosashi, 2026-08-29."""
    for method, where in [("POST", {}), ("PUT", {"id": kintone.add(app)})]:
        body = {"app": app, "record": {"Categories": {"value": []}}, **where}
        assert kintone.error(method, "record.json", body)[:2] == (400, "GA_UO01")


def test_a_status_cannot_be_given_to_a_new_record(kintone, app):
    body = {"app": app, "record": cells({"Status": "Done"})}
    assert kintone.error("POST", "record.json", body)[1] == "GAIA_UN10"


def test_a_field_that_became_required_blocks_updates_without_it(kintone, app):
    number = kintone.add(app, name="x")
    change = {"app": app, "properties": {"qty": {"required": True}}}
    kintone.ok("PUT", "preview/app/form/fields.json", change)
    assert kintone.deploy(app) == "SUCCESS"
    body = {"app": app, "id": number, "record": cells({"name": "y"})}
    assert kintone.messages("PUT", "record.json", body) == {"record.qty.value": ["Required."]}
    assert kintone.put(app, number, name="y", qty="1") == 2


def test_an_update_key_names_the_record(kintone, app):
    number = kintone.add(app, name="x")
    body = {"app": app, "updateKey": {"field": "name", "value": "x"}, "record": cells({"qty": "5"})}
    assert kintone.ok("PUT", "record.json", body) == {"revision": "2"}
    assert kintone.read(app, number)["qty"] == "5"


@pytest.mark.parametrize("value", [5, "5", "5.0", "0.5e1"])
def test_a_number_as_update_key_may_be_spelled_in_any_way(kintone, value):
    app = kintone.new_app({"key": {"type": "NUMBER", "unique": True}})
    kintone.add(app, key="5")
    body = {"app": app, "updateKey": {"field": "key", "value": value}}
    assert kintone.ok("PUT", "record.json", body) == {"revision": "2"}


NO_SUCH_UPDATE = 'The value of the field set as "updateKey" cannot be updated.'


@pytest.mark.parametrize("value", ["x", "y", "new"])
@pytest.mark.parametrize("upsert", [False, True])
def test_the_field_of_an_update_key_cannot_be_in_the_record(kintone, app, value, upsert):
    """Measured: kSQL, 2026-08-25 (fact sheet "endpoints", section 5)."""
    kintone.add(app, name="x")
    key = {"updateKey": {"field": "name", "value": "x"}, "record": cells({"name": value})}
    many = {"app": app, "records": [key], "upsert": upsert}
    assert kintone.messages("PUT", "records.json", many) == {
        "records[0].record[name]": [NO_SUCH_UPDATE]
    }
    assert kintone.messages("PUT", "record.json", {"app": app, **key}) == {
        "record[name]": [NO_SUCH_UPDATE]
    }


def test_an_update_key_is_not_blank(kintone, app):
    """Measured: kSQL, 2026-08-25."""
    body = {"app": app, "records": [{"updateKey": {"field": "name", "value": ""}}]}
    assert kintone.messages("PUT", "records.json", body) == {
        "records[0].updateKey.value": ["Required field."]
    }


@pytest.mark.parametrize("kind", ["LINK", "DATE", "DATETIME"])
def test_an_update_key_is_a_text_or_a_number(kintone, kind):
    """kintone REST API, "Update Record", 2025: no other field without duplicates."""
    app = kintone.new_app({"key": {"type": kind, "unique": True}})
    body = {"app": app, "updateKey": {"field": "key", "value": "2024-02-06"}}
    assert kintone.error("PUT", "record.json", body)[:2] == (400, "GAIA_IQ27")


@pytest.mark.parametrize("upsert", [False, True])
def test_an_update_key_comes_once_in_a_request(kintone, upsert):
    """Measured: kSQL, 2026-08-25; two spellings of one number are one key."""
    app = kintone.new_app({"key": {"type": "NUMBER", "unique": True}})
    kintone.add(app, key="5")
    for first, second in [("5", "5.0"), (5, "5"), ("7", "7")]:
        records = [
            {"updateKey": {"field": "key", "value": spelling}} for spelling in (first, second)
        ]
        body = {"app": app, "records": records, "upsert": upsert}
        known = upsert or first != "7"
        assert kintone.error("PUT", "records.json", body)[:2] == (
            400,
            "GAIA_IQ28" if known else "GAIA_RE20",
        )
    assert kintone.read(app, 1)["$revision"] == "1"


@pytest.mark.parametrize(
    ("field", "value", "error"),
    [
        (
            "name",
            "nobody",
            (
                400,
                "GAIA_RE20",
                'No records match the conditions specified in the "updateKey" field.',
            ),
        ),
        (
            "qty",
            "1",
            (
                400,
                "GAIA_IQ27",
                (
                    'Failed to update record. The field (code: qty) set as "updateKey" must be '
                    'set to "Prohibit duplicate values".'
                ),
            ),
        ),
        ("nothing", "1", (400, "GAIA_IQ11", "Specified field (nothing) not found.")),
    ],
)
def test_an_update_key_must_name_one_record(kintone, app, field, value, error):
    body = {"app": app, "updateKey": {"field": field, "value": value}}
    assert kintone.error("PUT", "record.json", body) == error
    batch = {"app": app, "records": [{"updateKey": {"field": field, "value": value}}]}
    assert kintone.error("PUT", "records.json", batch) == error


@pytest.mark.parametrize(
    ("target", "errors"),
    [
        ({}, {"id": ["Required field."]}),
        (
            {"id": 1, "updateKey": {"field": "name", "value": "x"}},
            {"updateKey": ["Specify either id or updateKey, not both."]},
        ),
        (
            {"updateKey": {}},
            {"updateKey.field": ["Required field."], "updateKey.value": ["Required field."]},
        ),
        (
            {"updateKey": {"field": "name", "value": "x" * 65}},
            {"updateKey.value": ["Enter less than 65 characters."]},
        ),
    ],
)
def test_an_update_names_its_record_in_one_way(kintone, app, target, errors):
    assert kintone.messages("PUT", "record.json", {"app": app, **target}) == errors
    batch = {"app": app, "records": [target]}
    assert kintone.messages("PUT", "records.json", batch) == {
        f"records[0].{path}": messages for path, messages in errors.items()
    }


def test_records_are_updated_by_id_and_by_key_at_once(kintone, app):
    kintone.add(app, name="x")
    kintone.add(app, name="y")
    body = {
        "app": app,
        "records": [
            {"updateKey": {"field": "name", "value": "y"}, "record": cells({"qty": "2"})},
            {"id": "1", "revision": "1", "record": cells({"qty": "1"})},
        ],
    }
    assert kintone.ok("PUT", "records.json", body) == {
        "records": [{"id": "2", "revision": "2"}, {"id": "1", "revision": "2"}]
    }


def test_one_conflict_undoes_all_updates(kintone, app):
    kintone.add(app, name="x")
    kintone.add(app, name="y")
    records = [{"id": 1, "record": cells({"name": "z"})}, {"id": 2, "revision": 5}]
    assert kintone.error("PUT", "records.json", {"app": app, "records": records}) == STALE
    assert kintone.find(app, 'name = "x"') == [1]


def test_problems_of_updates_have_their_position(kintone, app):
    kintone.add(app)
    records = [{"id": 1, "record": cells({"qty": "101"})}]
    assert kintone.messages("PUT", "records.json", {"app": app, "records": records}) == {
        "records[0].qty.value": ["The value must be 100 or less."]
    }


def test_a_record_named_twice_is_refused(kintone, app):
    kintone.add(app, name="x")
    records = [{"id": 1}, {"updateKey": {"field": "name", "value": "x"}}]
    assert kintone.messages("PUT", "records.json", {"app": app, "records": records}) == {
        "records[1]": ["The same record is specified twice."]
    }


# Upserting


def test_an_upsert_updates_existing_records_and_adds_missing_ones(kintone, app):
    kintone.add(app, name="x")
    body = {
        "app": app,
        "upsert": True,
        "records": [
            {"updateKey": {"field": "name", "value": "x"}, "record": cells({"qty": "1"})},
            {"updateKey": {"field": "name", "value": "y"}, "record": cells({"qty": "2"})},
            {"id": 99, "record": cells({"qty": "3"})},
        ],
    }
    assert kintone.ok("PUT", "records.json", body) == {
        "records": [
            {"id": "1", "revision": "2", "operation": "UPDATE"},
            {"id": "2", "revision": "1", "operation": "INSERT"},
            {"id": "3", "revision": "1", "operation": "INSERT"},
        ]
    }
    read = kintone.read(app, 2)
    assert (read["name"], read["qty"]) == ("y", "2")


def test_a_numbers_key_is_given_to_the_record_that_an_upsert_adds(kintone):
    app = kintone.new_app({"key": {"type": "NUMBER", "unique": True}})
    records = [{"updateKey": {"field": "key", "value": 5}}]
    kintone.ok("PUT", "records.json", {"app": app, "upsert": True, "records": records})
    assert kintone.read(app, 1)["key"] == "5"


def test_two_upserts_of_one_new_key_are_refused(kintone, app):
    """Measured: kSQL, 2026-08-25."""
    records = [{"updateKey": {"field": "name", "value": "x"}}] * 2
    body = {"app": app, "upsert": True, "records": records}
    assert kintone.error("PUT", "records.json", body)[:2] == (400, "GAIA_IQ28")
    assert kintone.find(app) == []


# Deleting


def test_records_are_deleted(kintone, app):
    for _ in range(3):
        kintone.add(app)
    body = {"app": app, "ids": [1, "3"], "revisions": [1]}
    assert kintone.ok("DELETE", "records.json", body) == {}
    assert kintone.find(app) == [2]


def test_a_revision_that_is_left_blank_is_not_compared(kintone, app):
    for _ in range(3):
        kintone.add(app)
    body = {"app": app, "ids": [1, 2, 3], "revisions": [None, "", 2]}
    assert kintone.error("DELETE", "records.json", body) == STALE
    kintone.ok("DELETE", "records.json", {**body, "revisions": [None, "", 1]})
    assert kintone.find(app) == []


def test_one_stale_revision_undoes_all_deletions(kintone, app):
    kintone.add(app)
    kintone.add(app)
    body = {"app": app, "ids": [1, 2], "revisions": [-1, 2]}
    assert kintone.error("DELETE", "records.json", body) == STALE
    assert kintone.find(app) == [2, 1]


@pytest.mark.parametrize(
    ("parameters", "errors"),
    [
        ({"ids": [1, 1]}, {"ids": ["The same record is specified twice."]}),
        ({"ids": [1], "revisions": [1, 1]}, {"revisions": ["There are more revisions than ids."]}),
        ({"ids": [0]}, {"ids[0]": ["must be greater than or equal to 1"]}),
    ],
)
def test_ids_to_delete_are_checked(kintone, app, parameters, errors):
    assert kintone.messages("DELETE", "records.json", {"app": app, **parameters}) == errors


BETWEEN = "Between 1 and 100 records can be deleted at one time."


@pytest.mark.parametrize(
    ("method", "path", "parameters", "errors"),
    [
        ("GET", "record.json", {}, {"app": ["Required field."], "id": ["Required field."]}),
        (
            "POST",
            "records.json",
            {"app": 1, "records": [{}] * 101},
            {"records": ["A maximum of 100 records can be added at one time."]},
        ),
        (
            "PUT",
            "records.json",
            {"app": 1, "records": [{"id": 1}] * 101},
            {"records": ["A maximum of 100 records can be updated at one time."]},
        ),
        ("DELETE", "records.json", {"app": 1, "ids": list(range(1, 102))}, {"ids": [BETWEEN]}),
        ("DELETE", "records.json", {"app": 1, "ids": []}, {"ids": ["Required field.", BETWEEN]}),
        ("DELETE", "records.json", {"app": 1}, {"ids": ["Required field.", BETWEEN]}),
        (
            "DELETE",
            "records.json",
            {"app": 1, "ids": [1], "revisions": [1] * 101},
            {"revisions": ["size must be between 0 and 100"]},
        ),
        (
            "GET",
            "records.json",
            {"app": 1, "fields": ["a"] * 1001},
            {"fields": ["size must be between 0 and 1000"]},
        ),
    ],
)
def test_the_size_of_a_request_is_limited(kintone, method, path, parameters, errors):
    assert kintone.messages(method, path, parameters) == errors


def test_a_hundred_records_and_a_thousand_fields_are_fine(kintone, app):
    kintone.ok("POST", "records.json", {"app": app, "records": [{}] * 100})
    updates = [{"id": number} for number in range(1, 101)]
    kintone.ok("PUT", "records.json", {"app": app, "records": updates})
    kintone.ok("GET", "records.json", {"app": app, "fields": ["x"] * 1000})
    ids = list(range(1, 101))
    kintone.ok("DELETE", "records.json", {"app": app, "ids": ids, "revisions": [2] * 100})
    assert kintone.find(app) == []
