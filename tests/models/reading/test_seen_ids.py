"""The ids that a long read has delivered: exact as a set, and small."""

from __future__ import annotations

import random
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kintone_orm.models.reading import seen_ids
from kintone_orm.models.reading.seen_ids import SeenIds

NUMBER = 200_000
PAGE = 500

# Ids close together, at the ends of blocks, and anywhere.
IDS = st.one_of(
    st.integers(1, 60),
    st.integers(4_090, 4_100),
    st.integers(8_185, 8_200),
    st.integers(0, 10**10),
)


@given(st.lists(st.lists(IDS, max_size=40), max_size=12), st.integers(0, 40), st.integers(1, 6))
def test_it_answers_as_a_set_does(pages, few, dense):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(seen_ids, "_FEW", few)
        patch.setattr(seen_ids, "_DENSE", dense)
        seen, known = SeenIds(), set()
        for page in pages:
            expected = len(known) + len(page)
            known.update(page)
            assert (seen.add(page), len(seen)) == (len(known) == expected, len(known))


@pytest.mark.parametrize("again", [0, 1, NUMBER // 2, NUMBER - 1])
def test_an_id_is_found_again_after_many_others(again):
    ids = list(range(NUMBER))
    random.Random(1).shuffle(ids)
    seen = SeenIds()
    assert all(seen.add(ids[first : first + PAGE]) for first in range(0, NUMBER, PAGE))
    assert not seen.add([NUMBER, ids[again]])
    assert len(seen) == NUMBER + 1


def kilobytes(ids):
    """The memory of these ids, and the most that it was."""
    tracemalloc.start()
    try:
        seen = SeenIds()
        for first in range(0, len(ids), PAGE):
            seen.add([int(str(id_)) for id_ in ids[first : first + PAGE]])
        return [size / 1000 for size in tracemalloc.get_traced_memory()]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("order", ["up", "down", "any"])
def test_ids_close_together_take_a_fifth_of_a_byte_each_in_any_order(order):
    ids = list(range(1, NUMBER + 1))
    if order == "down":
        ids.reverse()
    elif order == "any":
        random.Random(1).shuffle(ids)
    kept, most = kilobytes(ids)
    assert kept < 200 + NUMBER / 5 / 1000
    assert most < 500


def test_ids_far_apart_take_about_100_bytes_each():
    ids = random.Random(1).sample(range(10**10), 50_000)
    kept, most = kilobytes(ids)
    assert kept / 50 < 110
    assert most / 50 < 220
