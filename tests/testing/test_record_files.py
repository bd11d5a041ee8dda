"""The rows of each kind of file, with their lines."""

from __future__ import annotations

import csv
import io
import json
import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kintone_orm.testing.record_files import BadRecord, csv_records, json_records


def line(row):
    return int(re.search(r"line (\d+)", row.place)[1])


def found(rows):
    return [(line(row), dict(row.values)) for row in rows]


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("", []),
        ("a,b\n", []),
        ("a,b\n1,2\n", [(2, {"a": "1", "b": "2"})]),
        ("a,b\n1,2", [(2, {"a": "1", "b": "2"})]),
        ("a,b\n,\n", [(2, {"a": "", "b": ""})]),
        ("a\n\nx\n\n\ny\n", [(3, {"a": "x"}), (6, {"a": "y"})]),
        ('a\n"1\n2"\n3\n', [(2, {"a": "1\n2"}), (4, {"a": "3"})]),
        ('a\n"x ""y"", z"\n', [(2, {"a": 'x "y", z'})]),
        ('"品名"\n"値"\n', [(2, {"品名": "値"})]),
    ],
)
def test_csv(text, rows):
    assert found(csv_records(text)) == rows


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("[]", []),
        ('[{"a": 1}]', [(1, {"a": 1})]),
        ('[\n  {"a": [1, null]},\n\n  {"a": "],"}\n]', [(2, {"a": [1, None]}), (4, {"a": "],"})]),
        (' \n[{"a": "\\n"}\n,{}]', [(2, {"a": "\n"}), (3, {})]),
        ('[{"a": 0.10}]', [(1, {"a": Decimal("0.10")})]),
    ],
)
def test_json(text, rows):
    assert found(json_records(text)) == rows


def test_a_row_of_json_is_counted_too():
    assert [row.place for row in json_records("[{}, {},\n{}]")] == [
        "record 1 (line 1)",
        "record 2 (line 1)",
        "record 3 (line 2)",
    ]


def test_inner_objects_are_dictionaries():
    (row,) = json_records('[{"a": [{"b": 1}]}]')
    assert row.values == (("a", [{"b": 1}]),)


def test_numbers_are_as_they_are_written():
    (row,) = json_records('[{"a": 19.80}]')
    assert str(row.values[0][1]) == "19.80"


@pytest.mark.parametrize(
    ("read", "text", "place", "message"),
    [
        (
            csv_records,
            "a,b\n1,2\n1\n",
            "line 3",
            "The number of values is 1, but line 1 has 2 names.",
        ),
        (csv_records, "a\n1,2\n", "line 2", "The number of values is 2, but line 1 has 1 names."),
        (csv_records, 'a\n1\n"2\n3\n', "line 3", "This is not CSV: unexpected end of data."),
        (csv_records, 'a\n"1"2\n', "line 2", "This is not CSV: ',' expected after '\"'."),
        (json_records, "", "line 1", "This is not JSON: Expecting value."),
        (
            json_records,
            '[{"a": 1},\n {"a" 2}]',
            "line 2",
            "This is not JSON: Expecting ':' delimiter.",
        ),
        (
            json_records,
            "{}",
            "line 1",
            'The JSON must be a list of objects: [{"name": "Kobe"}, ...].',
        ),
        (
            json_records,
            '[{},\n"x"]',
            "record 2 (line 2)",
            "A record must be an object of names and values, not 'x'.",
        ),
        (
            json_records,
            '[{},\n{"a": 1, "b": 2, "a": 3}]',
            "record 2 (line 2)",
            "A name appears twice: a, b, a.",
        ),
    ],
)
def test_a_text_of_another_kind_is_refused_where_it_is(read, text, place, message):
    with pytest.raises(BadRecord) as caught:
        list(read(text))
    assert (caught.value.place, str(caught.value)) == (place, message)


CELLS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\0"))


@given(st.lists(st.tuples(CELLS, CELLS)))
def test_any_text_comes_through_csv(rows):
    file = io.StringIO()
    csv.writer(file, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows([("a", "b"), *rows])
    text = file.getvalue()
    read = list(csv_records(text))
    assert [tuple(value for _, value in row.values) for row in read] == rows
    lines = text.split("\n")
    assert all(lines[line(row) - 1].startswith('"') for row in read)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3),
    max_leaves=5,
)


@given(st.lists(st.dictionaries(st.text(), JSON, max_size=3)), st.sampled_from([None, 0, 2]))
def test_any_list_of_objects_comes_through_json(records, indent):
    text = json.dumps(records, indent=indent)
    read = list(json_records(text))
    assert [dict(row.values) for row in read] == records
    if indent == 2:
        lines = text.splitlines()
        assert all(lines[line(row) - 1].startswith("  {") for row in read)
