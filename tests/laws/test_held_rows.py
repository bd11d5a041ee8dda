"""A list of rows, and its rows, are the record's for as long as a program holds them.

The program below takes the list once, and never again. Whatever it does to the list and to its
rows, before, between and after saves, is predicted by plain lists and dictionaries: what kintone
holds after each save, and that no row there changes its id.
"""

from __future__ import annotations

import copy
import pickle
from decimal import Decimal
from functools import cache
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from support.examples import examples

from kintone_orm import Model, Row, fields
from kintone_orm.api.records import get_records, update_record
from kintone_orm.exceptions import BulkWriteError
from kintone_orm.testing import capture_requests, emulate


class Line(Row):
    name = fields.SingleLineTextField()
    qty = fields.NumberField()
    tags = fields.CheckBoxField(choices=["red", "green"])
    double = fields.CalcField(expression="qty * 2")


class Order(Model):
    note = fields.SingleLineTextField()
    owners = fields.UserSelectField()
    lines = fields.SubtableField(Line)


# Every row has its own name, so that equal rows can be told apart.
QUANTITY = st.sampled_from([None, 1, 2])
PLACE = st.integers(0, 9)


@cache
def empty_kintone() -> Any:
    with emulate(Order) as connection:
        for code in ("alice", "bob"):
            connection.emulator.add_user(code, "secret", name=code.title())
        return connection.snapshot()


