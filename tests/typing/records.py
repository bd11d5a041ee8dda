"""Types of functions that make records."""

from __future__ import annotations

from typing import Any

from typing_extensions import assert_type

from kintone_orm import Model, fields
from kintone_orm.models import WebhookEvent
from kintone_orm.signals import post_save, receiver


class Order(Model):
    number = fields.SingleLineTextField("受注番号", unique=True, required=True)


def a_record_makes_others_of_its_kind(order: Order) -> None:
    assert_type(order.duplicate(number="A-2"), Order)
    assert_type(Order.from_record({}), Order)
    assert_type(Order.from_webhook({}), WebhookEvent[Order])
    assert_type(Order.from_webhook({}).instance, Order | None)


def a_change_is_a_function_of_the_record() -> None:
    def rename(order: Order) -> None:
        order.number = "A-2"

    def wrong(order: str) -> None:
        print(order)

    assert_type(Order.objects.modify(1, rename, attempts=2), Order)
    Order.objects.modify(1, wrong)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


def a_conflict_knows_its_record(order: Order) -> None:
    try:
        order.save()
    except Order.Conflict as conflict:
        assert_type(conflict.latest(), Order)
        assert_type(conflict.instance, Order)
        assert_type(conflict.latest().number, str)
        assert_type(conflict.theirs["number"], tuple[Any, Any])


def a_receiver_is_still_the_function() -> None:
    @receiver(post_save, sender=Order)
    def tell(instance: Order, **kwargs: object) -> str:
        return f"{instance.number} {kwargs}"

    assert_type(tell(Order()), str)
