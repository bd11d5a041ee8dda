"""The people of a domain file, and the sources of their passwords."""

from __future__ import annotations

import pytest
from support.plain_kintone import Kintone, password

from kintone_orm.emulator import DomainFileError

USERS = {
    "sato": {
        "password": {"env": "SATO_PASSWORD"},
        "name": "佐藤",
        "organization": "tokyo",
        "groups": ["sales", "everyone"],
        "timezone": "Asia/Tokyo",
    },
    "kato": {},
}
FILE = {
    "users": USERS,
    "groups": {"sales": {"name": "Sales"}},
    "organizations": {"tokyo": {"name": "東京", "parent": "japan"}, "japan": {}},
    "apps": {"notes": {"records": [{"Created_by": {"code": "sato"}}]}},
}


def test_a_password_comes_from_the_environment(load):
    emulator = load(FILE, environ={"SATO_PASSWORD": "from outside"})
    assert emulator.credentials == ("sato", "from outside")
    caller = Kintone(emulator, password("sato", "from outside"))
    assert caller.read(1, 1)["Created_by"] == {"code": "sato", "name": "佐藤"}


def test_a_variable_that_is_not_set_is_named(load):
    with pytest.raises(DomainFileError) as refusal:
        load(FILE, environ={"SATO_PASSWROD": "x"})
    (problem,) = refusal.value.problems
    assert problem.endswith(
        "line 1: users.sato.password.env: The environment variable SATO_PASSWORD is not set "
        'or is empty. Did you mean "SATO_PASSWROD"?'
    )


def test_a_user_without_a_password_exists_and_cannot_sign_in(load):
    emulator = load(FILE, environ={"SATO_PASSWORD": "x"})
    assert Kintone(emulator, password("kato", "")).error("GET", "apps.json")[1] == "CB_WA01"


def test_the_administrator_has_a_password_if_nobody_else_has_one(load):
    emulator = load({"users": {"kato": {}}})
    name, secret = emulator.credentials
    assert name == "Administrator"
    assert Kintone(emulator, password(name, secret)).ok("GET", "apps.json") == {"apps": []}


def test_a_password_can_be_given_besides_the_file(load):
    emulator = load({"users": {"sato": {}, "kato": {"name": "加藤"}}}, users={"kato": "given"})
    assert emulator.credentials == ("kato", "given")
    assert emulator._domain.directory.users["kato"].name == "加藤"


def test_groups_and_organizations_have_their_members(load):
    directory = load(FILE, environ={"SATO_PASSWORD": "x"})._domain.directory
    sato = directory.users["sato"]
    assert directory.belongs(sato, "GROUP", "sales")
    assert directory.belongs(sato, "ORGANIZATION", "japan", include_subs=True)
    assert directory.name("ORGANIZATION", "tokyo") == "東京"
