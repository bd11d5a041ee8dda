"""Users, organizations and groups as values and as defaults."""

from __future__ import annotations

import pytest
from support.plain_kintone import password

USERS = {"type": "USER_SELECT"}
SATO = {"code": "sato", "name": "sato"}
KATO = {"code": "kato", "name": "kato"}


@pytest.mark.parametrize(
    ("definition", "sent", "read"),
    [
        (USERS, [{"code": "kato"}, {"code": "sato", "name": "ignored"}], [KATO, SATO]),
        (USERS, [{"code": "kato"}, {"code": "kato"}], [KATO]),
        (USERS, [], []),
        ({"type": "ORGANIZATION_SELECT"}, [{"code": "dev"}], [{"code": "dev", "name": "開発"}]),
        ({"type": "GROUP_SELECT"}, [{"code": "staff"}], [{"code": "staff", "name": "staff"}]),
    ],
)
def test_a_value_is_read_back_in_kintones_form(read_back, definition, sent, read):
    assert read_back(definition, sent) == [read, read]


@pytest.mark.parametrize(
    ("definition", "sent"),
    [
        (USERS, "sato"),
        (USERS, ["sato"]),
        (USERS, {"code": "sato"}),
    ],
)
def test_a_value_of_another_type_is_invalid_json(refused_shape, definition, sent):
    assert refused_shape(definition, sent)


@pytest.mark.parametrize(
    ("definition", "path"),
    [
        (USERS, "record.field.values.value"),
        ({"type": "ORGANIZATION_SELECT"}, "record.field.values.value"),
        ({"type": "GROUP_SELECT"}, "record.field.values.value"),
    ],
)
def test_a_required_field_must_hold_something(kintone, definition, path):
    app = kintone.new_app({"field": {**definition, "required": True}})
    for record in ({}, {"field": {}}, {"field": {"value": None}}):
        body = {"app": app, "record": record}
        assert kintone.messages("POST", "record.json", body) == {path: ["Required."]}


@pytest.mark.parametrize(
    ("definition", "read"),
    [
        ({**USERS, "defaultValue": [{"code": "LOGINUSER()", "type": "FUNCTION"}]}, [SATO]),
        ({**USERS, "defaultValue": [{"code": "kato", "type": "USER"}]}, [KATO]),
    ],
)
def test_a_default_fills_a_field_that_a_new_record_lacks(default_of, definition, read):
    assert default_of(definition) == read


@pytest.mark.parametrize(
    ("kind", "code", "word"),
    [
        ("USER_SELECT", "GAIA_IL26", "user"),
        ("GROUP_SELECT", "GAIA_IL27", "group"),
        ("ORGANIZATION_SELECT", "GAIA_IL28", "organization"),
    ],
)
def test_an_unknown_entity_is_an_error_without_a_path(kintone, kind, code, word):
    app = kintone.new_app({"field": {"type": kind}})
    body = {"app": app, "record": {"field": {"value": [{"code": "nobody"}]}}}
    assert kintone.error("POST", "record.json", body) == (
        400,
        code,
        f"The specified {word} (code：nobody) not found.",
    )


@pytest.mark.parametrize(
    ("kind", "entity", "chosen"),
    [
        ("ORGANIZATION_SELECT", ("PRIMARY_ORGANIZATION()", "FUNCTION"), ["sales"]),
        ("ORGANIZATION_SELECT", ("sales", "ORGANIZATION"), ["sales"]),
        ("GROUP_SELECT", ("everyone", "GROUP"), ["everyone"]),
        ("USER_SELECT", ("LOGINUSER()", "FUNCTION"), ["tanaka"]),
        ("USER_SELECT", ("everyone", "GROUP"), []),
        ("USER_SELECT", ("sales", "ORGANIZATION"), []),
    ],
)
def test_people_and_functions_may_be_a_default(kintone, emulator, caller, kind, entity, chosen):
    emulator.add_organization("sales")
    emulator.add_user("tanaka", "x", organization="sales")
    code, kind_of_entity = entity
    preset = [{"code": code, "type": kind_of_entity}]
    app = kintone.new_app({"field": {"type": kind, "defaultValue": preset}})
    tanaka = caller(**password("tanaka", "x"))
    default = tanaka.read(app, tanaka.add(app))["field"]
    assert [entry["code"] for entry in default] == chosen


def test_the_default_of_a_caller_without_primary_organization_is_blank(kintone):
    preset = [{"code": "PRIMARY_ORGANIZATION()", "type": "FUNCTION"}]
    app = kintone.new_app({"field": {"type": "ORGANIZATION_SELECT", "defaultValue": preset}})
    assert kintone.read(app, kintone.add(app))["field"] == []
