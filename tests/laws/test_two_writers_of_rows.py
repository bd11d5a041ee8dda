"""Whatever two writers do to the rows of one record, a few rules say what comes of it.

The rules are those of `two_tables`. After every step the rows in kintone, their ids and what they
copied, must be as predicted, and so must what both instances know and which save is refused.
"""

from __future__ import annotations

from decimal import Decimal
from functools import cache
from typing import Any

import pytest
from examples import examples
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from two_tables import Kept, Kintone, Lost, Refused, Writer
from two_tables import Line as PlainLine

from kintone_orm import Model, Row, fields
from kintone_orm.api.records import get_records
from kintone_orm.exceptions import KintoneORMError
from kintone_orm.fields import ContentFile
from kintone_orm.fields.base import UNSET
from kintone_orm.testing import capture_requests, emulate


class Product(Model):
    code = fields.SingleLineTextField(unique=True)
    cost = fields.IntegerField()


class Line(Row):
    name = fields.SingleLineTextField()
    product = fields.LookupField(Product, key="code", copies={"price": "cost"})
    qty = fields.IntegerField()
    papers = fields.FileField()
    price = fields.IntegerField()
    amount = fields.CalcField(expression="price * qty")


class Order(Model):
    note = fields.SingleLineTextField()
    lines = fields.SubtableField(Line)
    updated = fields.UpdatedTimeField()


WHO = st.sampled_from([0, 1])
PLACE = st.integers(0, 5)
KEY = st.sampled_from(["a", "b"])
NAMES = st.sampled_from([["lines"], ["lines"], ["note"], ["lines", "note"]])
WAYS = {
    "save": (True, lambda order: order.save()),
    "unchecked": (False, lambda order: order.save(check_revision=False)),
    "bulk": (False, lambda order: Order.objects.bulk_update([order])),
    "checked bulk": (True, lambda order: Order.objects.bulk_update([order], check_revision=True)),
}


@cache
def empty_kintone() -> Any:
    with emulate(Order) as connection:
        Product.objects.bulk_create([Product(code="a", cost=1), Product(code="b", cost=2)])
        Order.objects.create(
            lines=[Line(name="0", product="a", qty=1), Line(name="1", product="b", qty=1)]
        )
        return connection.snapshot()


