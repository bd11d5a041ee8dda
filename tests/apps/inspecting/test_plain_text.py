"""Docstrings from the descriptions of apps, which are HTML."""

from __future__ import annotations

import ast
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.examples import examples

from kintone_orm.apps.inspecting.identifiers import display_width
from kintone_orm.apps.inspecting.plain_text import docstring, plain_text


@pytest.mark.parametrize(
    ("html", "lines"),
    [
        ("", []),
        ("<div> </div>", []),
        ("plain  text", ["plain text"]),
        ("<div>取引先の<b>会社</b>です。</div><div>次</div>", ["取引先の会社です。", "次"]),
        ("a<br>b<br/>c", ["a", "b", "c"]),
        ("<ul><li>a</li><li>b</li></ul>", ["- a", "- b"]),
        ("1 &lt; 2 &amp; 3&nbsp;km", ["1 < 2 & 3 km"]),
        ("<style>p {}</style><script>x</script>y", ["y"]),
        ("a < b", ["a < b"]),
        ("a\x00\u202eb", ["a b"]),
        ("<![if !mso]>a<![endif]><![ b]>c", ["ac"]),
    ],
)
def test_blocks_of_html_become_lines(html: str, lines: list[str]) -> None:
    assert plain_text(html) == lines


def test_a_single_line_ends_with_a_period() -> None:
    assert docstring(["Customers"], "    ") == ['    """Customers."""']
    assert docstring(["顧客です。"], "    ") == ['    """顧客です。"""']


def test_further_lines_follow_a_blank_line() -> None:
    assert docstring(["A.", "B"], "    ") == ['    """A.', "", "    B", '    """']


@examples(150)
@given(st.text("a\"\\ '日x<>&;", max_size=60))
def test_no_description_ends_its_docstring(html: str) -> None:
    lines = plain_text(html)
    if not lines:
        return
    source = "\n".join(["class A:", *docstring(lines, "    "), "", "    b = 1"])
    body = ast.parse(source).body[0]
    assert isinstance(body, ast.ClassDef)
    text = ast.get_docstring(body)
    assert text is not None
    assert text.replace("\n", "").strip(" .") == "".join(lines).strip(" .")
    assert len(body.body) == 2


def test_a_long_line_is_wrapped() -> None:
    lines = docstring(["長い説明" * 40], "    ")
    assert max(map(display_width, lines)) <= 100
    assert "".join(lines).count("長い説明") >= 36


def test_a_long_description_takes_no_longer_than_its_length() -> None:
    begin = time.perf_counter()
    assert len(docstring(["説明" * 20_000], "    ")) > 800
    assert time.perf_counter() - begin < 10
