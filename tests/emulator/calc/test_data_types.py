from __future__ import annotations

from decimal import Decimal

import pytest

from kintone_orm.emulator.calc.data_types import boolean, number, text


def test_a_blank_is_zero_or_an_empty_text():
    assert number(None) == 0
    assert text(None) == ""


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (Decimal("1.50"), "1.5"),
        (Decimal("1e3"), "1000"),
        (True, "true"),
        (False, "false"),
        ("a", "a"),
    ],
)
def test_a_value_has_a_text(value, expected):
    assert text(value) == expected


@pytest.mark.parametrize(
    ("read", "value"),
    [
        (number, "5"),
        (number, True),
        (number, [Decimal(1)]),
        (text, ["a"]),
        (boolean, None),
        (boolean, Decimal(1)),
        (boolean, "true"),
    ],
)
def test_a_value_of_another_type_cannot_be_computed_with(read, value):
    with pytest.raises(ArithmeticError):
        read(value)
