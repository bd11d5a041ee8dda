from __future__ import annotations

from datetime import datetime, timezone
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from kintone_orm.emulator.calc.date_format import date_format


def shown(pattern: str, *moment: int, zone: str = "UTC") -> str:
    seconds = int(datetime(*moment, tzinfo=timezone.utc).timestamp())
    return date_format(Decimal(seconds), pattern, zone, system=ZoneInfo("Asia/Tokyo"))


@pytest.mark.parametrize(
    ("pattern", "result"),
    [
        ("YYYY-MM-dd HH:mm:ss", "2024-03-05 16:07:09"),
        ("M/d", "3/5"),
        ("MMM MMMM", "Mar March"),
        ("E EE EEE EEEE", "Tue Tue Tue Tuesday"),
        ("H:m:s", "16:7:9"),
        ("hh h KK K kk k a", "04 4 04 4 16 16 PM"),
        ("D DD DDD", "65 65 065"),
        ("Z ZZ ZZZ", "+0000 +00:00 UTC"),
        ("YYYY年MM月dd日(E)", "2024年03月05日(Tue)"),
        ("", ""),
        ("'Day' d", "Day 5"),
        ("''YYYY''", "'2024'"),
        ("'o''clock'", "o'clock"),
        ("H'H'", "16H"),
        ("ddMM", "0503"),
        ("\n.,_ 0", "\n.,_ 0"),
    ],
)
def test_a_pattern(pattern, result):
    assert shown(pattern, 2024, 3, 5, 16, 7, 9) == result


@pytest.mark.parametrize(
    ("hour", "result"),
    [(0, "00 12 00 24 AM"), (1, "01 01 01 01 AM"), (12, "12 12 00 12 PM"), (23, "23 11 11 23 PM")],
)
def test_the_four_counts_of_hours(hour, result):
    assert shown("HH hh KK kk a", 2024, 3, 5, hour) == result


@pytest.mark.parametrize("month", range(1, 13))
def test_every_month_has_its_name(month):
    name = datetime(2024, month, 1).strftime("%B")  # the tests run in the C locale
    assert shown("MMMM/MMM", 2024, month, 1) == f"{name}/{name[:3]}"


@pytest.mark.parametrize("day", range(1, 8))
def test_every_day_has_its_name(day):
    assert shown("EEEE", 2024, 1, day) == datetime(2024, 1, day).strftime("%A")


@pytest.mark.parametrize(
    ("zone", "result"),
    [
        ("Asia/Tokyo", "2024-07-01 08:00 +0900 +09:00 Asia/Tokyo"),
        ("America/New_York", "2024-06-30 19:00 -0400 -04:00 America/New_York"),
        ("Asia/Kolkata", "2024-07-01 04:30 +0530 +05:30 Asia/Kolkata"),
        ("Etc/GMT", "2024-06-30 23:00 +0000 +00:00 Etc/GMT"),
        ("system", "2024-07-01 08:00 +0900 +09:00 Asia/Tokyo"),
    ],
)
def test_a_zone(zone, result):
    assert shown("YYYY-MM-dd HH:mm Z ZZ ZZZ", 2024, 6, 30, 23, zone=zone) == result


def test_the_system_zone_is_the_one_passed_in(calc):
    assert calc('DATE_FORMAT(0, "HH:mm", "system")', None) == "09:00"


@pytest.mark.parametrize(
    ("seconds", "result"),
    [
        ("-30610224000", "1000-01-01 00:00:00"),
        ("253402300799", "9999-12-31 23:59:59"),
        ("-1", "1969-12-31 23:59:59"),
        ("59.9", "1970-01-01 00:00:59"),
        ("-0.9", "1970-01-01 00:00:00"),
        ("253402300799.9", "9999-12-31 23:59:59"),
    ],
)
def test_the_first_and_the_last_instant(seconds, result):
    text = date_format(Decimal(seconds), "YYYY-MM-dd HH:mm:ss", "UTC", system=timezone.utc)
    assert text == result


@pytest.mark.parametrize(
    ("seconds", "pattern", "zone"),
    [
        ("-30610224001", "YYYY", "UTC"),
        ("253402300800", "YYYY", "UTC"),
        ("253402300799", "YYYY", "Asia/Tokyo"),
        ("1E+90", "YYYY", "UTC"),
        ("0", "YY", "UTC"),
        ("0", "yyyy", "UTC"),
        ("0", "ddd", "UTC"),
        ("0", "HHH", "UTC"),
        ("0", "Day", "UTC"),
        ("0", "YYYY'", "UTC"),
        ("0", "'YYYY", "UTC"),
        ("0", "YYYY", "nowhere"),
        ("0", "YYYY", ""),
        ("0", "YYYY", "America"),
        ("0", "YYYY", "../UTC"),
        ("0", "YYYY", "/etc/localtime"),
        ("0", "YYYY", "a\0b"),
        ("0", "YYYY", "x" * 10_000),
        ("0", "YYYY", "\ud800"),
    ],
)
def test_values_that_cannot_be_shown(seconds, pattern, zone):
    with pytest.raises(ArithmeticError):
        date_format(Decimal(seconds), pattern, zone, system=timezone.utc)


@pytest.mark.parametrize(
    ("moment", "result"),
    [
        ("d", "2024-02-06 00:00"),
        ("t", "1970-01-01 23:59"),
        ("dt", "2024-02-06 12:59"),
        ("cre", "2024-02-06 13:00"),
        ("a", "1970-01-01 00:01"),
        ("SUM(a, 60) * 2 - a ^ 1", "1970-01-01 00:03"),
    ],
)
def test_a_moment_is_any_number(calc, moment, result):
    values = {
        "d": "2024-02-06",
        "t": "23:59",
        "dt": "2024-02-06T12:59:00Z",
        "cre": "2024-02-06T13:00:00Z",
        "a": "60",
    }
    expression = f'DATE_FORMAT({moment}, "YYYY-MM-dd HH:mm", "Etc/GMT")'
    assert calc(expression, None, **values) == result


def test_a_pattern_may_be_in_a_field(calc):
    assert calc('DATE_FORMAT(0, s, "UTC")', None, s="d/M/YYYY") == "1/1/1970"
