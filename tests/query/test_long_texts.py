from __future__ import annotations

import pytest
from support.models.one_of_each import Thing, compiled

from kintone_orm import Q
from kintone_orm.exceptions import NotSupportedError
from kintone_orm.query.long_texts import COMPARED_CHARACTERS, equal_texts, to_compare_again
from kintone_orm.query.resolve import resolve

LONG = "x" * COMPARED_CHARACTERS
LONGER = LONG + "y"


def compared_again(condition):
    return to_compare_again(resolve(condition, Thing._meta.find, zone=lambda: None))


def record(text):
    return {"件名": {"value": text}}


@pytest.mark.parametrize("text", ["", "a", LONG[:-1]])
def test_a_short_text_is_compared_by_kintone_alone(text):
    assert compared_again(Q(title=text)) == []


@pytest.mark.parametrize("text", [LONG, LONGER])
def test_a_text_that_kintone_compares_by_its_beginning_is_compared_again(text):
    test = equal_texts(compared_again(Q(title=text)))
    assert test(record(text))
    assert not test(record(text + "z"))


def test_several_texts_are_compared_again_together():
    test = equal_texts(compared_again(Q(title__in=[LONG, "a"])))
    assert [text for text in (LONG, LONGER, "a") if test(record(text))] == [LONG, "a"]


def test_blanks_at_the_end_of_a_text_do_not_count():
    test = equal_texts(compared_again(Q(title=LONG)))
    assert test(record(LONG + "  "))


def test_a_field_of_unique_values_has_no_text_that_long():
    # kintone refuses more than 64 characters where duplicates are prohibited.
    assert compiled(Q(shop=LONG)) == f'shop = "{LONG}"'
    assert compiled(Q(shop=LONGER)) == "(no record)"


@pytest.mark.parametrize(
    ("condition", "where"),
    [
        (Q(title=LONG) | Q(price=1), r"under \|"),
        (~Q(title=LONG), "under ~"),
        (Q(lines__item=LONG), "in the rows"),
    ],
)
def test_a_comparison_whose_finds_cannot_be_told_apart_is_refused(condition, where):
    with pytest.raises(NotSupportedError, match=where):
        compiled(condition)
