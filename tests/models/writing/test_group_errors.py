"""The errors of groups of records: their lists, their texts, and `carried_out`."""

from __future__ import annotations

import pickle

import pytest

from kintone_orm import Model, Retry, fields, override
from kintone_orm.emulator import Fault
from kintone_orm.exceptions import BulkWriteError, ConflictError, ServerBusy
from kintone_orm.outcomes import CarriedOut
from kintone_orm.testing import capture_requests, emulate

SETTLE = Retry(settle_by_values=True)


class Stock(Model):
    code = fields.SingleLineTextField(unique=True)
    left = fields.NumberField()
    papers = fields.FileField()


@pytest.fixture
def kintone():
    with emulate(Stock, retry=True) as connection:
        Stock.objects.bulk_create([Stock(code=str(n), left=10) for n in range(4)])
        yield connection


def taken():
    """All records, with one less of each."""
    stocks = list(Stock.objects.order_by("pk"))
    for stock in stocks:
        stock.left -= 1
    return stocks


def lefts():
    return [stock.left for stock in Stock.objects.order_by("pk")]


def lose(connection, fault=Fault.LOST_ANSWER, endpoint="records", method="PUT", **how):
    connection.emulator.faults.add(fault, method=method, endpoint=endpoint, **how)


def refused(objects, **how):
    with pytest.raises(BulkWriteError) as caught:
        Stock.objects.bulk_update(objects, **how)
    return caught.value


def test_an_update_with_revisions_is_sent_again_until_it_arrives(kintone):
    lose(kintone, Fault.LOST_REQUEST, times=3)
    with capture_requests(kintone) as sent:
        assert Stock.objects.bulk_update(taken(), check_revision=True) == 4
    assert [request.attempt for request in sent if request.method == "PUT"] == [1, 2, 3, 4]
    assert lefts() == [9] * 4


def test_a_lost_answer_to_an_update_with_revisions_is_never_a_conflict(kintone):
    stocks = taken()
    lose(kintone)
    with capture_requests(kintone) as sent:
        error = refused(stocks, check_revision=True)
    assert len(sent) == 2
    assert not isinstance(error, ConflictError)
    assert error.unknown == stocks
    assert error.carried_out is CarriedOut.UNKNOWN
    assert lefts() == [9] * 4


def test_the_same_in_a_bulk_request(kintone):
    stocks = taken()
    lose(kintone, endpoint="bulkRequest", method="POST")
    with capture_requests(kintone) as sent:
        error = refused(stocks, check_revision=True, batch_size=2)
    assert len(sent) == 2
    assert error.unknown == stocks
    assert lefts() == [9] * 4


def test_an_update_without_revisions_is_not_sent_again(kintone):
    stocks = taken()
    lose(kintone)
    with capture_requests(kintone) as sent:
        error = refused(stocks)
    assert len(sent) == 1
    assert error.unknown == stocks
    assert "read them before you send them again" in str(error)


def test_an_update_without_revisions_is_sent_again_where_this_is_allowed(kintone):
    lose(kintone)
    with override(retry=Retry(repeat_unversioned=True)):
        Stock.objects.bulk_update(taken())
    assert lefts() == [9] * 4


def test_new_records_are_never_sent_again(kintone):
    new = [Stock(code="new")]
    lose(kintone, method="POST")
    repeat = override(retry=Retry(repeat_unversioned=True))
    with repeat, capture_requests(kintone) as sent, pytest.raises(BulkWriteError) as caught:
        Stock.objects.bulk_create(new)
    assert len(sent) == 1
    assert caught.value.unknown == new
    assert Stock.objects.count() == 5


def test_a_group_that_was_refused_is_not_carried_out(kintone):
    lose(kintone, Fault.DATABASE_LOCKED, times=None)
    error = refused(taken())
    assert isinstance(error, ServerBusy)
    assert error.carried_out is CarriedOut.NO


def test_an_earlier_group_makes_it_carried_out(kintone):
    lose(kintone, Fault.DATABASE_LOCKED, times=None, endpoint="bulkRequest", method="POST", after=1)
    with pytest.raises(BulkWriteError) as caught:
        Stock.objects.bulk_create([Stock(code=f"new{n}") for n in range(45)], 1)
    assert (len(caught.value.done), len(caught.value.unknown)) == (20, 0)
    assert caught.value.carried_out is CarriedOut.YES


