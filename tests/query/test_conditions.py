from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kintone_orm.query.conditions import (
    EVERYTHING,
    NOTHING,
    All,
    AnyOf,
    Predicate,
    all_of,
    any_of,
)

NAMES = "abc"
LEAVES = st.sampled_from([EVERYTHING, NOTHING, *(Predicate(name, "=", '"1"') for name in NAMES)])
CONDITIONS = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3).flatmap(
        lambda parts: st.sampled_from([all_of(parts), any_of(parts)])
    ),
    max_leaves=12,
)
RECORDS = st.sets(st.sampled_from(NAMES))


def holds(condition, record) -> bool:
    if isinstance(condition, Predicate):
        return condition.code in record
    parts = [holds(part, record) for part in condition.parts]
    return all(parts) if isinstance(condition, All) else any(parts)


def is_simple(condition) -> bool:
    """No part that decides nothing or everything, none alone, none that could be flattened."""
    if isinstance(condition, Predicate) or condition in (EVERYTHING, NOTHING):
        return True
    return len(condition.parts) > 1 and all(
        part not in (EVERYTHING, NOTHING)
        and not isinstance(part, type(condition))
        and is_simple(part)
        for part in condition.parts
    )


@given(st.lists(CONDITIONS, max_size=4), RECORDS)
def test_all_of_holds_when_every_part_does(parts, record):
    assert holds(all_of(parts), record) is all(holds(part, record) for part in parts)


@given(st.lists(CONDITIONS, max_size=4), RECORDS)
def test_any_of_holds_when_some_part_does(parts, record):
    assert holds(any_of(parts), record) is any(holds(part, record) for part in parts)


@given(CONDITIONS)
def test_every_and_no_record_are_neutral_and_absorbing(condition):
    assert all_of([condition, EVERYTHING]) == all_of([EVERYTHING, condition]) == condition
    assert any_of([condition, NOTHING]) == any_of([NOTHING, condition]) == condition
    assert all_of([condition, NOTHING]) == NOTHING
    assert any_of([condition, EVERYTHING]) == EVERYTHING


@given(CONDITIONS)
def test_the_form_is_the_simplest(condition):
    assert is_simple(condition)


@pytest.mark.parametrize(
    ("join", "kind", "of_none"), [(all_of, All, EVERYTHING), (any_of, AnyOf, NOTHING)]
)
def test_joining_none_one_and_two(join, kind, of_none):
    a, b = Predicate("a", "=", '"1"'), Predicate("b", "=", '"1"')
    assert join([]) == of_none
    assert join([a]) == a
    assert join([a, b]) == kind((a, b))
