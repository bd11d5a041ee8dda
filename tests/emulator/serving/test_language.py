"""The language of error messages."""

from __future__ import annotations

import pytest

from kintone_orm.emulator.serving.language import preferred_language


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (None, "en"),
        ("", "en"),
        ("ja", "ja"),
        ("ja-JP", "ja"),
        ("JA", "ja"),
        ("en-US,ja;q=0.9", "en"),
        ("en;q=0.5, ja;q=0.9", "ja"),
        ("fr, ja;q=0.2", "ja"),
        ("zh", "en"),
        ("ja;q=0", "en"),
        ("ja;q=often", "en"),
        ("*", "en"),
    ],
)
def test_the_known_language_that_is_wanted_most(header, expected):
    assert preferred_language(header) == expected
