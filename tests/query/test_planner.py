from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kintone_orm.exceptions import NotSupportedError
from kintone_orm.query.compiler import OrderKey
from kintone_orm.query.planner import Paging, choose_paging

BY_ID = (OrderKey("$id"),)
BY_ID_DOWN = (OrderKey("$id", descending=True),)
BY_DUE = (OrderKey("due"), OrderKey("$id"))


@pytest.mark.parametrize(
    ("order", "start", "stop", "paging"),
    [
        (BY_ID, 0, None, Paging.SEEK),
        (BY_ID_DOWN, 0, None, Paging.SEEK),
        (BY_ID, 0, 500, Paging.SINGLE),
        (BY_ID, 0, 501, Paging.SEEK),
        (BY_ID, 300, None, Paging.SEEK),
        (BY_ID, 10_000, 50_000, Paging.SEEK),
        (BY_DUE, 0, 1, Paging.SINGLE),
        (BY_DUE, 0, 500, Paging.SINGLE),
        (BY_DUE, 10_000, 10_500, Paging.SINGLE),
        (BY_DUE, 0, 501, Paging.OFFSET),
        (BY_DUE, 0, 10_500, Paging.OFFSET),
        (BY_DUE, 0, 10_501, Paging.CURSOR),
        (BY_DUE, 250, 10_250, Paging.OFFSET),
        (BY_DUE, 250, 10_251, Paging.CURSOR),
        (BY_DUE, 0, None, Paging.CURSOR),
        (BY_DUE, 300, None, Paging.CURSOR),
    ],
)
def test_plans(order, start, stop, paging):
    assert choose_paging(order, start=start, stop=stop) is paging


@given(st.integers(0, 10_000), st.integers(0, 12_000))
def test_no_page_starts_beyond_kintones_largest_offset(start, length):
    paging = choose_paging(BY_DUE, start=start, stop=start + length)
    if paging in (Paging.SINGLE, Paging.OFFSET):
        assert max(range(start, start + length, 500), default=0) <= 10_000


@pytest.mark.parametrize("order", [BY_ID, BY_DUE])
def test_a_slice_that_starts_beyond_the_largest_offset_is_refused(order):
    with pytest.raises(NotSupportedError) as refused:
        choose_paging(order, start=10_001, stop=None)
    assert str(refused.value) == (
        "A slice cannot start at row 10,001: kintone's offset ends at 10,000. "
        "Read without a slice, by iterator(), or filter further, for example by pk__gt."
    )
