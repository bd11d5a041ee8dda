from __future__ import annotations

from decimal import Decimal

import pytest

from kintone_orm import fields
from kintone_orm.exceptions import ImproperlyConfigured
from kintone_orm.fields.declaring.bounds import Lengths, ValueRange, plain_number

TEXTS = [fields.SingleLineTextField, fields.LinkField]
EMOJI = " kintone counts most emoji as two characters."
NUMBERS = [fields.NumberField, fields.IntegerField]


@pytest.mark.parametrize("cls", TEXTS)
@pytest.mark.parametrize("name", ["min_length", "max_length"])
@pytest.mark.parametrize("length", [-1, 1.5, "5", True, Decimal(5)])
def test_a_length_is_a_whole_number(cls, name, length):
    with pytest.raises(ImproperlyConfigured) as refused:
        cls(**{name: length})
    assert str(refused.value) == (
        f"{cls.__name__}({name}={length!r}): a length must be a whole number, 0 or more."
    )


def test_the_lengths_of_a_text_leave_room_for_one():
    assert fields.SingleLineTextField(min_length=3, max_length=3).max_length == 3
    with pytest.raises(ImproperlyConfigured) as refused:
        fields.SingleLineTextField(min_length=4, max_length=3)
    assert str(refused.value) == (
        "SingleLineTextField(min_length=4, max_length=3): no text is so long and so short. Write a "
        "max_length that is not less than min_length."
    )


@pytest.mark.parametrize("cls", TEXTS)
@pytest.mark.parametrize("name", ["min_length", "max_length"])
def test_a_unique_text_has_at_most_64_characters(cls, name):
    assert getattr(cls(unique=True, **{name: 64}), name) == 64
    with pytest.raises(ImproperlyConfigured) as refused:
        cls(unique=True, **{name: 65})
    assert str(refused.value) == (
        f"{cls.__name__}(unique=True, {name}=65): kintone allows at most 64 characters in a field "
        "without duplicates. Write a smaller number, or leave it out."
    )


@pytest.mark.parametrize("cls", NUMBERS)
@pytest.mark.parametrize("name", ["min_value", "max_value"])
@pytest.mark.parametrize("limit", ["five", "", True, Decimal("NaN"), "inf", "1_000", [5]])
def test_the_limit_of_a_number_is_a_number(cls, name, limit):
    with pytest.raises(ImproperlyConfigured) as refused:
        cls(**{name: limit})
    assert str(refused.value) == (
        f"{cls.__name__}({name}={limit!r}): the limit must be a number, such as 5, "
        'Decimal("0.5") or "0.5".'
    )


@pytest.mark.parametrize("limit", [Decimal("0.1"), "0.1", 0.1])
def test_a_limit_is_an_exact_decimal(limit):
    assert fields.NumberField(min_value=limit).min_value == Decimal("0.1")


def test_the_limits_of_a_number_leave_room_for_one():
    assert fields.NumberField(min_value=5, max_value=5).max_value == 5
    with pytest.raises(ImproperlyConfigured) as refused:
        fields.NumberField(min_value=6, max_value="5")
    assert str(refused.value) == (
        "NumberField(min_value=6, max_value=5): no number is between them. Write a max_value that "
        "is not less than min_value."
    )


@pytest.mark.parametrize("cls", [*NUMBERS, fields.CalcField])
def test_a_unit_is_a_text_on_one_of_two_sides(cls):
    with pytest.raises(ImproperlyConfigured, match=rf"{cls.__name__}\(unit=5\): .* a text\."):
        cls(unit=5)
    with pytest.raises(ImproperlyConfigured, match=r"\(unit_position='LEFT'\): .*BEFORE, AFTER\."):
        cls(unit="kg", unit_position="LEFT")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("ab", None),
        ("abcd", None),
        ("", "'' has 0 characters; the field takes at least 2."),
        ("abcde", "'abcde' has 5 characters; the field takes at most 4."),
        ("👍👍", None),
        (
            "👍👍a",
            f"'👍👍a' has 5 characters; the field takes at most 4.{EMOJI}",
        ),
    ],
)
def test_lengths_count_as_kintone_counts(text, problem):
    assert Lengths(2, 4).problems(text) == ([problem] if problem else [])


@pytest.mark.parametrize(
    ("number", "problem"),
    [
        (Decimal("0.5"), None),
        (10, None),
        (Decimal("0.49999"), "0.49999 is too small; the field takes at least 0.5."),
        (Decimal("10.00004"), "10.00004 is too large; the field takes at most 10."),
    ],
)
def test_a_range_includes_its_limits(number, problem):
    assert ValueRange(Decimal("0.50"), Decimal(10)).problems(number) == (
        [problem] if problem else []
    )


@pytest.mark.parametrize(
    ("number", "digits"),
    [("1E+2", "100"), ("-0.50", "-0.5"), ("10.0", "10"), ("0E-5", "0"), ("-0", "0")],
)
def test_a_plain_number_has_no_exponent_and_no_needless_zeros(number, digits):
    assert plain_number(Decimal(number)) == digits
