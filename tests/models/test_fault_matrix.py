"""The end of every operation, with every fault at each of its requests.

A cell of tests/support/faults/table.py says how the call ends and what kintone stores then. The
table is written by hand: it is the promise, not a recording of what the code does.
"""

from __future__ import annotations

from contextlib import contextmanager

import pytest
from support.faults.forged import deep, forged, nothing
from support.faults.operations import OPERATIONS, made, store
from support.faults.table import COLUMNS, ENDS, TABLE

from kintone_orm.emulator import Fault
from kintone_orm.exceptions import BulkWriteError, KintoneORMError
from kintone_orm.outcomes import CarriedOut
from kintone_orm.testing import capture_requests, emulate

FAULTS = {
    "late": (Fault.LATENCY, 0.0001),
    "slow": (Fault.SLOW_BODY, 0.0002),
    "too late": (Fault.LATENCY, 0.002),
    "cut": (Fault.TRUNCATED_BODY, 0),
    "lost": (Fault.LOST_ANSWER, 0),
    "unsent": (Fault.LOST_REQUEST, 0),
    "503": (Fault.SERVICE_UNAVAILABLE, 0),
    "429": (Fault.TOO_MANY_REQUESTS, 0),
    "locked": (Fault.DATABASE_LOCKED, 0),
    "closed": (Fault.IN_MAINTENANCE, 0),
    "expired": (Fault.EXPIRED_CURSOR, 0),
}
FORGED = {
    "{}": nothing,
    "deep": deep,
    "null": lambda answer: dict.fromkeys(answer),
}


@pytest.fixture(scope="module")
def loaded():
    return made()


@contextmanager
def disturbed(connection, column, number):
    """The fault of the column, at the request of that number, counted from 0."""
    if column in FORGED:
        with forged(connection, FORGED[column], after=number, times=1):
            yield
    else:
        fault, seconds = FAULTS[column]
        connection.emulator.faults.add(fault, after=number, seconds=seconds)
        try:
            yield
        finally:
            connection.emulator.faults.clear()


@contextmanager
def a_kintone(loaded):
    with emulate(like=loaded) as connection:
        connection._timeout = (0.001, 0.001)  # seconds that are only counted, in one process
        yield connection


def undisturbed(loaded, operation):
    """The result, the stored records before and after, and the number of requests."""
    with a_kintone(loaded) as connection:
        before, steps = store(connection), operation()
        next(steps)
        with capture_requests(connection) as sent:
            result = next(steps)
        return result, before, store(connection), len(sent)


def ended(loaded, operation, column, number, normal):
    """The end of an operation with a fault, as the table writes it."""
    result, before, after, _ = normal
    with a_kintone(loaded) as connection:
        steps = operation()
        next(steps)
        error = None
        with disturbed(connection, column, number):
            try:
                found = next(steps)
            except KintoneORMError as raised:
                error = raised
        now = store(connection)
    if error is None:
        assert (found, now) == (result, after)
        return "ok"
    if isinstance(error, BulkWriteError):
        require_true(error, before, now)
    kept = "" if before == after else "-" if now == before else "+" if now == after else "~"
    return f"{named(error)}{kept}"


def named(error):
    """The letter of the error's class, with a star if it is also a BulkWriteError."""
    if type(error) is BulkWriteError:
        return "B"
    kinds = [letter for letter, kind in ENDS.items() if isinstance(error, kind)]
    return "".join(kinds) + ("*" if isinstance(error, BulkWriteError) else "")


def require_true(error, before, now):
    """Check what the error says about each record."""
    was, is_ = (
        {key: row for row in held for key in (row[0], row[2])} for held, *_ in (before, now)
    )

    def written(each):
        key = each if isinstance(each, int) else each.code
        return was.get(key) != is_.get(key)

    assert all(map(written, error.done))
    assert not any(map(written, error.failed + error.pending))
    is_unknown = error.unknown or error.carried_out is CarriedOut.UNKNOWN
    assert is_unknown or type(error) is not BulkWriteError or error.done


def test_every_operation_is_in_the_table():
    assert sorted(TABLE) == sorted(OPERATIONS)
    assert {*FAULTS, *FORGED} == {*COLUMNS}


def test_every_fault_of_the_emulator_is_in_the_table():
    # A quota is a 429 as well, of all the requests of an app's day.
    assert {fault for fault, _ in FAULTS.values()} == {*Fault} - {Fault.DAILY_QUOTA}


@pytest.mark.parametrize("name", OPERATIONS)
def test_it_ends_as_the_table_says(loaded, name):
    normal = undisturbed(loaded, OPERATIONS[name])
    told = TABLE[name]
    assert len(told) == normal[-1], "each request has a line"
    for number, line in enumerate(told):
        for column, end in zip(COLUMNS, line, strict=True):
            if end != ".":
                found = ended(loaded, OPERATIONS[name], column, number, normal)
                assert found == end, f"{name}, request {number}, {column}"
