from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kintone_orm.emulator.query.lexer import tokenize
from kintone_orm.exceptions import NotSupportedError
from kintone_orm.query.literals import quote, unquoted

CONTROL = [chr(code) for code in range(0x20) if chr(code) not in "\t\n\r"]


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters=[*CONTROL, "\r"])))
def test_what_is_quoted_is_read_back(text):
    (word, _end) = tokenize(quote(text))
    assert (word.kind, word.text) == ("string", text)


@pytest.mark.parametrize(
    ("text", "literal"),
    [
        ("", '""'),
        ("東京", '"東京"'),
        ('say "hi"', r'"say \"hi\""'),
        ("back\\slash", r'"back\\slash"'),
        ("\\n", r'"\\n"'),
        ("a\tb\nc", r'"a\tb\nc"'),
        ("it's", '"it\'s"'),
        ("100%_", '"100%_"'),
    ],
)
def test_quotes(text, literal):
    assert quote(text) == literal


@pytest.mark.parametrize("end", ["\r\n", "\r", "\n"])
def test_lines_end_with_a_line_feed(end):
    assert quote(f"a{end}b") == r'"a\nb"'


@pytest.mark.parametrize("text", ['say "hi"', "back\\slash", "\\n", "a\tb\nc", "", "東京"])
def test_what_was_quoted_reads_as_it_was(text):
    assert unquoted(quote(text)) == text


@pytest.mark.parametrize("character", CONTROL)
def test_no_control_character_without_an_escape_passes(character):
    with pytest.raises(NotSupportedError):
        quote(f"a{character}b")
