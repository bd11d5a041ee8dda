"""Files in rows, in many records, and in several, against the emulator."""

from __future__ import annotations

import pytest
from support.models.paperwork import Line, Order, names, text, uploads

from kintone_orm.fields import File
from kintone_orm.testing import assert_requests, capture_requests, emulate


@pytest.fixture
def order(kintone):
    return Order.objects.create(number="A-1", papers=[text("a"), text("b"), text("c")])


def test_files_in_rows(kintone):
    order = Order(lines=[Line(item="x", bills=[text("a")]), Line(item="y")])
    with assert_requests(2):
        order.save()
    order.lines[1].bills.append(text("b"))
    order.lines.reverse()
    with assert_requests(2):
        order.save()
    assert [[f.read() for f in line.bills] for line in order.lines] == [[b"b"], [b"a"]]


def test_rows_without_a_new_file_need_no_upload(kintone):
    order = Order.objects.create(lines=[Line(item="x", bills=[text("a")])])
    order.lines[0].item = "y"
    with assert_requests(1):
        order.save()
    with assert_requests(0):
        assert (order.lines[0].item, names(order.lines[0].bills)) == ("y", ["a"])


def test_a_file_that_moves_into_another_row_is_copied(kintone):
    order = Order.objects.create(lines=[Line(bills=[text("a")]), Line()])
    order.lines[1].bills.append(order.lines[0].bills.pop())
    with assert_requests(3):
        order.save()
    assert [names(line.bills) for line in order.lines] == [[], ["a"]]


def test_many_records_are_changed_with_an_upload_each(kintone, order):
    Order.objects.create(papers=[text("z")])
    orders = list(Order.objects.all())
    for each in orders:
        each.papers.append(text("d"))
    with assert_requests(3) as sent:
        Order.objects.bulk_update(orders, ["papers"])
    assert uploads(sent) == 2
    found = [names(order.papers) for order in Order.objects.all()]
    assert found == [["a", "b", "c", "d"], ["z", "d"]]


def test_an_upsert_takes_files(kintone, order):
    orders = [Order(number=number, papers=[text("d")]) for number in ("A-1", "A-2")]
    Order.objects.bulk_create(orders, update_conflicts=True, unique_fields=["number"])
    assert [names(order.papers) for order in Order.objects.all()] == [["d"], ["d"]]


def test_an_attachment_of_another_record_is_copied(order):
    another = Order(papers=[order.papers[1]])
    with assert_requests(3) as sent:
        another.save()
    assert [(request.method, request.path) for request in sent] == [
        ("GET", "/k/v1/file.json"),
        ("POST", "/k/v1/file.json"),
        ("POST", "/k/v1/record.json"),
    ]
    (paper,) = another.papers
    assert (paper.name, paper.content_type, paper.read()) == ("b", "application/octet-stream", b"b")
    assert order.papers[1].read() == b"b"


def test_an_attachment_can_be_copied_within_its_record(order):
    order.photos = [order.papers[0]]
    order.papers.append(order.papers[0])
    order.save()
    assert (names(order.papers), names(order.photos)) == (["a", "b", "c", "a"], ["a"])


def test_a_copy_may_get_another_name(order):
    another = Order.objects.create(papers=[File(order.papers[0], name="copy.txt")])
    assert (another.papers[0].name, another.papers[0].read()) == ("copy.txt", b"a")


def test_an_attachment_is_copied_to_another_kintone(order):
    papers = order.papers
    with emulate(Order) as there:
        assert Order.objects.create(papers=papers[:1]).papers[0].read() == b"a"
        with capture_requests(there) as sent:
            Order.objects.create(papers=papers[1:2])
    assert uploads(sent) == 1


def test_a_duplicate_has_copies(kintone):
    order = Order.objects.create(papers=[text("a")], lines=[Line(bills=[text("b")])])
    another = order.duplicate()
    with assert_requests(5):
        another.save()
    assert (another.papers[0].read(), another.lines[0].bills[0].read()) == (b"a", b"b")
    order.delete()
    assert another.papers[0].read() == b"a"


def test_a_duplicate_of_a_new_record_sends_its_files_itself(kintone):
    order = Order(papers=[text("a")])
    another = order.duplicate()
    order.save()
    another.save()
    assert (order.papers[0].read(), another.papers[0].read()) == (b"a", b"a")
