from __future__ import annotations

import pytest
from support.models.one_of_each import Thing, compiled

from kintone_orm import Q
from kintone_orm.exceptions import NotSupportedError


def test_two_conditions_of_one_filter_are_on_one_row():
    assert compiled(Q(lines__qty__gt=3, lines__item="a")) == '品名 in ("a") and qty > "3"'


def test_alternatives_beside_a_condition_on_the_same_row_are_multiplied_out():
    # How kintone joins rows through parentheses is not known.
    condition = Q(lines__qty__gt=3) & (Q(lines__item="a") | Q(lines__item="b"))
    assert compiled(condition) == ('(品名 in ("a") and qty > "3") or (品名 in ("b") and qty > "3")')


def test_a_condition_that_is_on_no_table_stands_beside_the_alternatives_once():
    condition = Q(lines__qty__gt=3) & (Q(lines__item="a") | Q(lines__item="b")) & Q(price=1)
    assert compiled(condition).count("price") == 1


def test_more_conditions_on_one_row_than_were_measured_are_refused():
    with pytest.raises(NotSupportedError, match="3 conditions on one row of '明細'"):
        compiled(Q(lines__qty__gt=1, lines__item="a", lines__grade="A"))


def test_two_conditions_on_one_related_record_are_refused():
    with pytest.raises(NotSupportedError, match="related record"):
        compiled(Q(sales__amount__gt=1, sales__grade="A"))


def test_the_opposite_is_refused_because_a_record_without_rows_is_never_found():
    with pytest.raises(NotSupportedError, match="without rows"):
        compiled(~Q(lines__qty=3))


def test_two_filter_calls_on_one_table_are_refused():
    with pytest.raises(NotSupportedError, match="'明細'"):
        Thing.objects.filter(lines__qty=3).filter(lines__item="a")


def test_two_filter_calls_on_two_tables_are_joined():
    query = str(Thing.objects.filter(lines__qty=3).filter(sales__amount=1).query)
    assert "qty" in query
    assert "sales.amount" in query


def test_too_many_alternatives_on_one_table_are_refused():
    items = Q(*(Q(lines__item=str(n)) for n in range(150)), _connector=Q.OR)
    days = Q(lines__day="2024-02-06") | Q(lines__day="2024-02-07")
    with pytest.raises(NotSupportedError, match="too many alternatives"):
        compiled(items & days)
