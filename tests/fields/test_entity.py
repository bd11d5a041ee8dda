from __future__ import annotations

import dataclasses
import pickle

import pytest

from kintone_orm.fields import User


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
