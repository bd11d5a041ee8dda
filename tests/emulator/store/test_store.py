"""Reads that do not look at every record, and the effects of transactions."""

from __future__ import annotations

import subprocess
import sys

import pytest
from support.plain_kintone import cells, options

from kintone_orm.emulator.store.store import Store


@pytest.fixture
def store(tmp_path):
    store = Store(tmp_path / "data.db")
    yield store
    store.close()


def fail(store, block):
    """Write a record and a unique value in a block that fails."""
    with block:
        store.put_record(1, 2, "{}")
        store.claim(1, "key", "x", 2)
        raise RuntimeError


def test_stores_in_memory_are_independent():
    first, second = (Store.open(":memory:") for _ in range(2))
    first.put_record(1, 1, "{}")
    assert second.record(1, 1) is None
    assert list(first.take_numbers("a", 1)) == list(second.take_numbers("a", 1)) == [1]
    assert first.identity != second.identity
    first.close()
    assert second.record_ids(1) == []
    second.close()


def test_a_new_store_in_memory_makes_no_table(monkeypatch):
    """Issue 11, "Its own speed": `emulate()` made the tables each time, which took 300 us."""
    Store.open(":memory:").close()
    monkeypatch.setattr("kintone_orm.emulator.store.store._SCHEMA", "no SQL at all;")
    Store.open(":memory:").close()


def test_a_program_that_ends_leaves_no_database_open():
    program = "from kintone_orm.emulator import Emulator; Emulator().close()"
    ended = subprocess.run(
        [sys.executable, "-W", "error", "-c", program], capture_output=True, text=True, check=True
    )
    assert ended.stderr == ""


def test_a_failed_transaction_writes_no_data(store):
    with pytest.raises(RuntimeError):
        fail(store, store.transaction())
    assert store.record(1, 2) is None
    assert store.owner(1, "key", "x") is None


def test_a_failed_savepoint_undoes_only_its_own_writes(store):
    with store.transaction():
        store.put_record(1, 1, "{}")
        with pytest.raises(RuntimeError):
            fail(store, store.savepoint())
    assert store.record_ids(1) == [1]
    assert store.owner(1, "key", "x") is None


def test_numbers_of_one_counter_do_not_repeat(store):
    assert list(store.take_numbers("a", 3)) == [1, 2, 3]
    assert list(store.take_numbers("b", 1)) == [1]
    assert list(store.take_numbers("a", 0)) == []
    assert list(store.take_numbers("a", 2)) == [4, 5]


def test_values_and_ids_are_searched_for_and_never_scanned(emulator, kintone):
    """Unique checks, update keys, lookups and pages by id must not read every row."""
    text = {"type": "SINGLE_LINE_TEXT"}
    source = kintone.new_app({"code": {**text, "unique": True}, "name": text})
    kintone.add(source, code="c", name="n")
    lookup = {
        "relatedApp": {"app": source},
        "relatedKeyField": "code",
        "fieldMappings": [{"field": "copied", "relatedField": "name"}],
    }
    app = kintone.new_app(
        {
            "key": {**text, "lookup": lookup},
            "copied": text,
            "own": {**text, "unique": True},
            "rank": {"type": "DROP_DOWN", "options": options("A")},
        }
    )
    database = emulator._domain.store._database
    statements = []
    database.set_trace_callback(statements.append)
    number = kintone.add(app, key="c", own="x")
    update = {
        "app": app,
        "updateKey": {"field": "own", "value": "x"},
        "record": cells({"key": "c"}),
    }
    kintone.ok("PUT", "record.json", update)
    kintone.put(app, number, own="y")
    assert kintone.find(app, 'own = "y" and rank in ("")') == [number]
    assert kintone.find(app, "$id > 0 order by $id asc limit 500") == [number]
    kintone.ok("DELETE", "records.json", {"app": app, "ids": [number]})
    database.set_trace_callback(None)
    plans = [
        (statement, plan)
        for statement in statements
        if statement.startswith(("SELECT", "DELETE", "UPDATE"))
        for *_, plan in database.execute(f"EXPLAIN QUERY PLAN {statement}")
    ]
    assert len(plans) > 10
    assert [(statement, plan) for statement, plan in plans if not plan.startswith("SEARCH")] == []