class WritersOfRows(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.emulation = emulate(like=empty_kintone())
        self.connection = self.emulation.__enter__()
        self.kintone = Kintone()
        for name, key in (("0", "a"), ("1", "b")):
            self.kintone.rows.append(self.kintone.new_row((name, key, 1, ())))
        self.names = 2
        self.orders: list[Any] = [None, None]
        self.lists: list[Any] = [None, None]
        self.writers: list[Any] = [None, None]

    def teardown(self) -> None:
        self.emulation.__exit__(None, None, None)

    @initialize()
    def begin(self) -> None:
        self.fetch(0)
        self.fetch(1)

    @rule(who=WHO)
    def fetch(self, who: int) -> None:
        self.orders[who] = Order.objects.get()
        self.lists[who] = self.orders[who].lines
        self.writers[who] = Writer(self.kintone)

    @rule(key=KEY, price=st.integers(1, 9))
    def change_a_price(self, key: str, price: int) -> None:
        Product.objects.filter(code=key).update(cost=price)
        self.kintone.prices[key] = price

    # -- what a program does to its list --------------------------------------------------------

    @rule(who=WHO, place=PLACE, key=KEY, qty=st.integers(1, 3), paper=st.booleans())
    def add(self, who: int, place: int, key: str, qty: int, paper: bool) -> None:
        name = str(self.names)
        self.names += 1
        papers = [ContentFile(b"x", name)] if paper else []
        line = Line(name=name, product=key, qty=qty, papers=papers)
        self.lists[who].insert(place, line)
        plain = PlainLine(name, key, qty, tuple(each.name for each in papers))
        self.writers[who].rows.insert(place, plain)

    @rule(who=WHO, place=PLACE)
    def remove(self, who: int, place: int) -> None:
        if rows := self.writers[who].rows:
            del rows[place % len(rows)], self.lists[who][place % (len(rows) + 1)]

    @rule(who=WHO)
    def reverse(self, who: int) -> None:
        self.lists[who].reverse()
        self.writers[who].rows.reverse()

    @rule(who=WHO, place=PLACE, qty=st.integers(1, 3))
    def edit(self, who: int, place: int, qty: int) -> None:
        if rows := self.writers[who].rows:
            rows[place % len(rows)].qty = qty
            self.lists[who][place % len(rows)].qty = qty

    @rule(who=WHO, place=PLACE, key=KEY)
    def edit_the_key(self, who: int, place: int, key: str) -> None:
        if rows := self.writers[who].rows:
            rows[place % len(rows)].product = key
            self.lists[who][place % len(rows)].product = key

    @precondition(lambda self: all(each is None or each.note is not None for each in self.writers))
    @rule(who=WHO, note=st.sampled_from(["", "x"]))
    def write_the_note(self, who: int, note: str) -> None:
        self.orders[who].note = note
        self.writers[who].note = note

    # -- what happens to the record ---------------------------------------------------------------

    @rule(who=WHO, way=st.sampled_from(sorted(WAYS)))
    def save(self, who: int, way: str) -> None:
        check, act = WAYS[way]
        self.send(who, None, check=check, act=act)

    @rule(who=WHO, names=NAMES, check=st.booleans())
    def save_fields(self, who: int, names: list[str], check: bool) -> None:
        def act(order: Order) -> None:
            order.save(update_fields=names, check_revision=check)

        self.send(who, set(names), check=check, act=act)

    def send(self, who: int, names: set[str] | None, *, check: bool, act: Any) -> None:
        order, writer = self.orders[who], self.writers[who]
        with capture_requests(self.connection) as requests:
            try:
                expected = writer.save(names, check=check)
            except Refused:
                with pytest.raises(Order.Conflict) as conflict:
                    act(order)
                self.compare_conflict(conflict.value, writer)
                return
            except Lost:
                with pytest.raises(KintoneORMError):
                    act(order)
                self.refresh(who)
                return
            act(order)
        assert len([each for each in requests if each.path[-9:] != "file.json"]) == expected

    def compare_conflict(self, error: Any, writer: Writer) -> None:
        kintone = self.kintone
        theirs = {"lines"} if writer.base != kintone.rows else set()
        if writer.unread is not None:
            theirs = {"lines"} & writer.changed
        if writer.base_note != kintone.note and writer.base_note is not None:
            theirs.add("note")
        assert error.yours.keys() == writer.changed
        assert error.theirs.keys() == theirs | writer.mixed
        assert error.both == (theirs | writer.mixed) & writer.changed

    @rule(who=WHO)
    def refresh(self, who: int) -> None:
        self.orders[who].refresh_from_db()
        self.writers[who].read_whole()

    @rule(who=WHO, what=st.sampled_from(["lines", "note", "updated"]))
    def read(self, who: int, what: str) -> None:
        writer = self.writers[who]
        deferred = {"lines": writer.unread is not None, "note": writer.note is None}
        if deferred.get(what, writer.blank):
            writer.read()
        getattr(self.orders[who], what)

    # -- what must be ---------------------------------------------------------------------------

    @invariant()
    def kintone_holds_what_the_rules_say(self) -> None:
        (record,) = get_records(self.connection, app=self.connection.apps["order"])["records"]
        kintone = self.kintone
        assert int(record["$revision"]["value"]) == kintone.revision
        assert record["note"]["value"] == kintone.note
        found = []
        for row in record["lines"]["value"]:
            cells = {code: cell["value"] for code, cell in row["value"].items()}
            papers = tuple(each["name"] for each in cells["papers"])
            price, qty = int(cells["price"]), int(cells["qty"])
            assert Decimal(cells["amount"]) == price * qty
            found.append(
                Kept(int(row["id"]), (cells["name"], cells["product"], qty, papers), price)
            )
        assert found == kintone.rows

    @invariant()
    def instances_know_what_the_rules_say(self) -> None:
        for order, rows, writer in zip(self.orders, self.lists, self.writers, strict=True):
            if writer is None:
                continue
            assert order.revision == writer.revision
            assert set(order.changed_fields()) == writer.changed
            held = Order._meta.fields["note"].peek(order)
            assert (None if held is UNSET else held) == writer.note
            assert [(row.name, row.product, row.qty) for row in rows] == [
                line.cells[:3] for line in writer.rows
            ]
            assert [row._id for row in rows] == [line.id for line in writer.rows]


TestWritersOfRows = WritersOfRows.TestCase
TestWritersOfRows.settings = examples(60, stateful_step_count=15)
