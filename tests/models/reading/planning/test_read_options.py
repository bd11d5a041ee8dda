from __future__ import annotations

import pytest

from kintone_orm.models.reading.planning.read_options import DEFAULTS, read_options, require_rows
from kintone_orm.query.planner import Paging


def test_the_defaults_are_pages_of_500_and_one_page_ahead():
    assert read_options(paging=None, ahead=1) == DEFAULTS == (500, None, 1, 1, True)


@pytest.mark.parametrize("paging", [Paging.SEEK, "seek", "SEEK"])
def test_a_way_of_reading_is_given_as_such_or_by_name(paging):
    assert read_options(paging=paging, ahead=0) == (500, Paging.SEEK, 0, 1, True)


@pytest.mark.parametrize(("chunk_size", "size"), [(1, 1), (500, 500), (2000, 500)])
def test_a_page_has_at_most_500_records(chunk_size, size):
    assert read_options(chunk_size=chunk_size, paging=None, ahead=1).size == size


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"ahead": 2}, "ahead must be 0 or 1, not 2."),
        ({"ahead": None}, "ahead must be 0 or 1, not None."),
        ({"chunk_size": 0}, "chunk_size must be a positive integer, not 0."),
        ({"workers": 0}, "workers must be a whole number from 1 to 100, not 0."),
        ({"workers": 101}, "workers must be a whole number from 1 to 100, not 101."),
        ({"workers": True}, "workers must be a whole number from 1 to 100, not True."),
        ({"in_order": None}, "in_order must be True or False, not None."),
        ({"paging": 5}, "paging must be one of SINGLE, SEEK, OFFSET, CURSOR, not 5."),
    ],
)
def test_other_options_are_refused(options, message):
    with pytest.raises(ValueError, match=f"^{message}$"):
        read_options(**{"paging": None, "ahead": 1} | options)


@pytest.mark.parametrize("rows", [0, 1, 10**12])
def test_rows_are_a_number(rows):
    require_rows(rows)
