from __future__ import annotations

import pytest
from support.models.one_of_each import compiled

from kintone_orm import Q, Raw
from kintone_orm.exceptions import FieldError


def written(text, **values):
    return compiled(Q(Raw.format(text, **values)))


def test_a_value_is_quoted_in_its_place():
    assert written("件名 = {title}", title='say "hi"') == r'(件名 = "say \"hi\"")'


def test_a_double_brace_is_one_brace():
    assert (
        written('件名 = {title} or 件名 like "{{}}"', title="a") == '(件名 = "a" or 件名 like "{}")'
    )


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("件名 = {title}", {"name": "a"}),
        ('件名 = "{title}"', {"title": "a"}),
        ("件名 = {", {}),
        ("件名 = {}", {"title": "a"}),
    ],
)
def test_a_place_that_cannot_be_filled_is_refused(text, values):
    with pytest.raises(FieldError, match=r"Raw\.format"):
        written(text, **values)


@pytest.mark.parametrize(
    "text",
    ["", "  ", 'rank in ("A"', 'rank in ("A")) or (price = "1"', '件名 = "a', 5],
)
def test_half_a_condition_is_refused(text):
    with pytest.raises(FieldError, match=r"Raw\("):
        Raw(text)


@pytest.mark.parametrize("word", ["order by", "ORDER  BY", "limit", "offset"])
def test_more_than_a_condition_is_refused(word):
    with pytest.raises(FieldError, match="order_by"):
        Raw(f"price > 5 {word} 3")


def test_such_words_are_allowed_between_quotes():
    assert compiled(Q(Raw('件名 = "order by (limit"'))) == '(件名 = "order by (limit")'
