from __future__ import annotations

import decimal
from decimal import Decimal

import pytest

from kintone_orm.emulator.calc.arithmetic import Arithmetic, plain_digits, round_to
from kintone_orm.emulator.values import Precision


def exact(digits: int = 16, places: int = 4, mode: str = "HALF_EVEN") -> Arithmetic:
    return Arithmetic(Precision(digits, places, f"ROUND_{mode}"))


@pytest.mark.parametrize(
    ("number", "text"),
    [("1.50", "1.5"), ("100", "100"), ("1E+3", "1000"), ("-0", "0"), ("-0.00", "0")]
    + [("0.0001", "0.0001"), ("-2.0", "-2"), ("1E-10", "0.0000000001"), ("12345.6780", "12345.678")]
    + [("1" * 40 + ".5", "1" * 40 + ".5")],
)
def test_a_number_is_shown_in_plain_digits(number, text):
    assert plain_digits(Decimal(number)) == text


@pytest.mark.parametrize(
    ("mode", "results"),
    [
        ("HALF_EVEN", ["0.12", "0.14", "-0.12", "0.33", "-0.67"]),
        ("UP", ["0.13", "0.14", "-0.13", "0.34", "-0.67"]),
        ("DOWN", ["0.12", "0.13", "-0.12", "0.33", "-0.66"]),
    ],
)
def test_a_result_is_rounded_as_the_app_says(mode, results):
    """kintone help, "Rounding"; UP was measured by SonicGarden, 2026-09-26."""
    pairs = [("1", "8"), ("27", "200"), ("-1", "8"), ("1", "3"), ("-2", "3")]
    numbers = [exact(16, 2, mode).calculate("/", Decimal(a), Decimal(b)) for a, b in pairs]
    assert [plain_digits(number) for number in numbers] == results


def test_a_quotient_of_many_digits_is_rounded_once():
    # Slightly above a half, by less than the working digits can show, is still above.
    with decimal.localcontext(decimal.Context(prec=2_000)):
        tall = Decimal(10) ** 1_200
        left, right = 5 * tall + 1, 10 * tall
    assert exact(30, 0).calculate("/", left, right) == 1


@pytest.mark.parametrize(
    ("base", "exponent", "result"),
    [("2", "10", "1024"), ("4", "1.5", "4"), ("4", "-1.9", "0.25"), ("0", "0", "1")]
    + [("0", "5", "0"), ("-2", "3", "-8"), ("-2", "-2", "0.25"), ("1", "100", "1")]
    + [("1", "-100.9", "1"), ("5", "0.9", "1"), ("10", "-100", "0")],
)
def test_a_power(base, exponent, result):
    assert plain_digits(exact().calculate("^", Decimal(base), Decimal(exponent))) == result


@pytest.mark.parametrize(
    ("base", "operator", "operand"),
    [("0", "^", "-1"), ("2", "^", "101"), ("2", "^", "-101"), ("2", "^", "1E+90")]
    + [("1", "/", "0"), ("0", "/", "0"), ("1E+900", "*", "1E+900"), ("1E+30", "^", "100")],
)
def test_operations_without_a_result(base, operator, operand):
    with pytest.raises(ArithmeticError):
        exact().calculate(operator, Decimal(base), Decimal(operand))


@pytest.mark.parametrize(
    ("digits", "places", "number", "fits"),
    [
        (16, 4, "999999999999.9999", True),
        (16, 4, "1000000000000", False),
        (16, 4, "-999999999999", True),
        (16, 4, "-1000000000000", False),
        (16, 4, "999999999999.99999", False),
        (16, 4, "999999999999.99994", True),
        (30, 10, "9" * 20, True),
        (30, 10, "1" + "0" * 20, False),
        (5, 5, "0.99999", True),
        (5, 5, "1", False),
        (2, 5, "0.5", True),
        (2, 5, "0", True),
    ],
)
def test_a_result_has_as_many_digits_as_the_app_keeps(digits, places, number, fits):
    arithmetic = exact(digits, places)
    if fits:
        assert (
            abs(arithmetic.to_precision(Decimal(number)) - Decimal(number)) < Decimal(10) ** -places
        )
    else:
        with pytest.raises(ArithmeticError):
            arithmetic.to_precision(Decimal(number))


def test_a_sum_of_too_many_digits_has_no_result():
    with pytest.raises(ArithmeticError):
        exact().total([Decimal("9E+995"), Decimal("9E+995")])


@pytest.mark.parametrize(("places", "result"), [("2", "1.25"), ("1.9", "1.2"), ("-0.9", "1")])
def test_the_fraction_of_a_number_of_places_is_cut(places, result):
    rounded = round_to(Decimal("1.249"), Decimal(places), rounding="ROUND_HALF_UP")
    assert plain_digits(rounded) == result


@pytest.mark.parametrize("places", ["101", "-101", "1E+50"])
def test_too_many_places_have_no_result(places):
    with pytest.raises(ArithmeticError):
        round_to(Decimal(1), Decimal(places), rounding="ROUND_UP")


def test_the_callers_decimal_context_does_not_matter(calc):
    with decimal.localcontext() as context:
        context.prec = 2
        context.rounding = decimal.ROUND_UP
        context.traps[decimal.Inexact] = True
        assert calc("-(a + 1) * SUM(a, -b)", a="123456.789", b="1") == "-15241578749.1905"
        assert calc("YEN(-a, 2) & -a", None, a="123456.789") == "-¥123,456.79-123456.789"
