"""The models of a soak, their first records, and what is stored in the end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kintone_orm import Model, fields

if TYPE_CHECKING:
    from collections.abc import Iterator

    from support.soak.ledger import Value

__all__ = ["FULL", "STEADY", "Entry", "Item", "Stock", "fill", "stored_values"]

STEADY = 60  # records that no thread changes, more than a page of 50
STOCKS = 3
FULL = 100_000  # the quantity of each stock in the beginning


class Entry(Model):
    """A record with a code that kintone lets be stored twice, so that a second one is seen."""

    code = fields.SingleLineTextField()
    value = fields.IntegerField()
    kind = fields.SingleLineTextField()


class Item(Model):
    """A record for upserts."""

    code = fields.SingleLineTextField(unique=True)
    value = fields.IntegerField()


class Stock(Model):
    """A quantity, and a line for each decrement of it."""

    quantity = fields.IntegerField()
    decrements = fields.MultiLineTextField()


def fill() -> None:
    """Add the records that are there before the soak."""
    Entry.objects.bulk_create(
        Entry(code=f"steady {n}", value=n, kind="steady") for n in range(STEADY)
    )
    Stock.objects.bulk_create(Stock(quantity=FULL, decrements="") for _ in range(STOCKS))


def stored_values() -> Iterator[tuple[str, Value]]:
    """The keys and values of all records, comments and decrements, as the ledger names them."""
    for entry in Entry.objects.all():
        if entry.kind != "steady":
            yield entry.code, entry.value
            continue
        for comment in entry.comments:
            yield comment.text.strip(), entry.code
    for item in Item.objects.all():
        yield item.code, item.value
    for stock in Stock.objects.all():
        lines = stock.decrements.splitlines()
        yield f"stock {stock.pk}", stock.quantity + len(lines)
        for line in lines:
            yield line, stock.pk
