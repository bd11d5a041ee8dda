"""Keys and texts of TOML."""

from __future__ import annotations

import pytest

from kintone_orm.toml_text import toml_key, toml_string


@pytest.mark.parametrize("key", ["orders", "Order-2", "12", "a_b"])
def test_a_plain_key_has_no_quotes(key):
    assert toml_key(key) == key


@pytest.mark.parametrize("key", ["受注", "a.b", "a b", ""])
def test_another_key_is_in_quotes(key):
    assert toml_key(key) == f'"{key}"'


def test_quotes_and_backslashes_and_controls_are_escaped():
    assert toml_string('a"b\\c\n\x7f') == r'"a\"b\\c\u000a\u007f"'
