"""The text of a record, and the fields picked from it without parsing."""

from __future__ import annotations

import json

import pytest

from kintone_orm.emulator.store.record_text import (
    StoredRecord,
    cell_in,
    cut,
    extend,
    list_text,
    record_text,
)


def record(*codes):
    cells = {code: {"type": "SINGLE_LINE_TEXT", "value": f'",\n"{code}":'} for code in codes}
    return record_text({"$id": {"type": "__ID__", "value": "1"}, **cells})


def picked(*texts, codes):
    return [list(text) for text in json.loads(list_text(texts, codes))]


def test_fields_are_picked_in_the_record_s_order():
    assert picked(record("a", "b", "c"), codes=["c", "a"]) == [["a", "c"]]


def test_the_id_is_picked_too():
    assert picked(record("a", "b"), codes=["b", "$id"]) == [["$id", "b"]]
    assert picked(record(), codes=["$id"]) == [["$id"]]


def test_a_record_with_another_order_of_fields_gives_the_same_fields():
    first, second = picked(record("a", "b", "c"), record("c", "b", "a"), codes=["a", "c"])
    assert set(first) == set(second) == {"a", "c"}


def test_a_field_that_only_some_records_have_is_picked_from_those():
    texts = [record("a"), record("b", "a"), record("b")]
    assert picked(*texts, codes=["a", "b"]) == [["a"], ["b", "a"], ["b"]]


def test_a_code_that_is_also_a_name_inside_of_cells_is_that_of_the_field():
    text = record_text(
        {
            "$id": {"type": "__ID__", "value": "1"},
            "who": {"type": "USER_SELECT", "value": [{"code": "sato", "name": "Sato"}]},
            "name": {"type": "SINGLE_LINE_TEXT", "value": "mine"},
        }
    )
    assert json.loads(list_text([text], ["name"]))[0]["name"]["value"] == "mine"


@pytest.mark.parametrize("code", ["a", "b", "c"])
def test_a_field_is_cut_out_from_any_place_and_put_back_at_the_end(code):
    rest, line = cut(record("a", "b", "c"), code)
    assert list(json.loads(rest)) == [
        field_line for field_line in ("$id", "a", "b", "c") if field_line != code
    ]
    assert cell_in(line) == {"type": "SINGLE_LINE_TEXT", "value": f'",\n"{code}":'}
    assert json.loads(extend(rest, [line])) == json.loads(record("a", "b", "c"))


def test_a_missing_field_is_not_cut_out():
    assert cut(record("a"), "b") == (record("a"), None)


def test_a_field_is_found_wherever_it_was_in_the_record_before():
    early, late = record("z1", "a"), record("z1", "z2", "z3", "a")
    for text in (late, early, late):
        assert StoredRecord(1, text).get("a")["value"] == '",\n"a":'
        assert StoredRecord(1, text).get("b") is None


@pytest.mark.parametrize("code", ["value", "type", "a", "$id", "missing"])
def test_a_value_is_read_for_any_code(code):
    stored = StoredRecord(1, record("value", "type", "a"))
    cell = stored.get(code)
    assert stored.value(code) == (cell["value"] if cell else None)
