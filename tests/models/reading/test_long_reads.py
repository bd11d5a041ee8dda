from __future__ import annotations

import logging

import pytest
from support.log_lines import fields_of, lines_from

from kintone_orm import Model, fields
from kintone_orm.emulator import Fault
from kintone_orm.testing import capture_requests, emulate

pytestmark = pytest.mark.usefixtures("both_ways")


class Order(Model):
    number = fields.IntegerField()


@pytest.fixture(scope="module")
def many():
    with emulate(Order) as connection:
        Order.objects.bulk_create(Order(number=n) for n in range(5_600))
        return connection.snapshot()


@pytest.fixture
def kintone(many):
    with emulate(like=many) as connection:
        yield connection


@pytest.fixture
def lines(kintone):
    with lines_from(logging.INFO) as lines:
        yield lines


def message(lines):
    (line,) = lines
    return line.getMessage().rpartition(" and ")[0]


def test_a_read_of_many_records_is_one_line(kintone, lines):
    assert len(list(Order.objects.iterator())) == 5_600

    assert message(lines) == "Order: 5,600 records in 12 requests"
    assert lines[0].levelno == logging.INFO


@pytest.mark.usefixtures("kintone")
def test_the_requests_of_workers_are_counted_too(lines):
    assert len(list(Order.objects.iterator(workers=4))) == 5_600

    assert message(lines) == "Order: 5,600 records in 13 requests"


def test_its_fields_are_numbers(kintone, lines):
    list(Order.objects.iterator())

    found = fields_of(lines[0])
    assert 0 < found.pop("kintone_seconds") < 60
    assert found == {
        "kintone_model": "Order",
        "kintone_app": str(kintone.apps["order"]),
        "kintone_records": 5_600,
        "kintone_requests": 12,
    }


@pytest.mark.parametrize("read", [lambda: list(Order.objects.all()[:4_000]), Order.objects.count])
def test_a_short_read_is_none(kintone, lines, read):
    read()

    assert lines == []


def test_many_requests_are_a_long_read(kintone, lines):
    list(Order.objects.all()[:110].iterator(10))

    assert message(lines) == "Order: 110 records in 11 requests"


def test_the_requests_of_a_cursor_are_counted(kintone, lines):
    with capture_requests(kintone) as sent:
        list(Order.objects.order_by("number").iterator())

    assert message(lines) == f"Order: 5,600 records in {len(sent)} requests"


def test_an_abandoned_read_is_a_line_and_leaves_no_cursor(kintone, lines):
    with Order.objects.order_by("number").iterator() as orders:
        for _ in range(5_100):
            next(orders)

    assert message(lines) == "Order: 5,500 records in 14 requests"
    list(Order.objects.order_by("number")[:600].iterator())


def test_waits_are_seconds_of_the_read(many):
    with emulate(like=many, retry=True) as connection, lines_from(logging.INFO) as lines:
        connection.emulator.faults.add(Fault.TOO_MANY_REQUESTS, times=4)
        list(Order.objects.iterator())

    long = [line for line in lines if line.levelno == logging.INFO]
    waits = sum(line.kintone_wait for line in lines if line.levelno == logging.WARNING)
    assert len(long) == 1
    assert long[0].kintone_requests == 16
    assert long[0].kintone_seconds > waits > 0


def test_reading_is_silent_above_info(kintone):
    with lines_from(logging.WARNING) as lines:
        list(Order.objects.iterator())

    assert lines == []
