"""The same steps give equal queries, and equal queries have the same plan."""

from __future__ import annotations

import operator
from contextlib import suppress
from datetime import datetime, timezone
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from support.examples import examples

from kintone_orm import Model, Q, fields
from kintone_orm.models import Prefetch, QuerySet
from kintone_orm.models.reading.query import Query
from kintone_orm.query.conditions import all_of, any_of


class Owner(Model):
    code = fields.SingleLineTextField(unique=True)


class Item(Model):
    name = fields.SingleLineTextField()
    number = fields.NumberField()
    at = fields.DateTimeField()
    owner_code = fields.LookupField(Owner, key="code")
    owner = fields.RelatedRecord("owner_code")


class Here:
    def zone(self):
        return timezone.utc

    def may_be_short(self, code):
        return False


HERE = Here()
WHERE: dict[str, Any] = {"app": 1, "zone": timezone.utc, "domain": "here"}
NAMES = st.lists(st.sampled_from(["name", "number", "at"]), min_size=1, max_size=2, unique=True)


def owners(code):
    return QuerySet(Owner).filter(code=code)


CONDITIONS = st.one_of(
    st.sampled_from(["a", "b", ""]).map(lambda text: {"name": text}),
    st.integers(0, 2).map(lambda number: {"number__gt": number}),
    st.lists(st.integers(0, 2), max_size=2).map(lambda numbers: {"number__in": numbers}),
    st.integers(2025, 2026).map(lambda year: {"at__lt": datetime(year, 1, 1)}),
    st.sampled_from("ab").map(lambda code: {"owner_code__in": code}),
)


def q(condition):
    """Made anew each time, with an inner queryset of its own."""
    (name, value), *_ = condition.items()
    return Q(**{name: owners(value) if name == "owner_code__in" else value})


STEPS = st.one_of(
    st.tuples(st.just("narrow"), CONDITIONS, st.booleans()),
    st.tuples(st.just("nothing")),
    st.tuples(st.just("order"), NAMES),
    st.tuples(st.just("reverse")),
    st.tuples(st.just("slice"), st.integers(0, 3), st.none() | st.integers(0, 3)),
    st.tuples(st.just("only"), NAMES),
    st.tuples(st.just("defer"), NAMES),
    st.tuples(st.just("select")),
    st.tuples(st.just("prefetch"), st.sampled_from("ab")),
    st.tuples(st.just("values"), NAMES, st.sampled_from(["dict", "tuple", "named"])),
    st.tuples(st.just("combine"), CONDITIONS, st.sampled_from([all_of, any_of])),
)


def readable(query):
    """The query; ValueError if other records were asked for in the same place."""
    query.branches()
    return query


DO = {
    "narrow": lambda query, asked, negated: query.narrow(q(asked), HERE, negated=negated),
    "nothing": lambda query: query.nothing(),
    "order": lambda query, names: query.order_by(names),
    "reverse": lambda query: query.reverse(),
    "slice": lambda query, start, stop: query.slice(start, stop),
    "only": lambda query, names: query.only(names),
    "defer": lambda query, names: query.defer(names),
    "select": lambda query: readable(query.select_related(["owner"])),
    "prefetch": lambda query, code: query.prefetch_related([Prefetch("owner", owners(code))]),
    "values": lambda query, names, form: query.values("values", names, form),
    "combine": lambda query, asked, join: query.combine(
        Query(query.model).narrow(q(asked), HERE), join, HERE
    ),
}
IMPOSSIBLE = (TypeError, ValueError)  # after a slice, of values, or the same place twice


def asked_for(steps):
    """The query of the steps that can be taken one after the other."""
    query = Query(Item)
    for name, *arguments in steps:
        try:
            query = DO[name](query, *arguments)
        except IMPOSSIBLE:
            continue
    return query


def plan(query):
    return query.plan(**WHERE)


@examples(200)
@given(st.lists(STEPS, max_size=6))
def test_the_same_steps_make_equal_queries_with_the_same_plan(steps):
    query, again = asked_for(steps), asked_for(steps)

    assert query == again
    assert hash(query) == hash(again)
    assert query.compile() == again.compile()
    assert plan(query) == plan(again)


@examples(200)
@given(st.lists(STEPS, max_size=4), st.lists(STEPS, max_size=4))
def test_queries_are_equal_only_if_they_read_the_same(steps, others):
    query, other = asked_for(steps), asked_for(others)

    if query == other:
        assert query.compile() == other.compile()
        assert plan(query) == plan(other)
    if query.compile() != other.compile() or plan(query) != plan(other):
        assert query != other


@examples(100)
@given(st.lists(STEPS, max_size=4), STEPS)
def test_a_step_never_changes_the_query_that_it_starts_from(steps, step):
    query, before = asked_for(steps), asked_for(steps)
    with suppress(*IMPOSSIBLE):
        DO[step[0]](query, *step[1:])

    assert query == before


@examples(100)
@given(
    st.lists(st.tuples(st.integers(0, 4), st.none() | st.integers(0, 8)), max_size=4),
    st.lists(st.integers(), max_size=10),
)
def test_slices_of_slices_are_those_of_a_list(slices, rows):
    query, expected = Query(Item), rows
    for start, stop in slices:
        query = query.slice(start, stop)
        expected = operator.itemgetter(slice(start, stop))(expected)

    assert rows[query.start : query.stop] == expected
