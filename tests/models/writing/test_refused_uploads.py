"""The files of a refused save, against the emulator."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest
from support.models.paperwork import Order, names, text

from kintone_orm.exceptions import (
    AttachmentNotFound,
    BulkWriteError,
    ValidationError,
)
from kintone_orm.testing import assert_requests, freeze


@pytest.fixture
def order(kintone):
    return Order.objects.create(number="A-1", papers=[text("a"), text("b"), text("c")])


def test_a_refused_save_does_not_send_its_files_again(kintone, order):
    another = Order(number="A-1", papers=[text("d"), text("e")])
    with pytest.raises(ValidationError):
        another.save()
    another.number = "A-2"
    with assert_requests(1):
        another.save()
    assert names(another.papers) == ["d", "e"]


def test_a_conflict_does_not_send_files_again(order):
    order.papers.append(text("d"))
    Order.objects.get().save(update_fields=["number"])
    with pytest.raises(Order.Conflict):
        order.save()
    with assert_requests(1):
        order.save(check_revision=False)
    assert names(order.papers) == ["a", "b", "c", "d"]


def test_a_bulk_that_is_refused_does_not_send_its_files_again(kintone, order):
    orders = [Order(number="A-2", papers=[text("d")]), Order(number="A-1", papers=[text("e")])]
    with pytest.raises(BulkWriteError) as refused:
        Order.objects.bulk_create(orders)
    orders[1].number = "A-3"
    with assert_requests(1):
        Order.objects.bulk_create(refused.value.failed)


def test_a_copy_that_could_not_be_saved_is_not_copied_again(kintone, order):
    another = Order(number="A-1", papers=order.papers[:1])
    with pytest.raises(ValidationError):
        another.save()
    another.number = "A-2"
    with assert_requests(1):
        another.save()


def test_what_is_appended_after_a_refusal_is_sent_alone(kintone, order):
    another = Order(number="A-1", papers=[text("d")])
    with pytest.raises(ValidationError):
        another.save()
    another.number = "A-2"
    another.papers.append(text("e"))
    with assert_requests(2):
        another.save()


def test_an_upload_that_kintone_has_forgotten_is_sent_again_by_the_next_save(kintone, order):
    now = datetime.now(timezone.utc)
    with freeze(now, using=kintone) as clock:
        another = Order(number="A-1", papers=[text("d")])
        with pytest.raises(ValidationError):
            another.save()
        clock.tick(timedelta(days=4))
        another.number = "A-2"
        sentence = r"Order \(new\): .* Order.papers: the upload of .d. .* uploads the file again"
        with pytest.raises(AttachmentNotFound, match=sentence):
            another.save()
        with assert_requests(2):
            another.save()


def test_in_a_bulk_as_well(kintone, order):
    now = datetime.now(timezone.utc)
    with freeze(now, using=kintone) as clock:
        orders = [Order(number="A-1", papers=[text("d")])]
        with pytest.raises(BulkWriteError):
            Order.objects.bulk_create(orders)
        clock.tick(timedelta(days=4))
        orders[0].number = "A-2"
        with pytest.raises(BulkWriteError, match="Order.papers: the upload of 'd'"):
            Order.objects.bulk_create(orders)
        with assert_requests(2):
            Order.objects.bulk_create(orders)


def test_an_attachment_that_somebody_removed_is_named(order):
    papers = order.papers
    Order.objects.update(papers=[])
    papers.pop()
    with pytest.raises(AttachmentNotFound, match="Order id=1: .* 'a' is no longer attached"):
        order.save(check_revision=False)


def test_an_upload_is_kept_if_another_file_is_what_kintone_does_not_have(order):
    papers = order.papers
    Order.objects.update(papers=[])
    papers[1:] = [text("d")]
    with pytest.raises(AttachmentNotFound, match="'a' is no longer attached"):
        order.save(check_revision=False)
    del papers[0]
    with assert_requests(1):
        order.save(check_revision=False)
    assert names(order.papers) == ["d"]


def test_a_saved_file_that_is_put_in_again_is_sent_again(kintone):
    order = Order(papers=[text("a")])
    (waiting,) = order.papers
    order.save()
    order.papers.append(waiting)
    with assert_requests(2):
        order.save()
    assert names(order.papers) == ["a", "a"]
