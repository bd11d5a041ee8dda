from __future__ import annotations

import pytest

DATES = ["DATETIME", "DATE", "TIME", "HOUR_MINUTE", "DAY_HOUR_MINUTE"]


@pytest.mark.parametrize("format_", ["NUMBER", "NUMBER_DIGIT"])
@pytest.mark.parametrize(
    ("expression", "result"),
    [("1234567.5", "1234567.5"), ("-0.0001", "-0.0001"), ("0 * -1", "0"), ("10 ^ 3", "1000")]
    + [("a > 1", "0"), ("a < 1", "1"), ('"1"', ""), ("999999999999", "999999999999")]
    + [("999999999999 + 1", ""), ("10 ^ 20 / 10 ^ 20", "")],
)
def test_a_number(calc, format_, expression, result):
    assert calc(expression, format_, a="0") == result


@pytest.mark.parametrize(
    ("seconds", "results"),
    [
        (0, ["1970-01-01T00:00:00Z", "1970-01-01", "00:00", "0:00"]),
        (59, ["1970-01-01T00:00:00Z", "1970-01-01", "00:00", "0:00"]),
        (59.9999, ["1970-01-01T00:00:00Z", "1970-01-01", "00:00", "0:00"]),
        (90061, ["1970-01-02T01:01:00Z", "1970-01-02", "01:01", "25:01"]),
        (-1, ["1969-12-31T23:59:00Z", "1969-12-31", "23:59", "0:00"]),
        (-60, ["1969-12-31T23:59:00Z", "1969-12-31", "23:59", "-0:01"]),
        (-3660, ["1969-12-31T22:59:00Z", "1969-12-31", "22:59", "-1:01"]),
        (-62135596800, ["0001-01-01T00:00:00Z", "0001-01-01", "00:00", "-17259888:00"]),
        (253402300799, ["9999-12-31T23:59:00Z", "9999-12-31", "23:59", "70389527:59"]),
        (-62135596801, ["", "", "23:59", "-17259888:00"]),
        (253402300800, ["", "", "00:00", "70389528:00"]),
    ],
)
def test_seconds(calc, seconds, results):
    texts = [calc(f"a + {seconds}", format_, a="0") for format_ in DATES]
    assert texts == [*results, results[-1]]


@pytest.mark.parametrize("format_", DATES)
def test_a_date_is_made_of_a_number_only(calc, format_):
    assert calc("a = a", format_) == ""
    assert calc('"2024-02-06"', format_) == ""


def test_a_length_of_time_has_as_many_digits_as_the_app_keeps(calc):
    assert calc("3600 * 10 ^ 8", "HOUR_MINUTE") == "1" + "0" * 8 + ":00"
    assert calc("3600 * 10 ^ 9", "HOUR_MINUTE") == ""


def test_a_date_that_is_out_of_range_has_no_result(calc):
    assert calc("10 ^ 90", "DATE") == ""


@pytest.mark.parametrize(
    ("expression", "result"),
    [("a", "1.5"), ("a = 1.5", "1"), ("a = 2", "0"), ('"x"', "x"), ("1 / 0", ""), ('""', "")]
    + [("10 ^ 11", "1" + "0" * 11), ("10 ^ 12", "")],
)
def test_calculated_text(calc, expression, result):
    assert calc(expression, None, a="1.50") == result
