"""Secrets: texts that no output shows by accident."""

from __future__ import annotations

import copy
import pickle
import pprint
import reprlib
from base64 import b64decode
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
from _pytest._io.saferepr import saferepr
from hypothesis import given
from hypothesis import strategies as st

from kintone_orm.http.secrets import MASK, Secret, encode_login, hide, join_tokens, type_of_hidden

if TYPE_CHECKING:
    from collections.abc import Callable

TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
SHOWN: list[Callable[[object], str]] = [
    repr,
    ascii,
    "{!r}".format,
    "{0}".format,
    pprint.pformat,
    reprlib.repr,
    saferepr,
]


@given(TEXTS)
def test_a_secret_is_its_text_in_all_but_the_repr(text: str) -> None:
    secret = Secret(text)
    assert secret == text
    assert hash(secret) == hash(text)
    assert str(secret) == text
    assert repr(secret) == MASK


@pytest.mark.parametrize("shown", SHOWN)
@pytest.mark.parametrize(
    "within",
    [lambda s: [s], lambda s: (s, 1), lambda s: {"key": s}, lambda s: {s}, lambda s: [{"a": (s,)}]],
)
def test_what_is_shown_of_a_collection_depends_on_no_secret_in_it(
    shown: Callable[[object], str], within: Callable[[str], object]
) -> None:
    assert shown(within(Secret("one"))) == shown(within(Secret("a second")))
    assert MASK in shown(within(Secret("one")))


@given(TEXTS)
def test_a_copy_is_the_secret_itself(text: str) -> None:
    secret = Secret(text)
    assert copy.copy(secret) is secret
    assert copy.deepcopy([secret])[0] is secret


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
@pytest.mark.parametrize("within", [lambda s: s, lambda s: [s], lambda s: {"key": (s,)}])
def test_a_secret_cannot_be_pickled(protocol: int, within: Callable[[str], object]) -> None:
    with pytest.raises(TypeError, match="A secret cannot be pickled"):
        pickle.dumps(within(Secret("hush")), protocol)


def texts_in(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    values = value.values() if isinstance(value, dict) else value
    return [text for item in values for text in texts_in(item)]


NESTED = st.recursive(
    TEXTS,
    lambda inner: st.lists(inner) | st.tuples(inner, inner) | st.dictionaries(TEXTS, inner),
    max_leaves=8,
)


@given(NESTED)
def test_hiding_makes_every_text_a_secret_and_changes_none(value: Any) -> None:
    hidden = hide(value)
    assert texts_in(hidden) == texts_in(value)
    assert all(type(text) is Secret for text in texts_in(hidden))


@given(NESTED)
def test_hiding_twice_is_hiding_once(value: Any) -> None:
    assert hide(hide(value)) == hide(value)


def test_hiding_leaves_none_as_it_is() -> None:
    assert hide(None) is None


@pytest.mark.parametrize("value", [4711, 47.11, b"4711", bytearray(b"4711"), memoryview(b"4711")])
def test_of_a_value_of_another_type_only_the_type_is_kept(value: object) -> None:
    for hidden in (hide(value), hide(hide(value)), hide([value])[0]):
        assert repr(hidden) == MASK
        assert type_of_hidden(hidden) == type(value).__name__
        assert not isinstance(hidden, (str, bytes, int))


def test_hiding_a_set_gives_it_no_order() -> None:
    assert hide({"a", "b"}) == frozenset({"a", "b"})


@pytest.mark.parametrize("key", [0, -1, slice(3), slice(None)])
def test_a_part_of_a_secret_is_a_secret(key: Any) -> None:
    assert type(Secret("hush")[key]) is Secret
    assert Secret("hush")[key] == "hush"[key]


def test_a_function_gets_a_masked_repr_and_can_be_called() -> None:
    hidden = hide(partial(str.upper, "hush"))
    assert repr(hidden) == MASK
    assert hidden() == "HUSH"


def test_the_keys_of_a_mapping_stay_readable() -> None:
    assert repr(hide({"orders": "hush"})) == f"{{'orders': {MASK}}}"


def test_a_secret_in_the_place_of_a_key_is_masked() -> None:
    assert repr(hide({"hush": 12})) == f"{{{MASK}: {MASK}}}"
    assert hide({"hush": None}) == {"hush": None}


@given(TEXTS, TEXTS)
def test_a_login_is_encoded_as_a_secret(user: str, password: str) -> None:
    encoded = encode_login((user, password))
    assert type(encoded) is Secret
    assert b64decode(encoded).decode() == f"{user}:{password}"


def test_tokens_are_joined_as_a_secret() -> None:
    joined = join_tokens([Secret("a"), Secret("b")])
    assert (type(joined), joined) == (Secret, "a,b")
