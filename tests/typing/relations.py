"""Types of related records."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from typing_extensions import assert_type

from kintone_orm import Model, fields
from kintone_orm.models import (
    FETCH_ONE,
    FETCH_PEERS,
    FETCH_RAISE,
    FetchMode,
    Prefetch,
    QuerySet,
    prefetch_related_objects,
)


class Region(Model):
    code = fields.SingleLineTextField(unique=True)


class Customer(Model):
    code = fields.SingleLineTextField(unique=True)
    region_code = fields.LookupField(Region, key="code")
    region = fields.RelatedRecord("region_code", to=Region)
    orders = fields.ReferenceTableField["QuerySet[Order]"](
        "Order", key="code", related="customer_code"
    )
    unnamed = fields.ReferenceTableField("Order", key="code", related="customer_code")


class Order(Model):
    customer_code = fields.LookupField("Customer", key="code")
    customer = fields.RelatedRecord["Customer"]("customer_code")
    unnamed = fields.RelatedRecord("customer_code")
    by_id = fields.IntegerField()
    other = fields.RelatedRecord("by_id", to="Customer", key="pk")


class Delivery(Model):
    order_number = fields.LookupField[int | None](Order, key="by_id")
    weight = fields.LookupField[Decimal | None]("Scale", key="weight", required=True)


def a_lookup_reads_the_value_of_a_key(customer: Customer, delivery: Delivery) -> None:
    assert_type(customer.region_code, str)
    assert_type(Customer.region_code, fields.LookupField)
    assert_type(delivery.order_number, int | None)
    assert_type(delivery.weight, Decimal | None)
    customer.region_code = "north"
    customer.region_code = None
    delivery.order_number = 5
    delivery.weight = "5.5"
    customer.region_code = ["north"]  # type: ignore[assignment]  # pyright: ignore[reportAttributeAccessIssue]


def the_other_record_may_be_none(order: Order, customer: Customer) -> None:
    assert_type(order.customer, Customer | None)
    assert_type(customer.region, Region | None)
    assert_type(Customer.region, fields.RelatedRecord[Region])
    assert_type(order.unnamed, Any | None)
    assert_type(order.other, Any | None)
    assert_type(customer.orders, QuerySet[Order])
    assert_type(customer.orders.filter(by_id=5).first(), Order | None)
    assert_type(customer.unnamed, Any)
    order.customer.code  # type: ignore[union-attr]  # noqa: B018  # pyright: ignore[reportOptionalMemberAccess]


def what_may_be_assigned(order: Order, customer: Customer) -> None:
    order.customer = customer
    order.customer = None
    order.unnamed = customer
    order.customer = order  # type: ignore[assignment]  # pyright: ignore[reportAttributeAccessIssue]
    order.customer = "c1"  # type: ignore[assignment]  # pyright: ignore[reportAttributeAccessIssue]


def querysets_stay_querysets() -> None:
    assert_type(Order.objects.select_related("customer", "other"), QuerySet[Order])
    assert_type(Order.objects.select_related(None), QuerySet[Order])
    part = Prefetch("customer__region", Region.objects.only("code"), to_attr="place")
    assert_type(Order.objects.prefetch_related("customer", part).first(), Order | None)
    assert_type(Order.objects.fetch_mode(FETCH_RAISE), QuerySet[Order])
    assert_type([FETCH_ONE, FETCH_PEERS], list[FetchMode])
    prefetch_related_objects([Order()], "customer", part)


def what_is_wrong(customer: Customer) -> None:
    Order.objects.fetch_mode("PEERS")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    Order.objects.select_related(5)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    prefetch_related_objects([5], "customer")  # type: ignore[list-item]  # pyright: ignore[reportArgumentType]
    customer.misspelled  # type: ignore[attr-defined]  # noqa: B018  # pyright: ignore[reportAttributeAccessIssue]
