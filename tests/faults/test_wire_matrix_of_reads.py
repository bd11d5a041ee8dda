"""The end of every operation that reads, with every fault of a proxy between it and kintone.

The table in tests/support/faults/wire_table.py is written by hand: it is the promise, not a
recording of what the code does.
"""

from __future__ import annotations

import pytest
from support.faults.cells import matrix as new_matrix
from support.faults.wire_cases import differences, operations_that
from support.faults.wire_table import REQUESTS


@pytest.fixture(scope="module")
def matrix():
    with new_matrix() as matrix:
        yield matrix


@pytest.mark.parametrize("operation", operations_that(write=False))
def test_it_ends_as_the_table_says(matrix, operation):
    assert len(REQUESTS[operation].split()) == matrix.normal(operation).requests
    assert differences(matrix, operation) == {}
