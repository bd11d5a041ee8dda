"""LostSave: the error of a save whose answer was lost."""

from __future__ import annotations

import pickle

import pytest

from kintone_orm import Model, Retry, fields, override
from kintone_orm.emulator import Fault
from kintone_orm.exceptions import APIError, ServerBusy, TransportError
from kintone_orm.fields import ContentFile, Row
from kintone_orm.models import LostSave
from kintone_orm.outcomes import CarriedOut
from kintone_orm.testing import assert_requests, capture_requests, emulate

SETTLE = Retry(settle_by_values=True)
ARRIVED = [Fault.LOST_ANSWER, Fault.TRUNCATED_BODY]


class Line(Row):
    item = fields.SingleLineTextField()


class Stock(Model):
    name = fields.SingleLineTextField()
    left = fields.NumberField()
    tags = fields.CheckBoxField(choices=["a", "b"])
    lines = fields.SubtableField(Line)
    papers = fields.FileField()


class Unchecked(Model):
    left = fields.NumberField()

    class Meta:
        app = "stock"
        check_revision = False


@pytest.fixture(params=[True, False], ids=["retries", "no retries"])
def retries(request):
    return request.param


@pytest.fixture
def kintone(retries):
    with emulate(Stock, retry=retries) as connection:
        Stock.objects.create(name="rice", left=10, lines=[Line(item="x")])
        yield connection


def lose(connection, fault=Fault.LOST_ANSWER, times=1, after=0):
    connection.emulator.faults.add(fault, method="PUT", times=times, after=after)


def somebody_else_saves(**values):
    Stock.objects.all().update(**values)


def lost_save_of(stock, **how):
    """Save the stock, and return the error."""
    with pytest.raises(LostSave) as caught:
        stock.save(**how)
    return caught.value


@pytest.mark.parametrize("fault", ARRIVED)
def test_a_save_whose_answer_was_lost_is_never_a_conflict(kintone, retries, fault):
    stock = Stock.objects.get()
    stock.left = 9
    lose(kintone, fault)
    with capture_requests(kintone) as sent:
        error = lost_save_of(stock)
    assert len(sent) == (2 if retries else 1)
    assert isinstance(error, TransportError)
    assert error.carried_out is CarriedOut.UNKNOWN
    assert "Stock id=1: " in str(error)
    assert "may be saved or not" in str(error)


def test_a_page_of_a_server_in_front_makes_the_other_class(kintone):
    stock = Stock.objects.get()
    stock.left = 9
    lose(kintone, Fault.SERVICE_UNAVAILABLE, times=None)
    error = lost_save_of(stock)
    assert isinstance(error, ServerBusy)
    assert (error.status, error.carried_out) == (503, CarriedOut.UNKNOWN)


def test_only_some_fields_are_sent_and_the_answer_is_lost(kintone):
    stock = Stock.objects.get()
    stock.left, stock.name = 9, "sake"
    lose(kintone)
    error = lost_save_of(stock, update_fields=["left"])
    assert error.looks_saved


def test_the_error_keeps_what_the_error_of_the_network_had(kintone):
    stock = Stock.objects.get()
    stock.left = 9
    lose(kintone)
    error = lost_save_of(stock)
    assert (error.method, error.path, error.status) == ("PUT", "/k/v1/record.json", 0)
    assert error.outcome is not None
    assert isinstance(error.__cause__, OSError)


def test_the_values_stay_unsaved_changes(kintone):
    stock = Stock.objects.get()
    stock.left = 9
    lose(kintone)
    error = lost_save_of(stock)
    assert error.instance is stock
    assert error.expected == stock.revision == 1
    assert stock.changed_fields() == {"left": (10, 9)}


def test_the_latest_record_is_read_once(kintone):
    stock = Stock.objects.get()
    stock.left = 9
    lose(kintone)
    error = lost_save_of(stock)
    with assert_requests(1):
        assert error.latest().left == 9
        assert error.latest() is error.latest()
        assert error.looks_saved


def test_the_hint_stays_when_the_program_changes_the_latest_record(kintone):
    stock = Stock.objects.get()
    stock.left = 9
    lose(kintone)
    error = lost_save_of(stock)
    error.latest().left = 5
    assert error.looks_saved


def test_a_save_that_did_not_arrive_does_not_look_saved(kintone):
    stock = Stock.objects.get()
    stock.left = 9
    lose(kintone, Fault.LOST_REQUEST, times=None)
    error = lost_save_of(stock)
    assert not error.looks_saved
    assert error.latest().left == 10


def test_the_save_of_somebody_else_does_not_look_like_this_one(kintone):
    stock = Stock.objects.get()
    stock.left = 9
    somebody_else_saves(left=8)
    lose(kintone, Fault.LOST_REQUEST, times=None)
    assert not lost_save_of(stock).looks_saved


def test_a_later_revision_does_not_look_saved(kintone):
    stock = Stock.objects.get()
    stock.left = 9
    lose(kintone)
    error = lost_save_of(stock)
    somebody_else_saves(name="sake")
    assert not error.looks_saved


def test_rows_and_lists_are_compared_as_they_were_sent(kintone):
    stock = Stock.objects.get()
    stock.lines.append(Line(item="y"))
    stock.tags = ["a"]
    lose(kintone)
    assert lost_save_of(stock).looks_saved


