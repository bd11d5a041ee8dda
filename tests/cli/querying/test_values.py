"""The values of records as JSON, as cells of a CSV file, and as texts for people."""

from __future__ import annotations

import datetime as dt
import enum
import json
from decimal import Decimal

import pytest

from kintone_orm import Row, fields
from kintone_orm.cli.querying.values import as_cell, as_json, as_text
from kintone_orm.fields import Attachment, User

TOKYO = dt.timezone(dt.timedelta(hours=9))


class Rank(enum.Enum):
    A = "上"


class Line(Row):
    item = fields.SingleLineTextField("品名")
    price = fields.NumberField()


def line(number):
    row = Line(item="りんご", price="1.50")
    row._id = number
    return row


@pytest.mark.parametrize(
    ("value", "json_", "cell", "text"),
    [
        (None, "null", "", ""),
        ("", '""', "", ""),
        ('5"\n あ', '"5\\"\\n あ"', '5"\n あ', '5" あ'),
        (5, "5", "5", "5"),
        (Decimal("1E+3"), "1000", "1000", "1000"),
        (Decimal("-0.10"), "-0.10", "-0.10", "-0.10"),
        (dt.date(2026, 1, 2), '"2026-01-02"', "2026-01-02", "2026-01-02"),
        (dt.time(9, 5), '"09:05"', "09:05", "09:05"),
        (dt.timedelta(hours=25, minutes=5), '"25:05"', "25:05", "25:05"),
        (-dt.timedelta(minutes=5), '"-0:05"', "-0:05", "-0:05"),
        (
            dt.datetime(2026, 1, 2, 9, 0, tzinfo=TOKYO),
            '"2026-01-02T00:00:00Z"',
            "2026-01-02T00:00:00Z",
            "2026-01-02 09:00+09:00",
        ),
        (Rank.A, '"上"', "上", "上"),
        ([], "[]", "", ""),
        ([Rank.A, "b"], '["上", "b"]', '["上", "b"]', "上, b"),
        (
            User("sato", "佐藤"),
            '{"code": "sato", "name": "佐藤"}',
            '{"code": "sato", "name": "佐藤"}',
            "佐藤",
        ),
        (
            [Attachment("key", "a.pdf", "application/pdf", 5)],
            '[{"name": "a.pdf", "content_type": "application/pdf", "size": 5}]',
            '[{"name": "a.pdf", "content_type": "application/pdf", "size": 5}]',
            "a.pdf",
        ),
        (
            [line(7)],
            '[{"id": 7, "item": "りんご", "price": 1.50}]',
            '[{"id": 7, "item": "りんご", "price": 1.50}]',
            "1 row",
        ),
    ],
)
def test_a_value_has_three_forms(value, json_, cell, text):
    assert (as_json(value), as_cell(value), as_text(value)) == (json_, cell, text)


def test_two_rows_are_counted():
    assert as_text([line(1), line(2)]) == "2 rows"


def test_a_number_loses_no_digit_in_json():
    digits = "123456789012345678901234567890.123456789"
    assert json.loads(as_json([Decimal(digits)]), parse_float=Decimal) == [Decimal(digits)]


def test_a_text_for_people_has_no_character_that_a_terminal_obeys():
    assert as_text("a\x1b[31mb\u202ec\x9bd\te") == "a [31mb c d e"
    assert as_text([Attachment("key", "a\x1b.pdf")]) == "a .pdf"


def test_json_escapes_all_control_characters():
    text = "a\x1b[31m\x7f\x9b"
    assert as_json(text) == '"a\\u001b[31m\\u007f\\u009b"'
    assert json.loads(as_json(text)) == text
