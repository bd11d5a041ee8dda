from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from kintone_orm.models.ground.chunks import cut


@given(st.lists(st.integers(), max_size=300), st.integers(1, 120))
def test_cutting_loses_nothing_and_keeps_the_limit(items, size):
    parts = list(cut(items, size))

    assert [item for part in parts for item in part] == items
    assert all(0 < len(part) <= size for part in parts)
