from __future__ import annotations

import pytest

from kintone_orm.emulator.calc.lexer import tokenize
from kintone_orm.emulator.calc.reasons import WrongFormula


def words(text: str) -> list[tuple[str, str]]:
    return [(token.kind, token.text) for token in tokenize(text)][:-1]


@pytest.mark.parametrize("text", ["a+b", " a + b ", "a\t+\r\n b"])
def test_blanks_are_free_between_words(text):
    assert words(text) == [("name", "a"), ("sign", "+"), ("name", "b")]


@pytest.mark.parametrize(
    "code",
    [
        "a",
        "A1",
        "_a",
        "単価",
        "ガ",
        "ｶﾞ",
        "文字列__1行_",
        "合計＿税込",
        "・a",
        "￥1",
        "Ａ１",
        "é",
        "a１",
    ]
    + ["$id", "$revision"],
)
def test_a_field_code_is_one_word(code):
    assert words(f"{code}*2") == [("name", code), ("sign", "*"), ("number", "2")]


@pytest.mark.parametrize("text", ["0", "007", "1.50", ".5", "12345678901234567890"])
def test_a_number(text):
    assert words(text) == [("number", text)]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('""', ""),
        ('"a b"', "a b"),
        ('"（＋）"', "（＋）"),
        (r'"\""', '"'),
        (r'"\\"', "\\"),
        (r'"\n"', r"\n"),
        (r'"\\n"', r"\n"),
        ('"a\nb"', "a\nb"),
        ('"a\\\nb"', "a\\\nb"),
        ('"\'"', "'"),
        ('"=="', "=="),
    ],
)
def test_a_string_is_read_without_quotes_and_escapes(text, value):
    assert words(text) == [("string", value)]


def test_strings_that_follow_each_other_are_two():
    assert words('"a""b"') == [("string", "a"), ("string", "b")]


def test_signs_are_as_long_as_they_can_be():
    signs = ["!=", "<>", "<=", ">=", "(", "=", ")", "<", "&", ">", "+", "-", "*", "/", "^", ","]
    assert [text for _, text in words("".join(signs))] == signs


def test_places_count_from_1():
    assert [token.at for token in tokenize("a  + 1")] == [1, 4, 6, 7]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("＋", "+"), ("－", "-"), ("＊", "*"), ("／", "/"), ("（", "("), ("）", ")"), ("，", ",")]
    + [("、", ","), ("＝", "="), ("＜", "<"), ("＆", "&"), ("＂", '"'), ("”", '"'), ("“", '"')]
    + [("１", "1"), ("\u3000", " "), ("．", ".")],
)
def test_a_full_width_symbol_is_named_with_its_half_width_one(typed, meant):
    with pytest.raises(WrongFormula) as caught:
        tokenize(f"a {typed} b")
    assert caught.value.ja == (
        f"全角記号「{typed}」が入力されています。半角記号「{meant}」を入力してください。"
    )
    assert caught.value.en == (
        f'You have entered a full-width symbol "{typed}". Use a half-width symbol "{meant}" '
        "or check that the entered value is correct."
    )


@pytest.mark.parametrize(
    ("typed", "meant", "purpose"),
    [("==", "=", "判定"), ("=>", ">=", "判定"), ("=<", "<=", "判定"), ("≠", "!=", "判定")]
    + [("≧", ">=", "判定"), ("≥", ">=", "判定"), ("≦", "<=", "判定"), ("≤", "<=", "判定")]
    + [("×", "*", "計算"), ("÷", "/", "計算")],
)
def test_a_mistyped_operator_is_named_with_the_right_one(typed, meant, purpose):
    with pytest.raises(WrongFormula) as caught:
        tokenize(f"a {typed} b")
    assert caught.value.ja == (
        f"「{typed}」が入力されています。「{meant}」を{purpose}するには「{meant}」を入力してください。"
    )
    assert caught.value.en == (
        f'"{typed}" needs correction. If the "{meant}" operator is what you want to use, '
        f'enter "{meant}" instead.'
    )


@pytest.mark.parametrize(
    ("text", "detail"),
    [
        ('a & "b', "Character 5: this string is not closed."),
        (r'"\"', "Character 1: this string is not closed."),
        ("a & 'b'", 'Character 5: unexpected "\'".'),
        ("5.", "Character 2: unexpected '.'."),
        ("a % 2", "Character 3: unexpected '%'."),
        ("[a]", "Character 1: unexpected '['."),
        ("$", "Character 1: unexpected '$'."),
        ("a\0", "Character 2: unexpected '\\x00'."),
    ],
)
def test_any_other_character_is_refused(text, detail):
    with pytest.raises(WrongFormula) as caught:
        tokenize(text)
    assert (caught.value.ja, caught.value.detail) == ("計算式の文法が正しくありません。", detail)
