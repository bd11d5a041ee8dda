"""Models that refer to each other, which the tests of relations share."""

from __future__ import annotations

from kintone_orm import Model, fields


class Region(Model):
    code = fields.SingleLineTextField(unique=True)
    name = fields.SingleLineTextField()


class Customer(Model):
    code = fields.SingleLineTextField(unique=True)
    name = fields.SingleLineTextField()
    region_code = fields.LookupField(Region, key="code")
    region = fields.RelatedRecord("region_code", to=Region)
    orders = fields.ReferenceTableField("Order", key="code", related="customer_code")
    urgent_orders = fields.ReferenceTableField(
        "Order", key="code", related="customer_code", filter_cond='rank in ("A")'
    )


class Order(Model):
    number = fields.IntegerField()
    rank = fields.DropDownField(choices=["A", "B"])
    customer_code = fields.LookupField("Customer", key="code", copies={"customer_name": "name"})
    customer = fields.RelatedRecord["Customer"]("customer_code")
    customer_name = fields.SingleLineTextField()
    payer_code = fields.LookupField("Customer", key="code")
    payer = fields.RelatedRecord["Customer"]("payer_code")


def shop(*, customers: int, orders: int) -> None:
    """Make two regions, customers "c0", "c1" ... in them, and orders 0, 1 ... of these in turn."""
    Region.objects.bulk_create([Region(code="r0", name="North"), Region(code="r1", name="South")])
    Customer.objects.bulk_create(
        [Customer(code=f"c{n}", name=f"C {n}", region_code=f"r{n % 2}") for n in range(customers)]
    )
    Order.objects.bulk_create(
        [
            Order(number=n, customer_code=f"c{n % customers}", rank="AB"[n % 2])
            for n in range(orders)
        ]
    )
