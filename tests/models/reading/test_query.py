"""Query: a value that says what is read. Nothing here sends a request or has a connection."""

from __future__ import annotations

from dataclasses import FrozenInstanceError
from datetime import datetime, timezone
from zoneinfo import ZoneInfo

import pytest

from kintone_orm import Model, Q, Raw, Row, fields
from kintone_orm.exceptions import FieldError
from kintone_orm.models import FETCH_ONE, Prefetch, QuerySet
from kintone_orm.models.reading.destination import Destination
from kintone_orm.models.reading.explain import explain
from kintone_orm.models.reading.query import Query
from kintone_orm.models.reading.subqueries import Subquery
from kintone_orm.query.compiler import OrderKey
from kintone_orm.query.conditions import Pending, all_of, any_of
from kintone_orm.query.planner import Paging

TOKYO = ZoneInfo("Asia/Tokyo")


class Line(Row):
    item = fields.SingleLineTextField()


class Customer(Model):
    code = fields.SingleLineTextField(unique=True)
    orders = fields.ReferenceTableField("Order", key="code", related="customer_code")


class Order(Model):
    number = fields.NumberField()
    due = fields.DateTimeField()
    customer_code = fields.LookupField(Customer, key="code")
    customer = fields.RelatedRecord("customer_code")
    lines = fields.SubtableField(Line)

    class Meta:
        ordering = ["-number"]


class Here:
    """Surroundings in Tokyo, with no field that is short."""

    def zone(self):
        return TOKYO

    def may_be_short(self, code):
        return False


class Domain:
    """What a plan is made for, as an explanation needs it."""

    base_url = "https://example.cybozu.com"
    short_texts = {}
    by_oauth = False
    max_concurrency = 10

    def path(self, endpoint):
        return f"/k/v1/{endpoint}.json"


HERE = Here()
EVERY = Query(Order)
WHERE = {"app": 7, "zone": None, "domain": Domain()}


def inner(code="a", made_by="QuerySet"):
    customers = Query(Customer).narrow(Q(code=code), HERE).values("values_list", ["code"], "flat")
    return Subquery(customers, Destination(Customer._meta), made_by)


def by_queryset(code):
    return Q(customer_code__in=QuerySet(Customer).filter(code=code))


# Each makes another query of one, and each another one than all others.
STEPS = {
    "narrow": lambda query: query.narrow(Q(number__gt=5), HERE),
    "narrow to others": lambda query: query.narrow(Q(number__gt=5), HERE, negated=True),
    "narrow by words of kintone's": lambda query: query.narrow(Q(Raw('number > "5"')), HERE),
    "narrow by a day": lambda query: query.narrow(Q(due__lt=datetime(2026, 1, 1)), HERE),
    "narrow by an inner query": lambda query: query.narrow(by_queryset("a"), HERE),
    "narrow by another inner query": lambda query: query.narrow(by_queryset("b"), HERE),
    "narrow by a relation": lambda query: query.narrow(
        Q(customer__in=QuerySet(Customer).filter(code="a")), HERE
    ),
    "nothing": lambda query: query.nothing(),
    "order": lambda query: query.order_by(["number"]),
    "order downwards": lambda query: query.order_by(["-number"]),
    "order by id": lambda query: query.order_by([]),
    "reverse": lambda query: query.reverse(),
    "slice": lambda query: query.slice(0, 5),
    "slice from a row on": lambda query: query.slice(5, None),
    "only": lambda query: query.only(["number"]),
    "defer": lambda query: query.defer(["number"]),
    "fetch mode": lambda query: query.fetch_mode(FETCH_ONE),
    "select related": lambda query: query.select_related(["customer"]),
    "prefetch": lambda query: query.prefetch_related(["customer"]),
    "prefetch some": lambda query: query.prefetch_related(
        [Prefetch("customer", QuerySet(Customer).filter(code="a"))]
    ),
    "prefetch others": lambda query: query.prefetch_related(
        [Prefetch("customer", QuerySet(Customer).filter(code="b"))]
    ),
    "prefetch elsewhere": lambda query: query.prefetch_related(
        [Prefetch("customer", QuerySet(Customer).filter(code="a"), to_attr="payer")]
    ),
    "dicts": lambda query: query.values("values", ["number"], "dict"),
    "tuples": lambda query: query.values("values_list", ["number"], "tuple"),
    "values of another field": lambda query: query.values("values_list", ["id"], "tuple"),
}


@pytest.mark.parametrize("step", STEPS.values(), ids=STEPS)
def test_the_same_steps_make_equal_queries(step):
    query, again = step(EVERY), step(Query(Order))

    assert query is not again
    assert query == again
    assert hash(query) == hash(again)
    assert query != EVERY


def test_different_steps_make_different_queries():
    queries = [step(EVERY) for step in STEPS.values()]

    assert len(set(queries)) == len(queries)


def test_queries_of_two_models_differ():
    assert Query(Order) != Query(Customer)
    assert Query(Order) != Order


@pytest.mark.parametrize("step", STEPS.values(), ids=STEPS)
def test_a_step_leaves_the_query_as_it_is(step):
    step(EVERY)

    assert Query(Order) == EVERY


