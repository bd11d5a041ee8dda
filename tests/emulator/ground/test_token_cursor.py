"""Reading tokens: the next one is read, or is named in the error."""

from __future__ import annotations

import pytest

from kintone_orm.emulator.ground.token_cursor import Token, TokenCursor


def cursor_over(*tokens, nesting=9):
    listed = [Token(kind, text, at) for at, (kind, text) in enumerate([*tokens, ("end", "")], 1)]
    return TokenCursor(listed, whole="query", nesting=nesting, error=ValueError)


def test_tokens_are_read_in_their_order():
    cursor = cursor_over(("name", "price"), ("sign", "="), ("number", "5"))
    assert [cursor.read(), cursor.read(), cursor.read()] == ["price", "=", "5"]


def test_a_keyword_that_comes_next_is_accepted_and_read():
    cursor = cursor_over(("keyword", "and"), ("name", "price"))
    assert cursor.accept("and")
    assert cursor.token.text == "price"


def test_another_keyword_is_not_accepted_and_stays():
    cursor = cursor_over(("keyword", "and"))
    assert not cursor.accept("or")
    assert cursor.token.text == "and"


def test_a_string_with_the_text_of_a_keyword_is_not_a_keyword():
    assert not cursor_over(("string", "and")).is_at("and")


def test_the_end_is_reached_after_the_last_token():
    cursor = cursor_over(("name", "price"))
    cursor.read()
    assert cursor.is_at_end()


def test_an_expected_sign_that_is_missing_is_named_with_its_place():
    cursor = cursor_over(("name", "price"), ("number", "5"))
    cursor.read()
    with pytest.raises(ValueError, match=r"^Character 2: expected '=', found '5'\.$"):
        cursor.expect("=")


def test_an_expected_kind_is_read():
    assert cursor_over(("name", "price")).expect_kind("name", "a field code") == "price"


def test_an_expected_kind_that_is_missing_is_described():
    with pytest.raises(ValueError, match=r"^Character 1: expected a field code, found '5'\.$"):
        cursor_over(("number", "5")).expect_kind("name", "a field code")


def test_the_end_is_named_after_the_whole_text():
    with pytest.raises(ValueError, match=r"^Character 1: .*, found the end of the query\.$"):
        cursor_over().expect("=")


def test_a_token_after_the_end_of_the_grammar_is_refused():
    with pytest.raises(ValueError, match="expected the end of the query, found 'price'"):
        cursor_over(("name", "price")).expect_end()


def test_as_many_parentheses_as_allowed_may_be_open():
    cursor = cursor_over(("sign", "("), ("sign", "("), nesting=2)
    cursor.open()
    cursor.open()
    assert cursor.is_at_end()


def test_one_parenthesis_more_is_refused():
    cursor = cursor_over(("sign", "("), ("sign", "("), nesting=1)
    cursor.open()
    with pytest.raises(ValueError, match="More than 1 parentheses are open"):
        cursor.open()


def test_a_closed_parenthesis_counts_no_longer():
    cursor = cursor_over(*[("sign", sign) for sign in "()("], nesting=1)
    cursor.open()
    cursor.close()
    cursor.open()
    assert cursor.is_at_end()


def test_a_parenthesis_that_is_not_closed_is_an_error():
    cursor = cursor_over(("sign", "("))
    cursor.open()
    with pytest.raises(ValueError, match=r"expected '\)', found the end of the query"):
        cursor.close()
