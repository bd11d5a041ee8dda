from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kintone_orm.exceptions import NotSupportedError
from kintone_orm.query.compiler import OrderKey
from kintone_orm.query.planner import Paging, choose_paging, exceeds_offsets, overlapping_pages

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
        (BY_DUE, 250, 10_500, Paging.OFFSET),
        (BY_DUE, 250, 10_501, Paging.CURSOR),
        (BY_DUE, 0, None, Paging.CURSOR),
        (BY_DUE, 300, None, Paging.CURSOR),
    ],
)
def test_plans(order, start, stop, paging):
    assert choose_paging(order, start=start, stop=stop) is paging


@pytest.mark.parametrize(
    ("order", "start", "stop", "paging"),
    [
        (BY_ID, 0, None, Paging.SEEK),
        (BY_ID, 300, 50_000, Paging.SEEK),
        (BY_DUE, 0, 500, Paging.SINGLE),
        (BY_DUE, 0, 10_500, Paging.OFFSET),
        (BY_DUE, 250, 10_501, Paging.OFFSET),
        (BY_DUE, 0, None, Paging.OFFSET),
        (BY_DUE, 300, None, Paging.OFFSET),
    ],
)
def test_plans_without_cursors(order, start, stop, paging):
    assert choose_paging(order, start=start, stop=stop, has_cursors=False) is paging


def test_a_cursor_where_there_are_none_is_refused():
    with pytest.raises(NotSupportedError, match="no cursors for OAuth tokens. Use SEEK or OFFSET,"):
        choose_paging(BY_ID, start=0, stop=None, demanded=Paging.CURSOR, has_cursors=False)


@pytest.mark.parametrize(
    ("stop", "exceeds"), [(None, True), (10_501, True), (10_500, False), (0, False)]
)
def test_offsets_reach_10500_rows(stop, exceeds):
    assert exceeds_offsets(stop) is exceeds


@given(st.integers(0, 10_000), st.integers(0, 12_000))
def test_no_page_starts_beyond_kintones_largest_offset(start, length):
    paging = choose_paging(BY_DUE, start=start, stop=start + length)
    if paging is Paging.OFFSET:
        assert max(o for o, _ in overlapping_pages(start, start + length, 500)) <= 10_000


@pytest.mark.parametrize(
    ("start", "stop", "requests"),
    [(0, 501, 2), (600, 1200, 2), (0, 1000, 3), (0, 10_000, 21), (9500, 10_500, 3)],
)
def test_as_many_pages_as_it_takes_when_each_shares_a_row_with_the_one_before(
    start, stop, requests
):
    assert len(list(overlapping_pages(start, stop, 500))) == requests


@given(st.integers(0, 10_000), st.integers(1, 12_000), st.integers(1, 500))
def test_pages_that_overlap_have_every_row_and_the_last_one_before(start, length, size):
    stop = min(start + length, 10_500)
    pages = list(overlapping_pages(start, stop, size))
    assert pages[0][0] == start
    assert pages[-1][0] + pages[-1][1] == stop
    for (before, rows), (offset, more) in pairwise(pages):
        assert offset <= before + rows - 1 < offset + more - 1
        assert 2 <= more <= (max(size, 2) if offset < 10_000 else 500)


@pytest.mark.parametrize("order", [BY_ID, BY_DUE])
def test_a_slice_that_starts_beyond_the_largest_offset_is_refused(order):
    with pytest.raises(NotSupportedError) as refused:
        choose_paging(order, start=10_001, stop=None)
    assert str(refused.value) == (
        "A slice cannot start at record 10,001: kintone's maximum offset is 10,000. "
        "Read without a slice, by iterator(), or filter further, for example by pk__gt."
    )
