"""As many columns as are readable fit into a terminal, and none is cut to nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kintone_orm.cli.querying.table_layout import GAP, column_widths


@pytest.mark.parametrize(
    ("natural", "width", "whole", "expected"),
    [
        ([2, 6, 10], 60, [0, 0, 0], [2, 6, 10]),
        ([2, 90], None, [0, 0], [2, 40]),
        ([2, 30, 30], 40, [0, 0, 0], [2, 17, 17]),
        ([2, 8, 30], 30, [0, 0, 0], [2, 8, 16]),
        ([30, 30, 30, 30], 40, [0, 0, 0, 0], [12, 12, 12]),
        ([30, 30, 30], 30, [0, 0, 0], [14, 14]),
        ([30, 30, 20], 48, [0, 0, 1], [12, 12, 20]),
        ([30, 30, 20], 40, [0, 0, 1], [19, 19]),
        ([50], 20, [0], [20]),
        ([50], 8, [1], [8]),
    ],
)
def test_columns_share_the_width_of_the_terminal(natural, width, whole, expected):
    assert column_widths(natural, width, whole=whole) == expected


@given(
    st.lists(st.tuples(st.integers(1, 200), st.booleans()), min_size=1, max_size=30),
    st.integers(1, 300),
)
def test_the_widths_fit_and_no_column_is_cut_to_nothing(columns, width):
    natural = [wanted for wanted, _ in columns]
    widths = column_widths(natural, width, whole=[whole for _, whole in columns])
    assert 1 <= len(widths) <= len(natural)
    assert sum(widths) + GAP * (len(widths) - 1) <= width
    for (wanted, whole), chosen in zip(columns, widths, strict=False):
        least = wanted if whole else 12
        assert min(wanted, least, 40, width) <= chosen <= wanted
