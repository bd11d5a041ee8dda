from __future__ import annotations

import dataclasses
import pickle

import pytest

from kintone_orm import Model, fields
from kintone_orm.exceptions import FieldError
from kintone_orm.fields import Group, Organization, User
from kintone_orm.fields.entity import SHARED
from kintone_orm.testing import assert_requests


def test_users_of_one_code_are_equal():
    assert User("alice", "Alice") == User("alice", "Alice B.")
    assert {User("alice", "Alice"), User("alice")} == {User("alice")}
    assert User("alice") != User("bob")


@pytest.mark.parametrize(
    ("user", "text"), [(User("alice", "Alice"), "Alice"), (User("bob"), "bob")]
)
def test_a_user_shows_the_name_or_else_the_code(user, text):
    assert str(user) == text


def test_a_user_cannot_be_changed():
    with pytest.raises(dataclasses.FrozenInstanceError):
        User("alice").code = "bob"


def test_a_pickle_keeps_the_name():
    assert pickle.loads(pickle.dumps(User("alice", "Alice"))).name == "Alice"


class Task(Model):
    owners = fields.UserSelectField()
    departments = fields.OrganizationSelectField()
    roles = fields.GroupSelectField()


FIELDS = {"owners": User, "departments": Organization, "roles": Group}


@pytest.mark.parametrize("kind", FIELDS.values())
def test_entities_are_equal_by_code_and_kind_alone(kind):
    assert kind("a", "Alice") == kind("a") != kind("b")
    assert hash(kind("a", "Alice")) == hash(kind("a"))
    assert [other("a") == kind("a") for other in FIELDS.values()].count(True) == 1
    assert (str(kind("a", "Alice")), str(kind("a"))) == ("Alice", "a")


@pytest.mark.parametrize(("name", "kind"), FIELDS.items())
def test_values_and_codes_are_taken(name, kind):
    task = Task()
    assert getattr(task, name) == []
    setattr(task, name, (kind("a", "Alice"), "b"))
    assert getattr(task, name) == [kind("a"), kind("b")]
    setattr(task, name, None)
    assert getattr(task, name) == []


@pytest.mark.parametrize(("name", "kind"), FIELDS.items())
@pytest.mark.parametrize("value", ["a", 5, [5], [""], [None]])
def test_what_is_no_list_of_them_is_refused(name, kind, value):
    with pytest.raises(FieldError, match=rf"Task\.{name} takes .*{kind.__name__}"):
        setattr(Task(), name, value)


@pytest.mark.parametrize(("name", "kind"), FIELDS.items())
def test_only_codes_are_sent(name, kind):
    field = Task._meta.get_field(name)
    assert field.to_api([kind("a", "Alice")]) == [{"code": "a"}]
    assert field.to_python([{"code": "a", "name": "Alice"}]) == [kind("a")]


def test_the_order_counts_and_nobody_is_chosen_twice():
    assert Task.owners.all_problems([User("a"), User("b")]) == []
    assert Task.owners.all_problems([User("a"), User("a")]) == ["'a' is in the list twice."]
    assert Task.owners.all_problems([User("a"), "b"]) == ["'b' is not a User."]  # type: ignore[list-item]


def test_a_code_learns_its_name_after_the_save(kintone):
    kintone.emulator.add_user("alice", "secret", name="Alice")
    task = Task(owners=["alice"])
    task.save()
    with assert_requests(1):
        assert task.owners[0].name == "Alice"
    task.owners.append(User("Administrator", "Administrator"))
    task.save()
    assert "owners" not in task.get_deferred_fields()
    assert [user.code for user in Task.objects.get().owners] == ["alice", "Administrator"]


def test_records_share_the_entities_that_are_read():
    make = SHARED[User]
    assert make("alice", "Alice") is make("alice", "Alice")


def test_a_new_name_makes_a_new_entity():
    make = SHARED[User]
    assert make("alice", "Alice A.").name == "Alice A."
    assert make("alice", "Alice B.").name == "Alice B."


def test_classes_share_nothing():
    assert type(SHARED[User]("sales", "Sales")) is User
    assert type(SHARED[Group]("sales", "Sales")) is Group


def test_codes_that_are_no_texts_are_not_taken_for_each_other():
    make = SHARED[User]
    assert [make(code, "").code for code in (True, 1, 1.0)] == [True, 1, 1.0]
    assert [type(make(code, "").code) for code in (1.0, 1, True)] == [float, int, bool]
