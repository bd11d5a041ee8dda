"""How blanks decide about a comparison and about its opposite."""

from __future__ import annotations

import pytest
from support.models.one_of_each import compiled

from kintone_orm import Q
from kintone_orm.exceptions import NotSupportedError


@pytest.mark.parametrize(
    ("condition", "query"),
    [
        (Q(price__lt=5), 'price < "5" and price != ""'),  # a blank is smaller than every number
        (Q(price__gt=5), 'price > "5"'),
        (Q(total__gt=5), 'total > "5" and total != ""'),  # not measured of calculated fields
        (~Q(price__gt=5), 'price <= "5" or price = ""'),
        (~Q(title="a"), '件名 != "a" or 件名 = ""'),
        (~Q(memo__contains="a"), 'memo not like "a" or memo is empty'),
    ],
)
def test_a_comparison_is_never_true_of_a_blank_and_its_opposite_always(condition, query):
    assert compiled(condition) == query


def test_a_field_that_always_has_a_value_is_not_tested_for_blanks():
    assert compiled(~Q(status="Done")) == 'Status != "Done"'
    assert compiled(Q(status__isnull=True)) == "(no record)"
    assert compiled(Q(status__isnull=False)) == "(every record)"


def test_the_opposite_of_a_word_search_is_refused_where_the_blank_is_unknown():
    with pytest.raises(NotSupportedError, match="blank rich text"):
        compiled(~Q(body__contains="a"))


@pytest.mark.parametrize(
    ("condition", "query"),
    [
        (Q(rank__in=["A", "B"]), 'rank in ("A", "B")'),
        (Q(due__in=["2024-02-06", "2024-02-07"]), 'due = "2024-02-06" or due = "2024-02-07"'),
        (Q(title__in=["a", None]), '件名 = "a" or 件名 = ""'),
    ],
)
def test_several_values_are_one_list_where_the_type_has_one(condition, query):
    assert compiled(condition) == query
