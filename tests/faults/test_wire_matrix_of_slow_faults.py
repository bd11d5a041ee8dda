"""The end of every operation, where an answer never comes or never ends.

The table in tests/support/faults/wire_table.py is written by hand: it is the promise, not a
recording of what the code does.
"""

from __future__ import annotations

import pytest
from support.faults.cells import matrix as new_matrix
from support.faults.wire_cases import slow_differences
from support.faults.wire_faults import SLOW


@pytest.fixture(scope="module")
def matrix():
    with new_matrix() as matrix:
        yield matrix


@pytest.mark.parametrize("group", SLOW)
def test_it_ends_as_the_table_says(matrix, group):
    assert slow_differences(matrix, group) == {}
