from __future__ import annotations

import logging
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest
from support.log_lines import fields_of, lines_from

from kintone_orm import Model, fields
from kintone_orm.api.records import get_records
from kintone_orm.connection import Connection
from kintone_orm.emulator import Fault
from kintone_orm.exceptions import KintoneORMError, TransportError
from kintone_orm.fields import ContentFile
from kintone_orm.http.messages import Request, Response
from kintone_orm.http.request_log import Tally, log_fields, log_turn, send_and_log
from kintone_orm.testing import emulate

if TYPE_CHECKING:
    from collections.abc import Iterator


class Order(Model):
    number = fields.SingleLineTextField("受注番号", unique=True)
    papers = fields.FileField()

    class Meta:
        app = "orders"


class BigOrder(Order):
    class Meta:
        proxy = True


class Customer(Model):
    name = fields.SingleLineTextField()


REQUEST = Request(
    "PUT", "/k/v1/record.json", {"app": 12, "query": "hush"}, model="Order", attempt=2
)


def good(_request: Request) -> Response:
    return Response(200, {"X-Secret": "hush"}, b"hush")


def broken(_request: Request) -> Response:
    raise TransportError("hush")


@pytest.fixture
def lines() -> Iterator[list[logging.LogRecord]]:
    with lines_from(logging.DEBUG) as lines:
        yield lines


def sent(lines: list[logging.LogRecord]) -> list[tuple[str, str, int]]:
    """The endpoint, the model and the attempt of each line of a request."""
    return [
        (
            fields_of(line)["kintone_path"].partition("/v1/")[2],
            fields_of(line)["kintone_model"],
            fields_of(line)["kintone_attempt"],
        )
        for line in lines
        if line.levelno == logging.DEBUG
    ]


def test_an_attempt_is_one_line(lines: list[logging.LogRecord]) -> None:
    assert send_and_log(good, REQUEST).body == b"hush"

    (line,) = lines
    assert line.name == "kintone_orm"
    assert line.getMessage().startswith("PUT /k/v1/record.json 200 in 0.")
    assert line.getMessage().endswith(" s (Order, attempt 2)")


def test_a_line_has_fields(lines: list[logging.LogRecord]) -> None:
    send_and_log(good, REQUEST)

    found = fields_of(lines[0])
    assert 0 <= found.pop("kintone_seconds") < 60
    assert found == {
        "kintone_method": "PUT",
        "kintone_path": "/k/v1/record.json",
        "kintone_model": "Order",
        "kintone_app": "12",
        "kintone_attempt": 2,
        "kintone_status": 200,
        "kintone_reason": "",
    }


def test_an_attempt_without_an_answer_is_a_line(lines: list[logging.LogRecord]) -> None:
    with pytest.raises(TransportError):
        send_and_log(broken, REQUEST)

    assert lines[0].getMessage().startswith("PUT /k/v1/record.json no answer in 0.")
    assert fields_of(lines[0])["kintone_status"] == 0


def test_a_request_without_a_model_has_no_name(lines: list[logging.LogRecord]) -> None:
    send_and_log(good, Request("GET", "/k/v1/apps.json"))

    assert lines[0].getMessage().endswith(" s (attempt 1)")
    assert fields_of(lines[0])["kintone_model"] == fields_of(lines[0])["kintone_app"] == ""


def test_the_apps_of_a_bulk_request_are_all_there() -> None:
    inner = [{"payload": {"app": app}} for app in (12, 7, 12)]
    request = Request("POST", "/k/v1/bulkRequest.json", {"requests": inner})

    assert log_fields(request)["kintone_app"] == "7,12"


def test_no_line_is_made_above_debug() -> None:
    with lines_from(logging.INFO) as lines:
        send_and_log(good, REQUEST)

    assert lines == []


def test_a_tally_counts_the_requests_in_its_blocks() -> None:
    tally = Tally()
    with tally.counting():
        send_and_log(good, REQUEST)
        with pytest.raises(TransportError):
            send_and_log(broken, REQUEST)
    send_and_log(good, REQUEST)

    assert tally.requests == 2


def test_the_innermost_block_counts() -> None:
    outer, inner = Tally(), Tally()
    with outer.counting():
        with inner.counting():
            send_and_log(good, REQUEST)
        send_and_log(good, REQUEST)

    assert (outer.requests, inner.requests) == (1, 1)


