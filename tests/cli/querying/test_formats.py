"""Rows are written as a table, as JSON or as CSV."""

from __future__ import annotations

import csv
import io
import json
import sys
from decimal import Decimal

import pytest

from kintone_orm.cli.querying.formats import write_csv, write_json, write_table

NAMES = ["number", "customer", "amount"]
ROWS = [("N-1", "株式会社サンプル", Decimal("1.50")), ("N-2", 'a "b", c\nd', None)]


class Output(io.TextIOWrapper):
    """A standard output of a legacy code page, to be read as bytes."""

    def __init__(self):
        self.raw_bytes = io.BytesIO()
        super().__init__(self.raw_bytes, encoding="cp932", newline="\r\n")

    def content(self):
        self.flush()
        return self.raw_bytes.getvalue()


@pytest.fixture
def output(monkeypatch):
    """Replace standard output, and return it. pytest replaces it at the beginning of a test."""

    def replace():
        replaced = Output()
        monkeypatch.setattr(sys, "stdout", replaced)
        return replaced

    return replace


def test_json_is_an_array_with_an_object_on_each_line(output):
    out = output()
    write_json(NAMES, ROWS)
    assert json.loads(out.content()) == [
        {"number": "N-1", "customer": "株式会社サンプル", "amount": 1.5},
        {"number": "N-2", "customer": 'a "b", c\nd', "amount": None},
    ]
    assert len(out.content().splitlines()) == 4


def test_json_without_rows_is_an_empty_array(output):
    out = output()
    write_json(NAMES, [])
    assert out.content() == b"[]\n"


def test_csv_has_the_names_as_its_header(output):
    out = output()
    write_csv(NAMES, ROWS)
    lines = list(csv.reader(io.StringIO(out.content().decode("utf-8"), newline="")))
    assert lines == [NAMES, ["N-1", "株式会社サンプル", "1.50"], ["N-2", 'a "b", c\nd', ""]]
    assert b"\r" not in out.content()


def test_csv_without_rows_is_the_header(output):
    out = output()
    write_csv(NAMES, [])
    assert out.content() == b"number,customer,amount\n"


@pytest.mark.parametrize("write", [write_json, write_csv])
def test_rows_are_written_as_they_arrive_and_a_broken_end_is_seen(output, write):
    out = output()

    def rows():
        yield ROWS[0]
        assert "N-1" in out.content().decode("utf-8")
        raise ConnectionError

    with pytest.raises(ConnectionError):
        write(NAMES, rows())
    assert not out.content().endswith(b"]\n")


@pytest.mark.parametrize("write", [write_json, write_csv])
def test_nothing_is_written_if_the_first_row_fails(output, write):
    out = output()

    def rows():
        raise ConnectionError
        yield

    with pytest.raises(ConnectionError):
        write(NAMES, rows())
    assert out.content() == b""


def test_half_a_surrogate_pair_is_an_escape_in_json(output):
    out = output()
    write_json(["a"], [("\ud83d",)])
    assert json.loads(out.content()) == [{"a": "\ud83d"}]


@pytest.mark.parametrize("write", [write_json, write_csv])
def test_no_row_stays_in_memory(monkeypatch, write):
    alive = []

    class Text(str):
        __slots__ = ()

        def __del__(self):
            alive.pop()

    def texts():
        for _ in range(5_000):
            alive.append(1)
            assert len(alive) < 5
            yield (Text("a"),)

    monkeypatch.setattr(sys, "stdout", io.StringIO())
    write(["a"], texts())


# The table. Its standard output is no terminal here; tests/cli/test_query.py has one.


def test_a_table_in_a_file_is_plain_and_whole(capsys):
    names = [f"name_{i}" for i in range(20)]
    write_table(names, [["あいうえお" * 4] * 20])
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split() == names
    assert lines[2].split() == ["あいうえお" * 4] * 20
    assert "\x1b" not in "".join(lines)


def test_numbers_are_on_the_right_and_wide_characters_are_counted(capsys):
    write_table(["a", "n", "b"], [["株式", Decimal("1.5"), "x"], ["a", Decimal(10), "y"]])
    lines = [line.rstrip() for line in capsys.readouterr().out.splitlines()]
    assert lines[2:] == ["株式  1.5  x", "a      10  y"]


def test_a_text_that_looks_like_markup_is_a_text(capsys):
    write_table(["[b]a[/b]"], [["[red]x[/red] :smile:"]])
    out = capsys.readouterr().out
    assert "[b]a[/b]" in out
    assert "[red]x[/red] :smile:" in out


def test_a_table_without_rows_says_so(capsys):
    write_table(["a"], [])
    captured = capsys.readouterr()
    assert captured.out.split()[0] == "a"
    assert captured.err == "No record satisfies the conditions.\n"


def test_a_terminal_does_not_obey_the_texts_of_records(output, monkeypatch):
    out = output()
    rows = [("\x1b[31mred",)]
    write_csv(["a"], rows)
    assert out.content() == b"a\n\x1b[31mred\n"  # a file has the text itself
    out = output()
    monkeypatch.setattr(out, "isatty", lambda: True)
    write_csv(["a"], rows)
    assert out.content().splitlines() == [b"a", b"\\x1b[31mred"]
