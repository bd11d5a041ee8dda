from __future__ import annotations

from dataclasses import replace

import pytest

from kintone_orm.emulator.store.people import Directory, User


@pytest.fixture
def directory():
    """Sato works in Tokyo, which is a part of Japan; Kato works nowhere and cannot sign in."""
    directory = Directory()
    directory.organizations.update(japan="Japan", tokyo="Tokyo")
    directory.parents["tokyo"] = "japan"
    directory.add_group("staff", "Staff")
    directory.users["sato"] = User(
        "sato", "Sato", "secret", organizations=frozenset({"tokyo"}), groups=frozenset({"staff"})
    )
    directory.users["kato"] = User("kato", "Kato")
    return directory


@pytest.mark.parametrize(
    ("kind", "code", "name"),
    [
        ("USER", "sato", "Sato"),
        ("ORGANIZATION", "tokyo", "Tokyo"),
        ("GROUP", "staff", "Staff"),
        ("GROUP", "everyone", "Everyone"),
        ("USER", "tokyo", None),
    ],
)
def test_a_code_has_a_name_of_its_kind(directory, kind, code, name):
    assert directory.name(kind, code) == name
    assert directory.knows(kind, code) is (name is not None)


def test_a_member_of_an_organization_is_in_those_above_it_if_asked(directory):
    sato = directory.users["sato"]
    assert directory.belongs(sato, "ORGANIZATION", "tokyo")
    assert not directory.belongs(sato, "ORGANIZATION", "japan")
    assert directory.belongs(sato, "ORGANIZATION", "japan", include_subs=True)


def test_organizations_that_are_above_each_other_come_to_an_end(directory):
    directory.parents["japan"] = "tokyo"
    assert directory.belongs(directory.users["sato"], "ORGANIZATION", "japan", include_subs=True)


def test_everybody_who_can_sign_in_is_a_member_of_everyone(directory):
    directory.admit({"Administrator": "x"})
    members = [user.code for user in directory.members("GROUP", "everyone")]
    assert members == ["Administrator", "sato"]


def test_a_user_who_cannot_sign_in_can_be_chosen(directory):
    assert [user.code for user in directory.members("USER", "kato")] == ["kato"]


def test_where_nobody_may_sign_in_the_administrator_may(directory):
    directory.users["sato"] = replace(directory.users["sato"], password=None)
    assert directory.admit({}) is directory.administrator
    assert len(directory.administrator.password) >= 16


def test_a_guest_is_not_among_those_who_may_sign_in(directory):
    directory.users["guest"] = User("guest", "Guest", "x", guest_of=frozenset({1}))
    assert directory.codes_with_password() == ["sato"]


def test_groups_are_numbered_and_a_number_is_given_once(directory):
    assert directory.add_group("boss", "Boss", 9) == 9
    assert directory.add_group("new", "New") == 10
    assert directory.add_group("staff", "Renamed") == 1
    with pytest.raises(ValueError, match="already a group 9"):
        directory.add_group("other", "Other", 9)


def test_a_password_is_not_in_the_repr(directory):
    assert "secret" not in repr(directory.users["sato"])