def test_an_upload_that_failed_has_written_nothing(kintone):
    stock = Stock.objects.get(code="0")
    stock.papers = [fields.ContentFile(b"x", name="a.txt")]
    kintone.emulator.faults.add(Fault.LOST_ANSWER, endpoint="file")
    error = refused([stock], check_revision=True)
    assert error.failed == [stock]
    assert error.carried_out is CarriedOut.NO


# -- settling by values -------------------------------------------------------------------------


@pytest.mark.parametrize("batch_size", [100, 2])
def test_records_that_look_saved_settle_where_this_is_allowed(kintone, batch_size):
    stocks = taken()
    kintone.emulator.faults.add(Fault.LOST_ANSWER)
    with override(retry=SETTLE), capture_requests(kintone) as sent:
        assert Stock.objects.bulk_update(stocks, None, batch_size, check_revision=True) == 4
    assert len(sent) == 3
    assert [stock.revision for stock in stocks] == [2] * 4
    assert [stock.changed_fields() for stock in stocks] == [{}] * 4


def test_one_record_that_does_not_look_saved_leaves_all_unknown(kintone):
    stocks = taken()
    lose(kintone)

    calls = []

    def somebody_else_writes(send, request):
        if request.method == "GET" and not calls:
            calls.append(request)
            Stock.objects.filter(code="2").update(left=5)
        return send(request)

    with override(retry=SETTLE), kintone.wrap(somebody_else_writes):
        error = refused(stocks, check_revision=True)
    assert error.unknown == stocks
    assert [stock.revision for stock in stocks] == [1] * 4


def test_records_without_revisions_never_settle(kintone):
    stocks = taken()
    lose(kintone)
    with override(retry=SETTLE):
        assert refused(stocks).unknown == stocks


def update_all(**values):
    return Stock.objects.all().update(**values, check_revision=True)


def test_an_update_of_a_queryset_that_looks_saved_settles_where_this_is_allowed(kintone):
    lose(kintone)
    with override(retry=SETTLE), capture_requests(kintone) as sent:
        assert update_all(left=7) == 4
    assert [request.method for request in sent] == ["GET", "PUT", "PUT", "GET"]
    assert lefts() == [7] * 4


def test_an_update_of_a_queryset_settles_only_where_this_is_allowed(kintone):
    lose(kintone)
    with pytest.raises(BulkWriteError) as caught:
        update_all(left=7)
    assert caught.value.unknown == [1, 2, 3, 4]


def test_an_update_of_a_queryset_that_does_not_look_saved_is_unknown(kintone):
    def somebody_else_writes(send, request):
        response = send(request)
        if request.method == "PUT" and request.attempt == 2:
            stock = Stock.objects.get(pk=3)
            stock.left = 5
            stock.save()
        return response

    lose(kintone)
    settling = override(retry=SETTLE)
    with settling, kintone.wrap(somebody_else_writes), pytest.raises(BulkWriteError) as caught:
        update_all(left=7)
    assert caught.value.unknown == [1, 2, 3, 4]


def test_an_update_of_a_queryset_without_revisions_never_settles(kintone):
    lose(kintone)
    settling = override(retry=SETTLE)
    with settling, capture_requests(kintone) as sent, pytest.raises(BulkWriteError):
        Stock.objects.all().update(left=7)
    assert len(sent) == 2


# -- pickles of earlier versions ------------------------------------------------------------------


def old_pickle(error):
    """The error as a version without `carried_out` pickled it, read by this version."""
    error.__dict__.pop("carried_out")
    return pickle.loads(pickle.dumps(error))


@pytest.mark.parametrize(
    ("lists", "expected"),
    [
        ({"unknown": [1], "done": [2]}, CarriedOut.UNKNOWN),
        ({"done": [2]}, CarriedOut.YES),
        ({"failed": [2]}, CarriedOut.NO),
    ],
)
def test_an_old_pickle_of_a_bulk_error_says_what_its_lists_say(lists, expected):
    assert old_pickle(BulkWriteError("text", **lists)).carried_out is expected
