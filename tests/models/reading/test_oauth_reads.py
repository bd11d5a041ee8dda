"""Reading with an OAuth token: without cursors, which kintone does not document for OAuth."""

from __future__ import annotations

import pytest
from support.models.geography import City
from support.models.shop import Customer, Order, shop
from support.oauth import using_oauth

from kintone_orm import Model, fields
from kintone_orm.exceptions import NotSupportedError
from kintone_orm.query import Paging
from kintone_orm.testing import assert_requests, capture_requests, emulate

RECORDS = "/k/v1/records.json"


class Number(Model):
    n = fields.IntegerField()


def by_n():
    """A new queryset in an order other than by id."""
    return Number.objects.order_by("-n").values_list("n", flat=True)


@pytest.fixture(scope="module")
def loaded():
    with emulate(Number) as connection:
        Number.objects.bulk_create(Number(n=n) for n in range(10_502))
        return connection.snapshot()


@pytest.fixture
def emulated(loaded):
    """A connection by password to an emulator with 10,502 records."""
    with emulate(like=loaded) as connection:
        yield connection


@pytest.fixture
def many(emulated):
    """The current connection, by an OAuth token, to the same emulator."""
    with using_oauth(emulated) as connection:
        yield connection


@pytest.fixture
def by_oauth(kintone):
    with using_oauth(kintone) as connection:
        yield connection


def leave(number: int) -> None:
    """Delete the records from this one on."""
    Number.objects.filter(n__gte=number).delete()


# -- requests --------------------------------------------------------------------------------------

READS = {
    "by id": (lambda q: q, 3),
    "by id, downwards": (lambda q: q.order_by("-pk"), 3),
    "a short slice": (lambda q: q.order_by("-n")[:500], 1),
    "a slice that offsets reach": (lambda q: q.order_by("-n")[:1000], 3),
    "a slice beyond offsets": (lambda q: q.order_by("-n")[:20_000], 3),
    "a slice from a row on": (lambda q: q.order_by("-n")[600:], 2),
    "in an order": (lambda q: q.order_by("-n"), 3),
    "less than a page, in an order": (lambda q: q.filter(n__lt=499).order_by("-n"), 1),
    "a full page, in an order": (lambda q: q.filter(n__lt=500).order_by("-n"), 2),
}


@pytest.fixture(scope="module")
def some(loaded):
    with emulate(like=loaded) as connection:
        leave(1203)
        return connection.snapshot()


@pytest.mark.parametrize("read", READS)
def test_each_read_gives_what_a_password_gives(some, read):
    make, requests = READS[read]
    with emulate(like=some) as connection:
        expected = [record.n for record in make(Number.objects.all())]
        with using_oauth(connection), assert_requests(requests) as sent:
            found = [record.n for record in make(Number.objects.all())]
        with using_oauth(connection):
            explained = make(Number.objects.all()).explain().requests_for(len(expected))

    assert found == expected
    assert {request.path for request in sent} == {RECORDS}
    assert explained == requests


def test_small_pages_reach_as_far_as_large_ones(many):
    leave(10_500)
    with capture_requests(many) as sent:
        found = list(by_n().iterator(300))

    assert found == list(reversed(range(10_500)))
    assert sent[1].params["query"].endswith("limit 300 offset 299")
    assert sent[-1].params["query"].endswith("limit 500 offset 10000")
    explanation = Number.objects.order_by("-n").explain()
    assert explanation.requests_for(10_500) == 22


# -- the end of offsets ----------------------------------------------------------------------------


@pytest.mark.parametrize("number", [10_499, 10_500])
def test_up_to_10500_records_can_be_read_in_an_order(many, number):
    leave(number)
    with assert_requests(22):
        assert list(by_n()) == list(reversed(range(number)))


READINGS = {
    "a list": lambda queryset: list(queryset),
    "an iterator": lambda queryset: next(queryset.iterator()),
    "an iterator of small pages": lambda queryset: next(queryset.iterator(50)),
    "by offset": lambda queryset: next(queryset.iterator(paging="offset")),
    "a long slice": lambda queryset: next(queryset[:10_501].iterator()),
    "a slice from a row on": lambda queryset: next(queryset[300:].iterator()),
}


@pytest.mark.parametrize("reading", READINGS)
def test_more_records_are_refused_by_the_first_request_before_a_row_is_given(many, reading):
    leave(10_501)
    with assert_requests(1), pytest.raises(NotSupportedError) as refused:
        READINGS[reading](by_n())

    app = many.apps[Number._meta.app]
    assert str(refused.value) == (
        f"10,501 records of app {app} satisfy the conditions, but with an OAuth token only 10,500 "
        "can be read in an order other than by id: kintone's offsets end there, and kintone "
        "documents no cursors for OAuth. Order by id, filter further, read a shorter slice, or "
        "connect with a password or an API token."
    )


