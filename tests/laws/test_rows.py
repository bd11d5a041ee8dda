"""A filter on a table's columns finds the records with a row that Python finds, and no other.

Conditions of one filter() hold on one row. The emulator is the judge, under every combination of
its answers to what nobody knows about kintone. What cannot be asked is refused, never widened.
"""

from __future__ import annotations

import operator
from datetime import date, datetime, time, timezone
from decimal import Decimal
from itertools import product
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from support.examples import examples

from kintone_orm import Model, Q, Row, fields
from kintone_orm.emulator import choices
from kintone_orm.emulator.query import Context, compile_query
from kintone_orm.exceptions import NotSupportedError
from kintone_orm.query.compiler import compile_condition
from kintone_orm.query.conditions import NOTHING
from kintone_orm.query.resolve import resolve

UTC = timezone.utc
CONTEXT = Context(now=datetime(2024, 2, 6, tzinfo=UTC), timezone=UTC, user="alice")
UNKNOWN = ["BLANK_IS_UNEQUAL", "BLANK_IS_UNLIKE"]
COMPARE = {"gt": operator.gt, "gte": operator.ge, "lt": operator.lt, "lte": operator.le}


class Line(Row):
    item = fields.SingleLineTextField("品名")
    qty = fields.NumberField()
    rank = fields.DropDownField(choices=["A", "B"])
    tags = fields.CheckBoxField(choices=["x", "y"])
    day = fields.DateField()
    at = fields.TimeField()
    moment = fields.DateTimeField()
    memo = fields.MultiLineTextField()


class Order(Model):
    number = fields.NumberField()
    lines = fields.SubtableField(Line, "明細")


FORM = {field.code: field.definition() for field in Order._meta.fields.values()}

NUMBERS = [(Decimal(n), str(n)) for n in (-5, 0, 3)]
DAYS = [(date(2024, 2, n), f"2024-02-0{n}") for n in (5, 6, 7)]
TIMES = [(time(n), f"0{n}:00") for n in (0, 9)]
MOMENTS = [(datetime(2024, 2, n, tzinfo=UTC), f"2024-02-0{n}T00:00:00Z") for n in (5, 6)]
BLANK = (None, "")
HELD: dict[str, list[tuple[Any, Any]]] = {
    "item": [("pen", "pen"), ("ink", "ink"), BLANK],
    "qty": [*NUMBERS, BLANK],
    "rank": [("A", "A"), ("B", "B"), (None, None)],
    "tags": [(("x",), ["x"]), (("x", "y"), ["x", "y"]), (None, [])],
    "day": [*DAYS, (None, None)],
    "at": [*TIMES, (None, None)],
    "moment": [*MOMENTS, BLANK],
    "memo": [("red", "red"), ("red green", "red green"), BLANK],
}
ORDERED = ("qty", "day", "at", "moment")


def asked(name: str) -> st.SearchStrategy[tuple[str, Any]]:
    values = [value for value, _ in HELD[name] if value is not None]
    if name == "tags":
        values = ["x", "y"]
    found = [st.just((f"{name}__isnull", True))]
    if name == "memo":
        return st.one_of(*found, st.just((f"{name}__contains", "red")))
    found.append(st.sampled_from([*values, None]).map(lambda value: (name, value)))
    found.append(st.lists(st.sampled_from(values)).map(lambda value: (f"{name}__in", value)))
    if name in ORDERED:
        found.append(st.just((f"{name}__isnull", False)))
        found.append(
            st.tuples(st.sampled_from(list(COMPARE)), st.sampled_from(values)).map(
                lambda pair: (f"{name}__{pair[0]}", pair[1])
            )
        )
        found.append(
            st.tuples(*[st.sampled_from(values)] * 2).map(lambda pair: (f"{name}__range", pair))
        )
    return st.one_of(found)


def holds(row: dict[str, Any], key: str, wanted: Any) -> bool:
    name, _, lookup = key.partition("__")
    value = row[name]
    if lookup == "isnull":
        return (value is None) is wanted
    if lookup == "" and wanted is None:
        return value is None
    if value is None:
        return False
    if lookup == "range":
        return bool(wanted[0] <= value <= wanted[1])
    if lookup in COMPARE:
        return bool(COMPARE[lookup](value, wanted))
    if lookup == "contains":
        return wanted in value.split()
    several = wanted if lookup == "in" else [wanted]
    return any(each in value if isinstance(value, tuple) else each == value for each in several)


COLUMN = st.sampled_from(sorted(HELD)).flatmap(asked)
SAME = st.sampled_from(sorted(HELD)).flatmap(lambda name: st.tuples(asked(name), asked(name)))


def on_rows(pair: tuple[str, Any]) -> Q:
    return Q(**{f"lines__{pair[0]}": pair[1]})


LEAVES = st.one_of(
    COLUMN.map(on_rows),
    st.sampled_from([Q(number=1), Q(number=None), Q(number__gt=0)]),
)
TREES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.builds(operator.and_, inner, inner), st.builds(operator.or_, inner, inner)
    ),
    max_leaves=4,
)
ROWS = st.lists(
    st.fixed_dictionaries({name: st.sampled_from(held) for name, held in HELD.items()}), max_size=3
)


def found_by(q: Q, number: Any, row: dict[str, Any] | None) -> bool:
    """True if a record is found by this one of its rows; None stands for no row."""
    results = []
    for child in q.children:
        if isinstance(child, Q):
            results.append(found_by(child, number, row))
            continue
        key, wanted = child
        if not key.startswith("lines__"):
            results.append(number is None if wanted is None else number == 1)
        else:
            results.append(row is not None and holds(row, key.removeprefix("lines__"), wanted))
    return all(results) if q.connector == Q.AND else any(results)


@examples(200)
@given(TREES, st.sampled_from([None, 1]), ROWS)
def test_a_filter_finds_the_records_with_such_a_row(q, number, rows):
    check(q, number, rows)


@examples(200)
@given(SAME, ROWS)
def test_two_conditions_on_one_cell_must_hold_of_it(pairs, rows):
    check(on_rows(pairs[0]) & on_rows(pairs[1]), None, rows)


def check(q: Q, number: int | None, rows: list[dict[str, Any]]) -> None:
    try:
        condition = resolve(q, Order._meta.find, zone=lambda: None)
    except NotSupportedError:
        assume(False)
    record = {
        "number": {"value": "" if number is None else "1"},
        "明細": {"value": [{"id": "1", "value": cells(row)} for row in rows]},
    }
    values = [{name: cell[0] for name, cell in row.items()} for row in rows]
    wanted = any(found_by(q, number, row) for row in [None, *values])
    for answers in product([True, False], repeat=len(UNKNOWN)):
        with pytest.MonkeyPatch.context() as patch:
            for choice, answer in zip(UNKNOWN, answers, strict=True):
                patch.setattr(choices, choice, answer)
            if condition == NOTHING:
                assert not wanted
            else:
                query = compile_query(compile_condition(condition), FORM, CONTEXT)
                assert query.matches(record) is wanted


def cells(row: dict[str, tuple[Any, Any]]) -> dict[str, Any]:
    return {Order.lines.columns[name].code: {"value": wire} for name, (_, wire) in row.items()}


@examples(50)
@given(COLUMN)
def test_the_opposite_is_refused(pair):
    q = Q(**{f"lines__{pair[0]}": pair[1]})
    with pytest.raises(NotSupportedError):
        resolve(~q, Order._meta.find, zone=lambda: None)
