"""Law: a few rules predict the result of everything that two writers do to the rows of one record.

The rules are those of `two_tables`. After every step the rows in kintone, their ids and what they
copied, must be as predicted, and so must what both instances know and which save is refused.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from decimal import Decimal
from functools import cache
from typing import Any, NamedTuple

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from support.examples import examples
from support.two_tables import Kept, Kintone, Lost, Refused, Writer
from support.two_tables import Line as PlainLine

from kintone_orm import Model, Row, fields
from kintone_orm.api.records import get_records
from kintone_orm.exceptions import KintoneORMError
from kintone_orm.fields import ContentFile
from kintone_orm.fields.base import UNSET
from kintone_orm.files.attachment import Attachment
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
QTY = st.integers(1, 3)
WHAT = st.sampled_from(
    ["add", "remove", "reverse", "qty", "key", "attach", "attach", "detach", "note", "note"]
)


class Way(NamedTuple):
    """A way of saving: if it checks the revision, the fields that it names, and the call."""

    check: bool
    names: set[str] | None
    act: Callable[[Any], object]


def named(*names: str, check: bool) -> Way:
    return Way(check, {*names}, lambda order: order.save(update_fields=names, check_revision=check))


WAYS = {
    "save": Way(True, None, lambda order: order.save()),
    "unchecked": Way(False, None, lambda order: order.save(check_revision=False)),
    "bulk": Way(False, None, lambda order: Order.objects.bulk_update([order])),
    "checked bulk": Way(
        True, None, lambda order: Order.objects.bulk_update([order], check_revision=True)
    ),
    "lines": named("lines", check=True),
    "unchecked lines": named("lines", check=False),
    "note": named("note", check=True),
    "unchecked note": named("note", check=False),
    "both": named("lines", "note", check=True),
    "unchecked both": named("lines", "note", check=False),
}
WAY = st.sampled_from(sorted(WAYS))


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
        self.names = 1
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

    def add(self, who: int, place: int, key: str, qty: int) -> None:
        line = Line(name=self.new_name(), product=key, qty=qty, papers=[])
        plain = PlainLine(line.name, key, qty)
        if qty == 1:
            name = self.new_name()
            line.papers.append(ContentFile(b"x", name))
            plain.papers = (name,)
        self.lists[who].insert(place, line)
        self.writers[who].rows.insert(place, plain)

    def new_name(self) -> str:
        self.names += 1
        return str(self.names)

    def reverse(self, who: int) -> None:
        self.lists[who].reverse()
        self.writers[who].rows.reverse()

    def change_row(self, who: int, what: str, place: int, key: str, qty: int) -> None:
        rows = self.writers[who].rows
        if what == "detach":
            rows = [line for line in rows if line.papers] or rows
        if not rows:
            return
        plain = rows[place % len(rows)]
        number = self.writers[who].rows.index(plain)
        line = self.lists[who][number]
        if what == "remove":
            del self.writers[who].rows[number], self.lists[who][number]
        elif what == "qty":
            plain.qty = line.qty = qty
        elif what == "key":
            plain.product = line.product = key
        elif what == "attach":
            name = self.new_name()
            plain.papers += (name,)
            line.papers.append(ContentFile(b"x", name))
        else:
            plain.papers = plain.papers[1:]
            del line.papers[:1]

    @rule(who=WHO, what=WHAT, place=PLACE, key=KEY, qty=QTY)
    def change(self, who: int, what: str, place: int, key: str, qty: int) -> None:
        if what == "add":
            self.add(who, place, key, qty)
        elif what == "reverse":
            self.reverse(who)
        elif what == "note":
            self.write_the_note(who)
        else:
            self.change_row(who, what, place, key, qty)

    @rule(who=WHO, what=WHAT, place=PLACE, key=KEY, qty=QTY, way=WAY)
    def change_and_save(
        self, who: int, what: str, place: int, key: str, qty: int, way: str
    ) -> None:
        self.change(who, what, place, key, qty)
        self.save(who, way)

    def write_the_note(self, who: int) -> None:
        if (note := self.writers[who].note) is not None:
            self.orders[who].note = self.writers[who].note = "" if note else "x"

    # -- what happens to the record ---------------------------------------------------------------

    @rule(who=WHO, way=WAY)
    def save(self, who: int, way: str) -> None:
        check, names, act = WAYS[way]
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
        assert (
            len([request for request in requests if request.path[-9:] != "file.json"]) == expected
        )

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

    @rule(who=WHO, what=st.sampled_from(["lines", "note", "updated", "row"]), place=PLACE)
    def read(self, who: int, what: str, place: int) -> None:
        order, rows, writer = self.orders[who], self.lists[who], self.writers[who]
        unread = {"lines": writer.unread is not None, "note": writer.note is None}
        if what == "row":
            number = place % (len(rows) or 1)
            unread[what] = unread["lines"] and any(row.saved for row in writer.rows[number:][:1])
        expected = writer.read() if unread.get(what, True) else 0
        with capture_requests(self.connection) as requests:
            if what != "row":
                getattr(order, what)
            elif rows:
                _ = rows[number].amount
        assert len(requests) == expected

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
            papers = tuple(paper["name"] for paper in cells["papers"])
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
            papers = [[paper.name for paper in row.papers] for row in rows]
            assert papers == [list(line.papers) for line in writer.rows]
            keys = {p.name for row in rows for p in row.papers if isinstance(p, Attachment)}
            saved = self.kintone.papers.intersection(itertools.chain(*papers))
            assert keys == saved - writer.keyless


TestWritersOfRows = WritersOfRows.TestCase
TestWritersOfRows.settings = examples(75, stateful_step_count=15)