def test_records_that_are_added_while_reading_are_not_lost_in_silence(emulated, many):
    leave(10_500)
    sent = []

    def add_one(send, request):
        sent.append(request)
        if len(sent) == 21:
            Number.objects.using(emulated).create(n=-1)
        return send(request)

    with many.wrap(add_one), pytest.raises(NotSupportedError, match="^10,501 records of"):
        list(by_n())
    assert len(sent) == 22


def test_a_slice_that_offsets_reach_is_given_however_many_records_there_are(many):
    with assert_requests(22) as sent:
        assert list(by_n()[:10_500]) == list(reversed(range(2, 10_502)))
    assert not any("totalCount" in request.params for request in sent)


@pytest.mark.parametrize("order", ["pk", "-pk"])
def test_by_id_there_is_no_end(many, order):
    with assert_requests(22):
        assert len(Number.objects.order_by(order)) == 10_502


def test_rows_that_move_each_time_are_an_error_that_names_the_remedy(some):
    sent = []

    def add_one(send, request):
        sent.append(request)
        if len(sent) in (2, 4):
            Number.objects.using(connection).create(n=10_000 + len(sent))
        return send(request)

    with (
        emulate(like=some) as connection,
        using_oauth(connection) as by_oauth,
        by_oauth.wrap(add_one),
        pytest.raises(NotSupportedError, match="at most 500 rows at once, order by id, or connect"),
    ):
        list(by_n())


# -- what else reads -------------------------------------------------------------------------------


def test_relations_and_keys_are_read_without_cursors(kintone):
    shop(customers=600, orders=1200)
    codes = [f"c{n}" for n in range(600)]
    with using_oauth(kintone) as connection, capture_requests(connection) as sent:
        assert len(Customer.objects.in_bulk(codes, field_name="code")) == 600
        orders = Order.objects.order_by("-number").select_related("customer__region")
        assert sum(order.customer.region.code == "r1" for order in orders) == 600
        customers = Customer.objects.order_by("-code").prefetch_related("orders")
        assert {len(customer.orders.all()) for customer in customers} == {2}
        assert customers.count() == 600
        assert customers.earliest("code").code == "c0"

    assert {request.path for request in sent} == {RECORDS}


# -- what is said about it -------------------------------------------------------------------------


def test_a_cursor_that_is_asked_for_is_refused_at_once(by_oauth):
    with assert_requests(0), pytest.raises(NotSupportedError) as refused:
        City.objects.order_by("name").iterator(paging="cursor")

    assert str(refused.value) == (
        "Paging.CURSOR cannot be used: kintone documents no cursors for OAuth tokens. Use OFFSET, "
        "leave out the paging, or connect with a password or an API token."
    )


def test_explain_says_what_takes_the_place_of_a_cursor(by_oauth):
    explanation = City.objects.order_by("name").explain()

    assert explanation.paging is Paging.OFFSET
    assert explanation.reason == (
        "the order is not by $id, and kintone documents no cursors for OAuth tokens"
    )
    assert explanation.requests == (
        "1, and 1 more after each full page, which shares a row with it; 22 at most"
    )
    (limit,) = explanation.notes
    assert explanation.guarantee.endswith(
        "is read again, and NotSupportedError is raised if they move again."
    )
    assert limit == (
        "with an OAuth token, at most 10,500 records can be read in this order; if there are more, "
        "the first request tells, and NotSupportedError is raised before a record is returned"
    )
    assert explanation.requests_for(10_501) == 1


def test_explain_of_a_slice_that_offsets_reach_speaks_of_no_limit(by_oauth):
    explanation = City.objects.order_by("name")[:1000].explain()

    assert explanation.reason == "the slice ends within kintone's maximum offset"
    assert explanation.notes == ()


def test_the_log_says_it_once_when_an_order_takes_more_than_a_page(some, caplog):
    with emulate(like=some) as connection, using_oauth(connection):
        assert len(by_n().filter(n__lt=400)) == 400
        assert len(Number.objects.all()) == 1203
        assert not caplog.records
        assert len(by_n()) == len(by_n()) == 1203

    assert [record.levelname for record in caplog.records] == ["WARNING"]
    assert "OAuth token" in caplog.messages[0]
