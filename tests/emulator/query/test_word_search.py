from __future__ import annotations

import pytest

from kintone_orm.emulator import choices
from kintone_orm.emulator.query.word_search import finder


@pytest.mark.parametrize(
    ("text", "keyword", "matches"),
    [
        # Latin letters and digits: whole words.
        ("a keyword here", "keyword", True),
        ("a keyword here", "key", False),
        ("TOKYO TO", "TOKYO", True),
        ("TOKYO TO", "tokyo", True),
        ("a-b/c", "b", True),
        ("snake_case", "snake", False),
        ("snake_case", "snake_case", True),
        ("item 123", "12", False),
        ("item 123", "123", True),
        ("https://example.com/path", "example", True),
        ("https://example.com/path", "exam", False),
        # Japanese: two characters match anywhere, one only where it is alone.
        ("東京都", "京都", True),
        ("東京都", "東京都", True),
        ("東京都", "東", False),
        ("東 京", "東", True),
        ("東、京", "東京", False),
        ("ひらがなカタカナ", "なカ", True),
        ("データベース", "タベ", True),
        ("東京tower", "東京", True),
        ("東京tower", "tower", True),
        ("東京tower", "tow", False),
        # The width of kana does not matter, but the width of letters does.
        ("ガギグ", "ｶﾞｷﾞ", True),
        ("ｶﾞｷﾞ", "ガギ", True),
        ("ＡＢＣ", "ABC", False),
        # Several words follow each other.
        ("one two three", "one two", True),
        ("one two three", "two-three", True),
        ("one two three", "one three", False),
        ("東京都 tokyo", "京都 tokyo", True),
        # Signs are ignored, and are not wildcards.
        ("100%", "%", False),
        ("abc", "a%", False),
        ("abc", "___", False),
        ("a (b) c", "b", True),
        ("", "a", False),
    ],
)
def test_a_keyword_in_a_text(text, keyword, matches):
    assert finder(keyword, field_type="MULTI_LINE_TEXT")(text) is matches


def test_case_may_be_chosen_to_matter(monkeypatch):
    monkeypatch.setattr(choices, "LIKE_IGNORES_CASE", False)
    assert not finder("tokyo", field_type="LINK")("TOKYO")


@pytest.mark.parametrize(
    ("keyword", "matches"), [("bold", True), ("b", False), ("R", True), ("amp", False)]
)
def test_rich_text_is_searched_without_its_tags(keyword, matches):
    assert finder(keyword, field_type="RICH_TEXT")("<b>bold</b> R&amp;D") is matches


@pytest.mark.parametrize(("keyword", "matches"), [("plan", True), ("txt b", False)])
def test_files_are_searched_by_name_one_by_one(keyword, matches):
    files = [{"name": "plan.txt"}, {"name": "b.txt"}]
    assert finder(keyword, field_type="FILE")(files) is matches
