"""Formulas and conditions are equal if they differ only in spaces that mean nothing."""

from __future__ import annotations

import pytest

from kintone_orm.apps.drift.spaces import without_spaces


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a *\n 2", "a*2"),
        ('"No. " & a', '"No. "&a'),
        (r'"a \" b" & " c "', r'"a \" b"&" c "'),
        ("", ""),
        (None, ""),
    ],
)
def test_spaces_are_kept_in_strings_only(text, expected):
    assert without_spaces(text) == expected
