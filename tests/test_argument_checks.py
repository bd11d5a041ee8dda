from __future__ import annotations

import math

import pytest

from kintone_orm.argument_checks import require_count, require_seconds
from kintone_orm.exceptions import ImproperlyConfigured


@pytest.mark.parametrize(
    "value", [0, -1, "5", True, None, math.nan, math.inf, -math.inf, 4_000_001, 1e20]
)
def test_seconds_are_finite_and_above_zero(value: object) -> None:
    with pytest.raises(ImproperlyConfigured, match="^'deadline' must be a number of seconds"):
        require_seconds(value, "'deadline'")


@pytest.mark.parametrize("value", [0, -1, "5", True, None, math.nan, math.inf, 1.0])
def test_a_count_is_a_whole_number_above_zero(value: object) -> None:
    with pytest.raises(ImproperlyConfigured, match="^'attempts' must be a whole number above 0"):
        require_count(value, "'attempts'")


def test_the_error_may_have_an_example() -> None:
    with pytest.raises(ImproperlyConfigured, match="above 0, such as 10, not 0\\.$"):
        require_count(0, "'max_concurrency'", example="10")


def test_a_long_value_is_shortened() -> None:
    with pytest.raises(ImproperlyConfigured) as caught:
        require_seconds("x" * 1_000, "'deadline'")
    assert len(str(caught.value)) < 200


def test_numbers_are_returned() -> None:
    assert (require_seconds(0.5, "'deadline'"), require_count(5, "'attempts'")) == (0.5, 5)
