"""The ids and tokens that an emulator got from a domain file."""

from __future__ import annotations

from contextlib import closing

from support.domain_files import app, shop
from support.plain_kintone import Kintone


def test_ids_and_tokens_can_be_fixed(load):
    file = shop(
        groups={"sales": {"id": 9}, "boss": {}},
        spaces={"any": {}, "crm": {"id": 4}},
        apps={"first": {}, "fixed": {"id": 1, "tokens": {"ci": {"token": "my-own"}}}},
    )
    made = load(file).made
    assert made.apps == {"first": 2, "fixed": 1}
    assert made.groups == {"sales": 9, "boss": 10}
    assert {key: space.id for key, space in made.spaces.items()} == {"any": 5, "crm": 4}
    assert made.tokens == {"fixed": {"ci": "my-own"}}


def test_tokens_are_not_in_the_repr(load):
    emulator = load(app(tokens={"ci": {"token": "my-own"}}))
    assert "my-own" not in repr(emulator.made)


def test_a_copy_has_the_same_ids_and_tokens(load):
    emulator = load(app(tokens={"ci": {"token": "my-own"}}))
    with closing(emulator.copy()) as twin:
        assert twin.made == emulator.made
        assert twin.has_fixed_tokens
        assert Kintone(twin, {"X-Cybozu-API-Token": "my-own"}).find(1) == []