def test_a_query_cannot_be_changed():
    with pytest.raises(FrozenInstanceError):
        EVERY.start = 5
    with pytest.raises(FrozenInstanceError):
        del EVERY.model


def test_conditions_for_two_time_zones_are_two_queries():
    class There(Here):
        def zone(self):
            return timezone.utc

    moment = Q(due__lt=datetime(2026, 1, 1, 9))
    at_nine = Q(due__lt=datetime(2026, 1, 1, 0))
    ours, theirs = EVERY.narrow(moment, HERE), EVERY.narrow(at_nine, There())

    assert ours.compile() == theirs.compile()
    assert ours != theirs


def test_the_time_zone_is_asked_for_naive_datetimes_only():
    class Unknown(Here):
        def zone(self):
            raise AssertionError("asked")

    EVERY.narrow(Q(due__lt=datetime(2026, 1, 1, tzinfo=timezone.utc), number=5), Unknown())


def test_a_query_compiles_with_its_order_and_slice():
    query = EVERY.narrow(Q(number__gt=5), HERE).order_by(["due"]).slice(10, 30)

    assert query.compile() == 'number > "5" order by due asc, $id asc limit 20 offset 10'
    assert Query(Customer).compile() == "order by $id asc"


def test_an_inner_query_that_is_not_read_is_a_placeholder():
    assert EVERY.narrow(by_queryset("a"), HERE).compile() == (
        'customer_code in (<QuerySet of Customer: code = "a" order by $id asc (not fetched)>) '
        "order by number desc, $id asc"
    )


def test_an_inner_queryset_is_held_as_its_query():
    pending = EVERY.narrow(by_queryset("a"), HERE).condition

    assert isinstance(pending, Pending)
    assert pending.source == inner("a")
    assert pending.source == inner("a", made_by="AnyClass")
    assert pending.source != inner("b")
    assert isinstance(pending.source.query, Query)


def test_queries_are_combined():
    large, old = EVERY.narrow(Q(number__gt=5), HERE), EVERY.narrow(Q(due=None), HERE)
    both = EVERY.narrow(Q(number__gt=5) & Q(due=None), HERE)
    either = EVERY.narrow(Q(number__gt=5) | Q(due=None), HERE)

    assert large.combine(old, all_of, HERE) == both
    assert large.combine(old, any_of, HERE) == either
    assert large.combine(old.order_by(["due"]), all_of, HERE) == both.order_by(["due"])


def test_a_slice_counts_within_the_slice_before():
    query = EVERY.slice(10, 30)

    assert query.slice(5, 50) == EVERY.slice(15, 30)
    assert query.slice(5, 10) == EVERY.slice(15, 20)
    assert query.slice(40, None).finds_nothing


def test_the_plan_has_the_app_that_is_given():
    selection = EVERY.narrow(Q(number__gt=5), HERE).only(["number"]).plan(**WHERE)

    assert selection.app == 7
    assert selection.fields == ["$id", "$revision", "number"]
    assert selection.order == (OrderKey("number", descending=True), OrderKey("$id"))
    assert selection.way is Paging.CURSOR


def test_a_plan_may_have_other_fields_and_pages():
    selection = Query(Customer).plan(**WHERE, codes=["$id"], size=100, paging=Paging.SEEK)

    assert (selection.fields, selection.size, selection.way) == (
        ["$id"],
        100,
        Paging.SEEK,
    )


def test_the_keys_of_relations_are_read_along():
    selection = EVERY.only(["number"]).select_related(["customer"]).plan(**WHERE)

    assert "customer_code" in selection.fields


@pytest.mark.parametrize("query", [EVERY.nothing(), EVERY.slice(5, 5)])
def test_a_query_that_finds_nothing_has_no_plan(query):
    assert query.finds_nothing
    assert query.plan(**WHERE) is None


def test_a_plan_for_another_time_zone_is_refused():
    query = EVERY.narrow(Q(due__lt=datetime(2026, 1, 1)), HERE)

    assert query.plan(app=7, zone=TOKYO, domain="a") is not None
    with pytest.raises(FieldError, match="zone Asia/Tokyo, but the time zone of 'there' is UTC"):
        query.plan(app=7, zone=None, domain="there")


def test_an_explanation_needs_no_connection():
    selection = Query(Customer).narrow(Q(code="a"), HERE).plan(**WHERE)
    explanation = explain(Domain(), selection, decoder="", ahead=1, workers=1)

    assert explanation.endpoint == "GET /k/v1/records.json"
    assert explanation.query == 'code = "a" order by $id asc limit 500'
    assert explanation.paging is Paging.SEEK


def test_what_a_query_is_said_to_be():
    assert EVERY.is_everything
    assert EVERY.is_whole
    assert EVERY.only(["number"]).is_everything
    assert not EVERY.only(["number"]).is_whole
    assert not EVERY.select_related(["customer"]).is_whole
    assert not EVERY.slice(0, 5).is_everything
    assert not EVERY.narrow(Q(number=5), HERE).is_everything
    assert EVERY.is_ordered
    assert not Query(Customer).is_ordered


def test_a_filter_without_conditions_is_the_same_query():
    assert EVERY.narrow(Q(), HERE) is EVERY