def test_the_model_is_in_the_lines_of_all_its_requests(
    kintone: Connection, lines: list[logging.LogRecord]
) -> None:
    order = Order.objects.create(number="1", papers=[ContentFile(b"x", "x.txt")])
    order.comments.create("seen")
    order = Order.objects.get()
    order.papers[0].read()
    Order.objects.bulk_create([Order(number="2"), Order(number="3")], batch_size=1)
    list(Order.objects.order_by("number").iterator(1))
    Order.objects.all().delete()

    assert {model for _, model, _ in sent(lines)} == {"Order"}
    assert {endpoint for endpoint, _, _ in sent(lines)} == {
        "file.json",
        "record.json",
        "record/comment.json",
        "records.json",
        "records/cursor.json",
        "bulkRequest.json",
    }


def test_models_of_one_app_share_its_lines(
    kintone: Connection, lines: list[logging.LogRecord]
) -> None:
    BigOrder.objects.count()
    Order.objects.count()
    Customer.objects.count()

    assert [model for _, model, _ in sent(lines)] == ["BigOrder", "BigOrder, Order", "Customer"]


def test_a_call_below_the_models_has_the_model_of_the_app(
    kintone: Connection, lines: list[logging.LogRecord]
) -> None:
    Order.objects.count()
    get_records(kintone, app=kintone.apps["orders"])

    assert [model for _, model, _ in sent(lines)] == ["Order", "Order"]


def test_a_retry_is_a_warning_with_its_reason(lines: list[logging.LogRecord]) -> None:
    with emulate(Order, retry=True) as connection:
        lines.clear()
        connection.emulator.faults.add(Fault.TOO_MANY_REQUESTS)
        Order.objects.count()

    first, retry, second = lines
    assert (first.levelno, retry.levelno, second.levelno) == (10, 30, 10)
    assert retry.getMessage().startswith(
        "GET /k/v1/records.json (Order): attempt 1 failed, because too many requests run at once. "
        "The next one begins in 0."
    )
    found = fields_of(retry)
    assert 0 <= found.pop("kintone_wait") <= 0.5
    assert found == {
        "kintone_method": "GET",
        "kintone_path": "/k/v1/records.json",
        "kintone_model": "Order",
        "kintone_app": "1",
        "kintone_attempt": 1,
        "kintone_reason": "too many requests run at once",
    }
    assert fields_of(second)["kintone_attempt"] == 2


def test_a_conflict_of_modify_is_a_warning(
    kintone: Connection, lines: list[logging.LogRecord]
) -> None:
    order = Order.objects.create(number="1")
    other = Order.objects.get()

    def change(record: Order) -> None:
        if other.number == "1":
            other.number = "2"
            other.save()
        record.number = "3"

    Order.objects.modify(order.pk, change)

    (line,) = [line for line in lines if line.levelno == logging.WARNING]
    assert line.getMessage().startswith(
        f"Order id={order.pk}: attempt 1 of modify() failed, because somebody else wrote the record"
    )
    assert set(fields_of(line)) == {
        "kintone_model",
        "kintone_attempt",
        "kintone_reason",
        "kintone_wait",
    }


@pytest.mark.parametrize(("seconds", "number"), [(0.0, 0), (1.0, 0), (1.5, 1)])
def test_a_long_wait_for_a_turn_is_a_warning(
    lines: list[logging.LogRecord], seconds: float, number: int
) -> None:
    log_turn(REQUEST, seconds)

    assert [line.levelno for line in lines] == [logging.WARNING] * number
    for line in lines:
        assert line.getMessage().startswith("PUT /k/v1/record.json (Order): waited 1.5 s for its")
        assert fields_of(line)["kintone_wait"] == seconds


@pytest.mark.parametrize(
    "fault", [Fault.LOST_ANSWER, Fault.TRUNCATED_BODY, Fault.DATABASE_LOCKED, None]
)
def test_no_line_has_a_value_a_query_or_a_secret(
    lines: list[logging.LogRecord], fault: Fault | None
) -> None:
    with emulate(Order, retry=True) as connection:
        password = connection.emulator.credentials[1]
        for _ in range(2):
            if fault is not None:
                connection.emulator.faults.add(fault, after=1, times=2)
            with suppress(KintoneORMError):  # the second record breaks a rule
                Order.objects.filter(number="hush").count()
                Order.objects.create(number="hush").comments.create("hush")
                Order.objects.filter(number="hush").update(number="hush")

    assert lines
    for line in lines:
        everything = f"{line.getMessage()} {vars(line)}"
        assert "hush" not in everything
        assert password not in everything