def test_other_rows_do_not_look_saved(kintone):
    stock = Stock.objects.get()
    stock.lines.append(Line(item="y"))
    other = Stock.objects.get()
    other.lines.append(Line(item="z"))
    other.save()
    lose(kintone, Fault.LOST_REQUEST, times=None)
    assert not lost_save_of(stock).looks_saved


def test_a_save_without_revision_never_looks_saved(kintone):
    stock = Unchecked.objects.get()
    stock.left = 9
    lose(kintone)
    with capture_requests(kintone) as sent:
        error = lost_save_of(stock)
    assert len(sent) == 1
    assert error.expected is None
    assert not error.looks_saved
    assert error.latest().left == 9


def test_a_record_that_is_gone_does_not_look_saved(kintone):
    stock = Stock.objects.get()
    stock.left = 9
    lose(kintone)
    error = lost_save_of(stock)
    Stock.objects.all().delete()
    assert not error.looks_saved
    with pytest.raises(Stock.DoesNotExist):
        error.latest()


def test_the_error_can_be_pickled(kintone):
    stock = Stock.objects.get()
    stock.left = 9
    lose(kintone)
    error = lost_save_of(stock)
    copied = pickle.loads(pickle.dumps(error))
    assert (type(copied), str(copied)) == (type(error), str(error))
    assert copied.carried_out is CarriedOut.UNKNOWN
    assert copied.instance.left == 9
    assert copied.looks_saved


@pytest.mark.parametrize("fault", ARRIVED)
def test_a_new_record_raises_the_error_of_the_lost_answer_alone(kintone, fault):
    kintone.emulator.faults.add(fault, method="POST")
    with capture_requests(kintone) as sent, pytest.raises(TransportError) as caught:
        Stock.objects.create(name="tea")
    assert len(sent) == 1
    assert not isinstance(caught.value, LostSave)
    assert caught.value.carried_out is CarriedOut.UNKNOWN
    assert "Look for it before you save it again" in str(caught.value)


def test_an_error_class_of_a_wrapper_stays_as_it_is(kintone):
    class Broken(TransportError):
        pass

    def refuse(send, request):
        raise Broken("broken", method="PUT")

    stock = Stock.objects.get()
    stock.left = 9
    with kintone.wrap(refuse), pytest.raises(Broken):
        stock.save()


def test_a_save_that_was_refused_is_no_lost_save(kintone):
    stock = Stock.objects.get()
    stock.left = 9
    lose(kintone, Fault.IN_MAINTENANCE, times=None)
    with pytest.raises(APIError) as caught:
        stock.save()
    assert not isinstance(caught.value, LostSave)


# -- settling by values -------------------------------------------------------------------------


def test_a_save_that_looks_saved_settles_where_this_is_allowed(kintone):
    stock = Stock.objects.get()
    stock.left = 9
    lose(kintone)
    with override(retry=SETTLE), capture_requests(kintone) as sent:
        stock.save()
    assert [request.method for request in sent] == ["PUT", "PUT", "GET"]
    assert (stock.revision, stock.changed_fields()) == (2, {})
    stock.left = 8
    stock.save()
    assert Stock.objects.get().left == 8


def test_a_connection_may_settle_by_values():
    with emulate(Stock, retry=SETTLE) as connection:
        stock = Stock.objects.create(left=10)
        stock.left = 9
        lose(connection)
        stock.save()
    assert stock.revision == 2


def test_a_save_does_not_settle_by_default(kintone):
    stock = Stock.objects.get()
    stock.left = 9
    lose(kintone)
    assert lost_save_of(stock).looks_saved


def test_a_save_that_does_not_look_saved_does_not_settle(kintone):
    stock = Stock.objects.get()
    stock.left = 9
    somebody_else_saves(left=8)
    lose(kintone, Fault.LOST_REQUEST)
    with override(retry=SETTLE):
        assert not lost_save_of(stock).looks_saved


def test_a_record_that_cannot_be_read_does_not_settle(kintone):
    stock = Stock.objects.get()
    stock.left = 9
    lose(kintone)
    kintone.emulator.faults.add(Fault.IN_MAINTENANCE, method="GET", times=None)
    with override(retry=SETTLE):
        lost_save_of(stock)


def test_rows_that_settle_are_read_again_when_needed(kintone):
    stock = Stock.objects.get()
    stock.lines.append(Line(item="y"))
    lose(kintone)
    with override(retry=SETTLE):
        stock.save()
    assert [line.item for line in stock.lines] == ["x", "y"]
    assert stock.lines[1].id is not None


# -- files and tables ---------------------------------------------------------------------------


def test_a_new_file_is_compared_by_its_name(kintone, retries):
    stock = Stock.objects.get()
    stock.papers = [ContentFile(b"x", name="a.txt")]
    lose(kintone)
    with capture_requests(kintone) as sent:
        error = lost_save_of(stock)
    assert [request.method for request in sent] == ["POST", "PUT"] + ["PUT"] * retries
    assert error.looks_saved


def test_a_table_sent_without_a_check_has_its_revision(kintone, retries):
    stock = Stock.objects.get()
    stock.lines[0].item = "y"
    lose(kintone)
    with capture_requests(kintone) as sent:
        error = lost_save_of(stock, check_revision=False)
    assert len(sent) == (2 if retries else 1)
    assert error.looks_saved
    assert [line.item for line in error.latest().lines] == ["y"]
