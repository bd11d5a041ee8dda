from __future__ import annotations

import pytest

from kintone_orm.emulator.settings.tokens import add_token


@pytest.fixture
def add(emulator, kintone):
    """Adds a token of an app."""
    app = kintone.new_app({})

    def add(permissions=("view",), token=None, *, app=app):
        return add_token(emulator._domain, app, permissions, token)

    return add


def test_a_token_is_made_at_random(add):
    one, other = add(), add()
    assert one != other
    assert len(one) == 40


def test_a_token_can_be_chosen(add):
    assert add(token="my-own") == "my-own"


@pytest.mark.parametrize("token", ["", "a,b", "a b", "x" * 129, "東京"])
def test_a_token_that_no_header_carries_is_refused_and_not_repeated(add, token):
    with pytest.raises(ValueError, match="1 to 128") as refused:
        add(token=token)
    assert not token or token not in str(refused.value)


def test_a_token_is_given_once(add):
    add(token="my-own")
    with pytest.raises(ValueError, match="already exists"):
        add(token="my-own")


def test_an_unknown_right_is_refused_with_those_that_exist(add):
    with pytest.raises(ValueError, match="'read'. Use view"):
        add(["read"])


def test_an_unknown_app_is_refused(add):
    with pytest.raises(ValueError, match="no app 99"):
        add(app=99)


def test_an_app_has_twenty_tokens(add):
    for _ in range(20):
        add()
    with pytest.raises(ValueError, match="20 tokens"):
        add()
