from __future__ import annotations

import pytest

from kintone_orm.models.ground.named_values import named_in


@pytest.mark.parametrize(
    ("text", "values", "named"),
    [
        ("The specified user (code: kato) not found.", {"kato", "sato"}, {"kato"}),
        ("A value B in the field F does not exist", {"A", "B"}, {"B"}),
        ("The value C-1 in the field is taken", {"1", "C-1", "in"}, {"C-1"}),
        ("The users kato and sato are unknown", {"kato", "sato"}, {"kato", "sato"}),
        ("The value katos is taken", {"kato"}, set()),
        ("指定したユーザー(code:加藤)が見つかりません。", {"加藤"}, {"加藤"}),
        ("a.b", {"a+b", "b"}, {"b"}),
        ("No value", set(), set()),
    ],
)
def test_a_value_is_a_word_of_its_own_in_the_text(text, values, named):
    assert named_in(text, values) == named
