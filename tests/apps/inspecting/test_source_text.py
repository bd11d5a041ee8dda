"""Python source in the layout of ruff's formatter."""

from __future__ import annotations

import ast
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.examples import examples

from kintone_orm.apps.inspecting.identifiers import display_width
from kintone_orm.apps.inspecting.source_text import (
    Text,
    argument,
    assignment,
    call,
    comment,
    dict_of,
    list_of,
    string,
    tuple_of,
    wrap,
)

LONG = "項目" * 19


@examples(200)
@given(st.text(max_size=30) | st.text("a\"'\\\n\u3000\u200b", max_size=12))
def test_a_string_reads_back_on_one_line(text: str) -> None:
    literal = string(text)
    assert ast.literal_eval(literal) == text
    assert len(literal.splitlines()) == 1


@pytest.mark.parametrize(
    ("text", "literal"),
    [
        ("a", '"a"'),
        ('a "b"', "'a \"b\"'"),
        ("it's", '"it\'s"'),
        ("東京　本社", '"東京　本社"'),
        ("a\u200bb", '"a\\u200bb"'),
    ],
)
def test_the_quotes_of_a_string(text: str, literal: str) -> None:
    assert string(text) == literal


def test_an_expression_that_fits_stays_on_one_line() -> None:
    value = call(
        "f", string("a"), argument("b", tuple_of(["1"])), argument("c", dict_of({"d": "2"}))
    )
    assert assignment("x", value, "    ") == ['    x = f("a", b=(1,), c={"d": 2})']


def test_the_arguments_of_a_call_share_a_line_if_they_fit_there() -> None:
    value = call("fields.SingleLineTextField", string(LONG), argument("required", "True"))
    assert assignment("x", value, "") == [
        "x = fields.SingleLineTextField(",
        f'    "{LONG}", required=True',
        ")",
    ]


def test_the_items_of_a_list_get_a_line_each() -> None:
    value = call("f", argument("choices", list_of([string(LONG), string(LONG)])))
    assert assignment("x", value, "") == [
        "x = f(",
        "    choices=[",
        f'        "{LONG}",',
        f'        "{LONG}",',
        "    ]",
        ")",
    ]


def test_a_long_text_alone_gets_parentheses() -> None:
    assert assignment("verbose_name", Text(LONG + "x" * 10), "    ") == [
        "    verbose_name = (",
        f'        "{LONG}xxxxxxxxxx"',
        "    )",
    ]


def test_a_text_longer_than_a_line_is_written_in_pieces() -> None:
    lines = assignment("x", call("f", argument("sort", Text(LONG * 3))), "")
    assert lines[:2] == ["x = f(", "    sort=("]
    assert lines[-2:] == ["    )", ")"]
    assert "".join(ast.literal_eval(line.strip()) for line in lines[2:-2]) == LONG * 3
    assert max(map(display_width, lines)) <= 100


def test_a_long_text_takes_no_longer_than_its_length() -> None:
    begin = time.perf_counter()
    assert len(assignment("x", call("f", argument("sort", Text("長い文" * 10_000))), "")) > 600
    assert time.perf_counter() - begin < 10


@examples(60)
@given(st.text("ab '\"\\日\n", max_size=300))
def test_every_text_reads_back(text: str) -> None:
    lines = assignment("x", call("f", argument("sort", Text(text))), "    ")
    tree = ast.parse("\n".join(line[4:] for line in lines))
    assert isinstance(tree.body[0], ast.Assign)
    assert isinstance(tree.body[0].value, ast.Call)
    assert ast.literal_eval(tree.body[0].value.keywords[0].value) == text
    assert max(map(display_width, lines)) <= 100


def test_a_type_that_does_not_fit_is_broken() -> None:
    value = call(f'fields.RelatedRecord["{LONG}"]', string("a"))
    assert assignment("項目", value, "    ") == [
        "    項目 = fields.RelatedRecord[",
        f'        "{LONG}"',
        '    ]("a")',
    ]


def test_comments_are_wrapped() -> None:
    lines = comment("word " * 40, "    ")
    assert len(lines) == 3
    assert all(line.startswith("    # word") for line in lines)
    assert max(map(len, lines)) <= 100


@examples(100)
@given(st.text("ab 日", max_size=80), st.integers(4, 30))
def test_wrapping_keeps_every_letter(text: str, width: int) -> None:
    lines = wrap(text, width)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert all(display_width(line) <= width for line in lines)


def test_a_comment_has_blanks_instead_of_characters_that_are_not_shown():
    assert comment("ｸﾗｽ\x00A\ud800\u200bB", "") == ["# ｸﾗｽ A B"]
