from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kintone_orm.emulator.ground.errors import KintoneError
from kintone_orm.emulator.query.lexer import tokenize

ESCAPES = str.maketrans({'"': '\\"', "\\": "\\\\", "\t": "\\t", "\n": "\\n"})
# The characters of a string: all but the control characters without an escape.
TEXTS = st.text(st.characters().filter(lambda each: each >= " " or each in "\t\n"))


def words(text: str) -> list[tuple[str, str]]:
    return [(token.kind, token.text) for token in tokenize(text)[:-1]]


@given(TEXTS)
def test_a_quoted_text_is_read_back(text):
    assert words(f'"{text.translate(ESCAPES)}"') == [("string", text)]


@pytest.mark.parametrize(
    "code",
    [
        "$id",
        "数値",
        "文字列__1行_",
        "a1",
        "_a",
        "ａ１",
        "売上・原価",
        "ｱ･ｲ",
        "価格＿税",
        "＄価格",
        "a.b",
        "a.$id",
    ],
)
def test_a_field_code_is_one_name(code):
    assert words(code) == [("name", code)]


@pytest.mark.parametrize("blank", [" ", "\t", "\n", "\r", "\u3000", " \u3000\r\n"])
def test_blanks_separate_words(blank):
    assert words(f"a{blank}in") == [("name", "a"), ("keyword", "in")]


def test_words_that_cannot_run_together_need_no_blank():
    assert words('数値>=10and a="x"order') == [
        ("name", "数値"),
        ("sign", ">="),
        ("number", "10"),
        ("keyword", "and"),
        ("name", "a"),
        ("sign", "="),
        ("string", "x"),
        ("keyword", "order"),
    ]


@pytest.mark.parametrize("number", ["0", "10", "-1", "+1", "1.5", "-0.25"])
def test_a_number_has_a_sign_digits_and_a_fraction(number):
    assert words(number) == [("number", number)]


def test_keywords_are_in_small_letters_alone():
    assert words("AND and") == [("name", "AND"), ("keyword", "and")]


@pytest.mark.parametrize(
    "text",
    ["'a'", "`a`", '"a', '"', '"a\\"', '"\t"', '"\n"', '"\r"', '"\\r"', '"\\u0041"', '"\\x"']
    + ["a-b", "１", "!", "a.b.c", "1.", "$", "%", "-", "あ @ い"],
)
def test_an_unknown_token_is_refused(text):
    with pytest.raises(KintoneError) as caught:
        tokenize(text)
    assert (caught.value.code, list(caught.value.errors)) == ("CB_VA01", ["query"])


def test_the_reason_names_the_place():
    with pytest.raises(KintoneError, match="Character 5: strings take double quotes"):
        tokenize("a = 'x'")
