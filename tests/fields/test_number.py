from __future__ import annotations

from decimal import Decimal, localcontext

import pytest
from support.models.one_of_each import Thing, Twelve

from kintone_orm import Model, fields
from kintone_orm.exceptions import FieldError, ImproperlyConfigured
from kintone_orm.fields.number import NumberPrecision

PRECISE = "9007199254740993"  # more than a float can hold
LONG = "123456789012345678901234567890"


@pytest.mark.parametrize(
    ("wire", "value", "written", "literal"),
    [
        ("3", Decimal(3), "3", '"3"'),
        ("0", Decimal(0), "0", '"0"'),
        ("-1.5", Decimal("-1.5"), "-1.5", '"-1.5"'),
        ("1.50", Decimal("1.50"), "1.50", '"1.50"'),
        (PRECISE, Decimal(PRECISE), PRECISE, f'"{PRECISE}"'),
        (LONG, Decimal(LONG), LONG, f'"{LONG}"'),
        ("", None, None, '""'),
        (None, None, None, '""'),
    ],
)
def test_the_forms_of_a_number(wire, value, written, literal):
    assert Thing.price.to_python(wire) == value
    assert Thing.price.to_api(value) == written
    assert Thing.price.to_literal(value) == literal


@pytest.mark.parametrize(
    ("wire", "value", "written", "literal"),
    [
        ("7", 7, "7", '"7"'),
        ("0", 0, "0", '"0"'),
        ("-7", -7, "-7", '"-7"'),
        ("7.00", 7, "7", '"7"'),
        (LONG, int(LONG), LONG, f'"{LONG}"'),
        ("", None, None, '""'),
        (None, None, None, '""'),
    ],
)
def test_the_forms_of_a_whole_number(wire, value, written, literal):
    assert Thing.count.to_python(wire) == value
    assert isinstance(Thing.count.to_python(wire), (int, type(None)))
    assert Thing.count.to_api(value) == written
    assert Thing.count.to_literal(value) == literal


@pytest.mark.parametrize(
    ("number", "written"),
    [("1E+3", "1000"), ("1E-7", "0.0000001"), ("-1.20E+1", "-12.0")],
)
def test_a_number_is_written_without_an_exponent(number, written):
    assert Thing.price.to_api(Decimal(number)) == written


def test_a_fraction_is_no_whole_number():
    with pytest.raises(ValueError, match=r"7\.5 is not a whole number: declare a NumberField"):
        Thing.count.to_python("7.5")


@pytest.mark.parametrize(
    ("given", "value"),
    [
        (5, Decimal(5)),
        (0.1, Decimal("0.1")),
        (1e-157, Decimal("1e-157")),
        (Decimal("1.50"), Decimal("1.50")),
        ("-1.5", Decimal("-1.5")),
        (" 42 ", Decimal(42)),
        ("1.5e1", Decimal(15)),
        (None, None),
        ("", None),
    ],
)
def test_assigning_a_number(given, value):
    price = Thing(price=given).price
    assert price == value
    assert isinstance(price, (Decimal, type(None)))


@pytest.mark.parametrize(("given", "value"), [(5, 5), ("5", 5), (5.0, 5), (Decimal("5.00"), 5)])
def test_assigning_a_whole_number(given, value):
    count = Thing(count=given).count
    assert (count, type(count)) == (value, int)


@pytest.mark.parametrize("name", ["price", "count"])
def test_a_whole_number_of_another_class_is_a_number(name):
    assert getattr(Thing(**{name: Twelve()}), name) == 12
    assert Thing._meta.get_field(name).operand("exact", Twelve(), None) == '"12"'