class HeldRows(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.emulation = emulate(like=empty_kintone())
        self.connection = self.emulation.__enter__()
        self.app = self.connection.apps["order"]

    def teardown(self) -> None:
        self.emulation.__exit__(None, None, None)

    @initialize(quantities=st.lists(QUANTITY, max_size=2), read=st.booleans())
    def begin(self, quantities: list[int | None], read: bool) -> None:
        first = [{"name": str(number), "qty": qty} for number, qty in enumerate(quantities)]
        self.order = Order(lines=first)
        self.rows = self.order.lines
        self.owners = self.order.owners
        # The rows that the program has seen, with their values; the list holds positions in these.
        self.seen: list[Line] = list(self.rows)
        self.cells = [{"tags": [], **each} for each in copy.deepcopy(first)]
        self.here = list(range(len(first)))
        self.people: list[str] = []
        self.saved: tuple[Any, Any] | None = None
        self.ids: dict[int, int] = {}
        self.used: set[int] = set()
        self.stale = False
        self.replaced: set[int] = set()
        self.save()
        if read:
            self.order = Order.objects.get(pk=self.order.pk)
            self.rows, self.owners = self.order.lines, self.order.owners
            self.seen = list(self.rows)

    def model(self) -> tuple[Any, Any]:
        rows = [(place, self.cells[place]) for place in self.here]
        return copy.deepcopy((rows, self.people))

    # -- what a program does to the list and the rows -----------------------------------------

    @rule(qty=QUANTITY, place=PLACE)
    def add(self, qty: int | None, place: int) -> None:
        cells = {"name": str(len(self.seen)), "qty": qty}
        line = Line(**cells)
        self.rows.insert(place, line)
        self.here.insert(place, len(self.seen))
        self.seen.append(line)
        self.cells.append(cells | {"tags": []})

    @precondition(lambda self: self.here)
    @rule(place=PLACE)
    def take_out(self, place: int) -> None:
        del self.rows[place % len(self.here)], self.here[place % len(self.here)]

    @precondition(lambda self: len({*self.here, *self.replaced}) < len(self.seen))
    @rule(place=PLACE)
    def put_back(self, place: int) -> None:
        gone = {*self.here, *self.replaced}
        out = [each for each in range(len(self.seen)) if each not in gone]
        number = out[place % len(out)]
        self.rows.append(self.seen[number])
        self.here.append(number)

    @rule()
    def reverse(self) -> None:
        self.rows.reverse()
        self.here.reverse()

    @precondition(lambda self: self.seen)
    @rule(place=PLACE, qty=QUANTITY)
    def edit(self, place: int, qty: int | None) -> None:
        self.seen[place % len(self.seen)].qty = qty
        self.cells[place % len(self.seen)]["qty"] = qty

    @precondition(lambda self: self.seen)
    @rule(place=PLACE)
    def edit_in_place(self, place: int) -> None:
        for tags in (
            self.seen[place % len(self.seen)].tags,
            self.cells[place % len(self.seen)]["tags"],
        ):
            tags[:] = [] if tags else ["red"]

    @rule(code=st.sampled_from(["alice", "bob"]))
    def edit_owners(self, code: str) -> None:
        if code in self.people:
            self.owners.remove(fields.User(code))
            self.people.remove(code)
        else:
            self.owners.append(fields.User(code))
            self.people.append(code)

    # -- what happens to the record -------------------------------------------------------------

    @rule(way=st.sampled_from(["save", "unchecked", "bulk_update", "update_fields"]))
    def save(self, way: str = "save") -> None:
        changed = self.saved != self.model()
        with capture_requests(self.connection) as requests:
            try:
                self.send(way)
            except (Order.Conflict, BulkWriteError):
                assert self.stale
                names = ["lines", "owners"] if way == "update_fields" else None
                self.order.save(check_revision=False, update_fields=names)
        if self.order._state.adding or (not changed and way != "update_fields"):
            assert requests == []
        elif not self.stale:
            assert len(requests) <= (3 if way == "bulk_update" else 2)
        self.stale = self.stale and not changed and way != "update_fields"
        self.saved = self.model()
        self.compare_kintone()

    def send(self, way: str) -> None:
        if way == "bulk_update":
            if self.order.changed_fields():
                Order.objects.bulk_update([self.order], ["lines", "owners"])
        elif way == "update_fields" and self.order.pk:
            self.order.save(update_fields=["lines", "owners"])
        else:
            self.order.save(check_revision=way != "unchecked")

    @rule()
    def save_another_field(self) -> None:
        if self.stale:
            return
        self.order.note = "x" if self.order.note != "x" else "y"
        self.order.save(update_fields=["note"])

    @rule()
    def somebody_writes_another_field(self) -> None:
        note = {"note": {"value": "theirs"}}
        update_record(self.connection, app=self.app, id=self.order.pk, record=note)
        self.stale = True

    @rule()
    def refresh(self) -> None:
        assert self.saved is not None
        rows, people = copy.deepcopy(self.saved)
        staying = set(self.here)
        self.order.refresh_from_db()
        self.stale = False
        self.people, self.here = people, []
        for line, (number, cells) in zip(self.rows, rows, strict=True):
            if number in staying:
                assert line is self.seen[number]
                self.here.append(number)
                self.cells[number] = cells
            else:  # it was removed, and is in the list again as another object
                self.replaced.add(number)
                self.here.append(len(self.seen))
                self.ids[len(self.seen)] = self.ids.pop(number)
                self.seen.append(line)
                self.cells.append(cells)
        self.saved = self.model()

    @rule()
    def delete_and_save_again(self) -> None:
        assert self.order.note is not None  # unread values would be lost with the record
        self.order.delete(check_revision=False)
        self.saved, self.stale, self.ids = None, False, {}
        self.save()

    @rule(how=st.sampled_from([lambda x: pickle.loads(pickle.dumps(x)), copy.deepcopy]))
    def go_on_with_a_copy(self, how: Any) -> None:
        everything = self.order, self.rows, self.owners, self.seen
        self.order, self.rows, self.owners, self.seen = how(everything)

    # -- what must be ---------------------------------------------------------------------------

    def compare_kintone(self) -> None:
        (record,) = get_records(self.connection, app=self.app)["records"]
        assert [each["code"] for each in record["owners"]["value"]] == self.people
        sent = record["lines"]["value"]
        assert len(sent) == len(self.here)
        for number, row in zip(self.here, sent, strict=True):
            held = {code: cell["value"] for code, cell in row["value"].items()}
            wanted = self.cells[number]
            qty = Decimal(held["qty"]) if held["qty"] else None
            assert (held["name"], qty) == (wanted["name"], wanted["qty"])
            assert held["tags"] == wanted["tags"]
            if number in self.ids:
                assert int(row["id"]) == self.ids[number]
            else:
                assert int(row["id"]) not in self.used
        self.ids = {n: int(row["id"]) for n, row in zip(self.here, sent, strict=True)}
        self.used |= set(self.ids.values())

    @rule()
    def read(self) -> None:
        with capture_requests(self.connection) as requests:
            assert self.order.lines is self.rows
            assert self.order.owners is self.owners
        assert len(requests) <= 2
        if self.saved == self.model():
            known = [self.ids[number] for number in self.here]
            assert [line.id for line in self.rows] == known

    @precondition(lambda self: self.seen)
    @rule(place=PLACE)
    def read_what_kintone_knows(self, place: int) -> None:
        number = place % len(self.seen)
        line = self.seen[number]
        if number in self.ids:
            assert self.saved is not None
            cells = dict(self.saved[0])[number]
            qty = cells["qty"]
            assert line.id == self.ids[number]
            assert line.double == (qty or 0) * 2

    @invariant()
    def the_list_is_what_a_list_would_be(self) -> None:
        with capture_requests(self.connection) as requests:
            changed = self.order.changed_fields()
        assert requests == []
        assert bool(changed.keys() & {"lines", "owners"}) == (self.saved != self.model())
        assert list(map(id, self.rows)) == [id(self.seen[number]) for number in self.here]
        for line, cells in zip(self.seen, self.cells, strict=True):
            assert (line.name, line.qty) == (cells["name"], cells["qty"])
        assert [owner.code for owner in self.owners] == self.people


TestHeldRows = HeldRows.TestCase
TestHeldRows.settings = examples(60, stateful_step_count=15)
