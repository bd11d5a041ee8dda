"""msgspec reads a page to the records of the other decoder, and leaves an odd page to it."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from support.models.corpus import Deal, records
from support.seen_records import seen

from kintone_orm import Model, Row, fields
from kintone_orm.connection import Connection
from kintone_orm.fields import Field
from kintone_orm.models.ground.fetch_modes import FETCH_PEERS
from kintone_orm.models.record.decoding import fast_pages
from kintone_orm.models.record.decoding.fast_pages import fast_reader
from kintone_orm.models.record.decoding.page_decoder import decode
from kintone_orm.settings import PartialSettings

pytest.importorskip("msgspec", reason="the extra `fast` is not installed")

CONNECTION = Connection(PartialSettings())


class Part(Row):
    qty = fields.NumberField()


class Machine(Model):
    name = fields.SingleLineTextField("名前")
    price = fields.NumberField()
    bought = fields.DateField()
    tested = fields.DateTimeField()
    kinds = fields.CheckBoxField(choices=["A", "B"])
    keeper = fields.UserSelectField()
    parts = fields.SubtableField(Part)


def cell(type_: str, value: Any) -> dict[str, Any]:
    return {"type": type_, "value": value}


def machine(**cells: Any) -> dict[str, Any]:
    """A record of Machine as kintone sends it, with other cells by their codes."""
    return {
        "$id": cell("__ID__", "7"),
        "$revision": cell("__REVISION__", "3"),
        "名前": cell("SINGLE_LINE_TEXT", "ミル"),
        "price": cell("NUMBER", "1.50"),
        "bought": cell("DATE", "2026-11-30"),
        "tested": cell("DATETIME", "2026-11-30T09:00:00Z"),
        "kinds": cell("CHECK_BOX", ["A"]),
        "keeper": cell("USER_SELECT", [{"code": "a", "name": "A"}]),
        "parts": cell("SUBTABLE", [{"id": "5", "value": {"qty": cell("NUMBER", "2")}}]),
        **cells,
    }


def read(*sent: dict[str, Any], model: type[Model] = Machine, **others: Any) -> Any:
    return read_body(json.dumps({"records": sent, **others}).encode(), model)


def read_body(body: bytes, model: type[Model] = Machine) -> Any:
    reader = fast_reader(model, None, None)
    assert reader is not None
    return reader(body, CONNECTION, FETCH_PEERS)


def test_a_page_of_26_fields_reads_as_without_msgspec():
    sent = records(20)
    others, deals, ids = read(*sent, model=Deal, totalCount=None)
    assert others == {"records": [], "totalCount": None}
    assert ids == [record["$id"]["value"] for record in sent]
    assert [seen(deal) for deal in deals] == [seen(deal) for deal in decode(Deal, sent, CONNECTION)]


def test_an_answer_without_records_is_an_empty_page():
    assert read(next=False) == ({"records": [], "next": False}, [], [])


def test_blanks_are_read():
    blank = {
        "名前": cell("SINGLE_LINE_TEXT", ""),
        "price": cell("NUMBER", None),
        "bought": cell("DATE", None),
        "tested": cell("DATETIME", ""),
        "kinds": cell("CHECK_BOX", []),
        "keeper": cell("USER_SELECT", []),
        "parts": cell("SUBTABLE", []),
    }
    _, (record,), _ = read(machine(**blank))
    assert (record.name, record.price, record.bought, record.tested) == ("", None, None, None)
    assert (record.kinds, record.keeper, record.parts) == ([], [], [])


def test_only_the_named_fields_are_read():
    reader = fast_reader(Machine, None, ("price",))
    assert reader is not None
    sent = {code: machine()[code] for code in ("$id", "$revision", "price")}
    page = reader(json.dumps({"records": [sent]}).encode(), CONNECTION, FETCH_PEERS)
    assert page is not None
    (record,) = page[1]
    assert (record.price, record.get_deferred_fields() >= {"name"}) == (Decimal("1.50"), True)


@pytest.mark.parametrize(
    "cells",
    [
        {"tested": cell("DATETIME", "1700000000")},
        {"tested": cell("DATETIME", 1700000000)},
        {"tested": cell("DATE", "2026-11-30")},
        {"price": cell("NUMBER", 5)},
        {"price": cell("SINGLE_LINE_TEXT", "NaN")},
        {"price": cell("NUMBER", "five")},
        {"bought": cell("DATE", "2024-02-30")},
        {"名前": cell("SINGLE_LINE_TEXT", ["a"])},
        {"名前": cell("CHECK_BOX", ["a"])},
        {"kinds": cell("CHECK_BOX", None)},
        {"kinds": cell("CHECK_BOX", [5])},
        {"keeper": cell("USER_SELECT", [{"code": "a"}])},
        {"keeper": cell("USER_SELECT", [{"code": "a", "name": None}])},
        {"parts": cell("SUBTABLE", [{"id": "5", "value": {}}])},
        {"parts": cell("SUBTABLE", [{"id": "5", "value": {"qty": cell("NUMBER", "x")}}])},
        {"parts": cell("SUBTABLE", [{"id": "five", "value": {"qty": cell("NUMBER", "2")}}])},
        {"$revision": cell("__REVISION__", None)},
        {"$id": cell("__ID__", 7)},
        {"price": {"value": "1.50"}},
        {"price": {"type": "NUMBER", "value": "1.50", "more": 1}},
        {"other": cell("NUMBER", "1")},
        {"price": None},
    ],
    ids=str,
)
def test_an_odd_value_leaves_the_whole_page_to_the_other_decoder(cells):
    assert read(machine(), machine(**cells)) is None


def test_a_missing_field_leaves_the_page_to_the_other_decoder():
    sent = machine()
    del sent["price"]
    assert read(machine(), sent) is None


@pytest.mark.parametrize(
    "change",
    [
        lambda body: b"\xef\xbb\xbf" + body,
        lambda body: body.decode().encode("utf-16"),
        lambda body: body + b"x",
        lambda body: body[:-1],
        lambda body: body.replace(b'"A"', b'"\xff"'),
        lambda body: body.replace(b'"A"', b'"\xed\xa0\x80"'),
        lambda body: body.replace(b'"A"', rb'"\ud800"'),
        lambda body: body.replace(b'"A"', b'"\n"'),
        lambda body: body.replace(b'"A"', b"NaN"),
        lambda body: body.replace(b'{"records"', b'{"other": 1, "records"'),
        lambda body: b"[" + body + b"]",
        lambda body: b"[" * 100_000,
        lambda body: b"null",
        lambda body: b'{"records": null}',
        lambda body: b"{}",
        lambda body: b"",
    ],
)
def test_odd_bytes_leave_the_page_to_the_other_decoder(change: Callable[[bytes], bytes]):
    body = json.dumps({"records": [machine()]}).encode()
    assert read_body(body) is not None
    assert read_body(change(body)) is None


def test_an_escape_is_read_in_values_and_in_the_names_of_fields():
    body = json.dumps({"records": [machine()]}, ensure_ascii=True)
    assert r"\u30df" in body
    (record,) = read_body(body.encode())[1]
    assert record.name == "ミル"


def test_a_field_class_with_a_reader_of_its_own_is_read_by_it():
    class Loud(fields.SingleLineTextField):
        def to_python(self, raw, zone=None):
            return super().to_python(raw, zone).upper()

    class Shout(Model):
        word = Loud()

    sent = {name: machine()[name] for name in ("$id", "$revision")}
    (record,) = read(sent | {"word": cell("SINGLE_LINE_TEXT", "hi")}, model=Shout)[1]
    assert record.word == "HI"


def test_an_error_of_a_field_class_leaves_the_page_to_the_other_decoder():
    class Broken(fields.SingleLineTextField):
        def to_python(self, raw, zone=None):
            raise RuntimeError

    class Breaks(Model):
        word = Broken()

    sent = {name: machine()[name] for name in ("$id", "$revision")}
    assert read(sent | {"word": cell("SINGLE_LINE_TEXT", "hi")}, model=Breaks) is None


@pytest.mark.parametrize("place", ["field", "column"])
def test_there_is_no_reader_for_a_field_of_an_unknown_type(place):
    class Ours(Field[Any, Any]):
        kintone_type = "OURS"

    class Line(Row):
        own = Ours()

    class Strange(Model):
        other = Ours() if place == "field" else fields.SubtableField(Line)

    assert fast_reader(Strange, None, None) is None


def test_there_is_no_reader_without_msgspec(monkeypatch):
    monkeypatch.setattr(fast_pages, "_library", lambda: None)
    assert fast_reader(Machine, None, None) is None


def table(**cells: Any) -> dict[str, Any]:
    """The cell of the table, with one row that has these cells and a quantity."""
    row = {"id": "5", "value": {"qty": cell("NUMBER", "2"), **cells}}
    return {"parts": cell("SUBTABLE", [row])}


def test_columns_that_the_model_does_not_declare_are_read_over():
    undeclared = {
        "note": cell("SINGLE_LINE_TEXT", None),
        "kinds": cell("CHECK_BOX", ["x"]),
        "by": cell("USER_SELECT", [{"code": "a", "name": "A"}]),
    }
    _, (record, other), ids = read(machine(), machine(**table(**undeclared)))
    assert ([row.qty for row in record.parts + other.parts], ids) == ([2, 2], ["7", "7"])
    assert read(machine(**table())) is not None


@pytest.mark.parametrize(
    "cells",
    [
        {"note": cell("SINGLE_LINE_TEXT", 5)},
        {"note": {"value": "x"}},
        {"note": cell("SUBTABLE", [{"id": "1", "value": {}}])},
        {"note": cell("SINGLE_LINE_TEXT", "x"), "qty": cell("NUMBER", 2)},
    ],
    ids=str,
)
def test_an_undeclared_column_that_is_not_kintones_leaves_the_page_alone(cells):
    assert read(machine(**table(**cells))) is None
    assert read(machine(**table(note=cell("SINGLE_LINE_TEXT", "x")))) is not None


def test_undeclared_columns_without_end_do_not_fill_the_memory(monkeypatch):
    monkeypatch.setattr(fast_pages, "_MOST_COLUMNS", 3)
    reader = fast_reader(Machine, None, None)
    assert reader is not None
    names = [f"note{number}" for number in range(5)]
    sent = [machine(**table(**{name: cell("LINK", "")})) for name in names]
    bodies = [json.dumps({"records": [each]}).encode() for each in sent]
    pages = [reader(body, CONNECTION, FETCH_PEERS) for body in bodies]
    assert [page is not None for page in pages] == [True, True, False, False, False]