@pytest.mark.parametrize("name", ["price", "count"])
@pytest.mark.parametrize(
    ("given", "message"),
    [
        ("five", "a number, not str 'five'."),
        ("1,000", "a number, not str '1,000'."),
        ("12abc", "a number, not str '12abc'."),
        (True, "a number, not bool True."),
        ([1], "a number, not list [1]."),
        (1j, "a number, not complex 1j."),
        (float("nan"), "a finite number, not float nan. For a blank, use None."),
        ("1_000", "a number, not str '1_000'."),
        ("1_000.5", "a number, not str '1_000.5'."),
        ("Infinity", "a finite number, not str 'Infinity'."),
        ("1e999999999", "a number of at most 1,000 digits, not str '1e999999999'."),
        ("0e-999999999", "a number of at most 1,000 digits, not str '0e-999999999'."),
    ],
)
def test_assigning_what_is_no_number_is_refused(name, given, message):
    with pytest.raises(FieldError) as refused:
        Thing(**{name: given})
    assert str(refused.value) == f"Thing.{name} takes {message}"


@pytest.mark.parametrize("given", [1.5, "1.5", Decimal("0.0001")])
def test_assigning_a_fraction_to_a_whole_number_is_refused(given):
    with pytest.raises(FieldError, match=r"Thing\.count takes a whole number, not "):
        Thing(count=given)


class Measured(Model):
    price = fields.NumberField()
    count = fields.IntegerField()

    class Meta:
        number_precision = {"digits": 16, "decimal_places": 4}


@pytest.mark.parametrize(
    ("number", "problems"),
    [
        ("0", []),
        ("1.2345", []),
        ("1.23450000", []),
        ("123456789012.3456", []),
        ("-999999999999", []),
        ("0.00001", ["decimals"]),
        ("1.23456", ["decimals"]),
        ("1000000000000", ["digits"]),
        ("1E+12", ["digits"]),
        ("1234567890123.45678", ["decimals", "digits"]),
    ],
)
def test_what_kintone_would_round_or_refuse(number, problems):
    found = Measured.price.all_problems(Decimal(number))
    kinds = ["decimals" if "would round it" in item else "digits" for item in found]
    assert kinds == problems


def test_the_problems_of_a_number_name_it_and_the_setting():
    rounded, refused = Measured.price.all_problems(Decimal("1234567890123.45678"))
    assert rounded == (
        "1234567890123.45678 has 5 decimal places; the app stores 4 (Meta.number_precision) and "
        "would round it."
    )
    assert refused == (
        "1234567890123.45678 has more than 12 digits before the decimal point, which is the limit "
        "of the app (Meta.number_precision)."
    )


def test_a_whole_number_has_a_precision_too():
    assert Measured.count.all_problems(10**12) != []
    assert Measured.count.all_problems(10**12 - 1) == []


def test_without_a_declared_precision_kintone_decides():
    assert Thing.price.all_problems(Decimal("1.23456789")) == []


@pytest.mark.parametrize(
    ("declared", "message"),
    [
        ({"digits": "16"}, "digits must be a number from 1 to 30, not '16'"),
        ({"digits": True}, "digits must be a number from 1 to 30, not True"),
        ({"digits": 31}, "digits must be a number from 1 to 30, not 31"),
        ({"digits": 0}, "digits must be a number from 1 to 30, not 0"),
        ({"decimal_places": 11}, "decimal_places must be a number from 0 to 10, not 11"),
        ({"digits": 3, "decimal_places": 9}, r"decimal_places \(9\) cannot exceed digits \(3\)"),
        ({"rounding_mode": "FOO"}, "rounding_mode must be one of HALF_EVEN, UP, DOWN, not 'FOO'"),
    ],
)
def test_a_precision_that_kintone_does_not_offer_is_refused(declared, message):
    meta = type("Meta", (), {"number_precision": declared})
    with pytest.raises(ImproperlyConfigured, match=f"Bad.Meta.number_precision: {message}"):
        type(Model)("Bad", (Model,), {"Meta": meta})


def test_a_precision_is_checked_to_the_last_of_30_digits_whatever_the_context():
    precision = NumberPrecision(digits=30, decimal_places=1)
    with localcontext() as context:
        context.prec = 5
        assert precision.problems(Decimal("12345678901234567890123456789.1")) == []
        assert precision.problems(Decimal("1234567890123456789012345678.12")) != []
