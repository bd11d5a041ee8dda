from __future__ import annotations

from typing import Any

import pytest

from kintone_orm.limits import characters, require_at_most


def test_as_many_as_the_limit_are_fine() -> None:
    require_at_most([1, 2, 3], limit=3, name="ids", way_out="Send fewer.")


def test_one_more_is_refused_with_the_numbers_and_the_way_out() -> None:
    with pytest.raises(
        ValueError, match="'ids' has 1,001 items, but kintone takes at most 1,000. Send few"
    ):
        require_at_most(range(1_001), limit=1_000, name="ids", way_out="Send fewer.")


@pytest.mark.parametrize(
    ("text", "length"), [("", 0), ("ab", 2), ("日本", 2), ("a😀", 3), ("\ud800", 1)]
)
def test_a_text_is_as_long_as_kintone_counts_it(text: str, length: int) -> None:
    assert characters(text) == length


def test_the_old_name_of_the_argument_still_works() -> None:
    refuse: Any = require_at_most
    with (
        pytest.warns(DeprecationWarning, match=r"require_at_most\(\): the argument 'given'"),
        pytest.raises(ValueError, match="'ids' has 2 items"),
    ):
        refuse(given=[1, 2], limit=1, name="ids", way_out="Send fewer.")
