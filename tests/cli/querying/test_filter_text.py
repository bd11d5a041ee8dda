"""A filter text is read as the arguments of filter(), and nothing in it is evaluated."""

from __future__ import annotations

import warnings
from decimal import Decimal

import pytest

from kintone_orm.cli.querying.filter_text import parse_filter
from kintone_orm.exceptions import FieldError
from kintone_orm.functions import FromToday, LastMonth, LoginUser, Today


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("rank='A', due__lt='2026-01-01'", {"rank": "A", "due__lt": "2026-01-01"}),
        ('rank="A"', {"rank": "A"}),
        ("", {}),
        (" \n", {}),
        ("a=1,", {"a": 1}),
        ("a=True, b=False, c=None", {"a": True, "b": False, "c": None}),
        ("a=-5, b=+5", {"a": -5, "b": 5}),
        ("rank__in=['A', 'B']", {"rank__in": ["A", "B"]}),
        ("rank__in=('A', 'B')", {"rank__in": ["A", "B"]}),
        ("rank__in={'B', 'A', 'C'}", {"rank__in": ["B", "A", "C"]}),
        ("a='x' 'y'", {"a": "xy"}),
        ("a=1,  # a comment\nb=2", {"a": 1, "b": 2}),
        ("a=1,\r\nb=2", {"a": 1, "b": 2}),
        ("件名='あ'", {"件名": "あ"}),
    ],
)
def test_literals_are_values(text, expected):
    assert parse_filter(text) == expected


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("n=0.1", "0.1"),
        ("n=1.1000000000000000000000000001", "1.1000000000000000000000000001"),
        ("n=-12345678901234567890.5", "-12345678901234567890.5"),
        ("n=-(1.5)", "-1.5"),
        ("n=1_000.5", "1000.5"),
        ("n=1e3", "1000"),
    ],
)
def test_a_number_with_a_point_keeps_all_its_digits(text, number):
    (value,) = parse_filter(text).values()
    assert isinstance(value, Decimal)
    assert value == Decimal(number)


def test_query_functions_are_values():
    assert parse_filter("due=Today(), owner=LoginUser()") == {"due": Today(), "owner": LoginUser()}
    assert parse_filter("due__range=[FromToday(-7, 'DAYS'), LastMonth('LAST')]") == {
        "due__range": [FromToday(-7, "DAYS"), LastMonth("LAST")]
    }


def test_a_name_is_what_python_makes_of_it():
    assert parse_filter("ﾃｽﾄ=1") == {"テスト": 1}


# Refusals


@pytest.mark.parametrize(
    "value",
    [
        "__import__('os').system('x')",
        "open('x')",
        "Order.objects",
        "x.y()",
        "1 + 2",
        "'a' * 9",
        "f'{x}'",
        "[x for x in 'ab']",
        "lambda: 1",
        "(x := 1)",
        "1 if True else 2",
        "not True",
        "b'x'",
        "{'a': 1}",
        "1j",
        "...",
        "Today",
        "Today(Today())",
        "Today(*[1])",
        "Q(a=1)",
        "dict()",
    ],
)
def test_all_other_values_are_refused_with_their_place(value):
    with pytest.raises(FieldError, match=r"^Filter .*, character \d+: "):
        parse_filter(f"rank='A', n={value}")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("rank=A", r"character 6: A is not a value. Write texts in quotes: rank='A'."),
        ("件名='あ', 品名=か", r"character 12: か is not a value"),
        ("a=1,\n  b=c", r"line 2, character 5: c is not a value"),
        ("due=Today", r"character 5: Today is a function. Write Today\(\)."),
        ("due=today()", r"no query function 'today'. Did you mean 'Today'"),
        ("due=FromToday(1, 'DAY')", r"character 5: FromToday\(\) counts in DAYS"),
        ("due=LastMonth(31)", r"character 5: LastMonth\(31\)"),
        ("due=Today(1)", r"character 5: Today\(\) does not take 1 arguments"),
        ("due=FromToday(number=1)", r"character 22: FromToday\(\) takes its arguments without"),
        ("rank=='A'", r"character 1: .* Write one equals sign: rank='A'."),
        ("due<'2026-01-01'", r"Write due__lt='2026-01-01'."),
        ("n >= 5", r"Write n__gte=5."),
        ("rank in ['A']", r"Write rank__in=\['A'\]."),
        ("rank != 'A'", r"Write --exclude \"rank='A'\"."),
        ("'A'", r"character 1: 'A' is not a condition. Write name=value."),
        ("**{}", r"character 3: '\*\*' is not read"),
        ("n=1, n=2", r"character 6: 'n' is there twice"),
        ("self=1", r"character 1: 'self' cannot be the name of a field"),
        ("n=1, _connector='OR'", r"character 6: '_connector' cannot be the name of a field"),
        ("_negated=True", r"'_negated' cannot be"),
        ("rank='A", r"character 6: unterminated string literal\. Write name=value, "),
        ("n=1 m=2", r"character 3: invalid syntax\. Write name=value, separated by commas"),
        ("n=1; m=2", r"character 4: invalid syntax\. Write name=value, "),
        ("due=2026-01-31", r"not permitted\. Write .* dates in quotes: .*due__lt='2026-01-31'\.$"),
        ("n=(1", r"a parenthesis is not closed\.$"),
        ("n=1)", r"a parenthesis is closed that was not opened"),
        ("n=1)(m=2", r"a parenthesis is closed that was not opened"),
        ("n=1) or filter(m=2", r"a parenthesis is closed that was not opened|character"),
        ("n=1\0", r"^Filter 'n=1\\x00'"),
        ("n='\udce3'", r"cannot be read"),
        ("n=" + "9" * 5000, r"^Filter"),
        ("(" * 500, r"^Filter"),
        ("n=" + "-" * 100_000 + "1", r"^Filter"),
    ],
)
def test_a_mistake_is_told_with_its_place(text, problem):
    if text.startswith("n=99"):
        pytest.importorskip("tomllib", reason="Python 3.10 reads numbers of any length")
    with pytest.raises(FieldError, match=problem):
        parse_filter(text)


def test_a_long_text_does_not_fill_the_error():
    with pytest.raises(FieldError) as caught:
        parse_filter("n=[" + "1," * 5000 + "x]")
    assert len(str(caught.value)) < 500


def test_python_does_not_warn_of_a_text():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert parse_filter(r"name__like='\d'") == {"name__like": r"\d"}
