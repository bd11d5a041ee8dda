"""The short form of the soak. The long form is a command: tests/resilience/soak.py."""

from __future__ import annotations

import pytest
from support.soak.ledger import Ledger
from support.soak.run import soak

from kintone_orm.exceptions import BulkWriteError, ConflictError, TransportError
from kintone_orm.outcomes import CarriedOut


@pytest.fixture(scope="module")
def result():
    return soak(operations=300, threads=16, faults=0.1, seed=1)


def test_the_store_is_what_the_errors_say(result):
    assert result.problems == []


def test_a_part_of_the_requests_was_spoilt_and_most_operations_succeed(result):
    assert result.spoilt > result.requests / 30
    succeeded = sum(number for (_, end), number in result.ends.items() if end == "success")
    assert succeeded > result.ends.total() / 2


def test_without_faults_every_write_succeeds():
    result = soak(operations=80, threads=16, faults=0.0, seed=2)
    assert result.problems == []
    assert not any(end == "unknown" for _, end in result.ends)


# -- the ledger itself ----------------------------------------------------------------------------


def lost() -> TransportError:
    return TransportError("lost", carried_out=CarriedOut.UNKNOWN)


def refused() -> TransportError:
    return TransportError("refused", carried_out=CarriedOut.NO)


@pytest.mark.parametrize(
    ("error", "stored"),
    [
        (None, []),
        (None, [("a", 1), ("a", 1)]),
        (None, [("a", 2)]),
        (refused(), [("a", 1)]),
        (lost(), [("a", 2)]),
        (None, [("a", 1), ("b", 1)]),
    ],
)
def test_a_difference_is_reported(error, stored):
    ledger = Ledger()
    with ledger.writing("create", {"a": 1}):
        if error:
            raise error
    ledger.compare(stored)
    assert len(ledger.problems) == 1


@pytest.mark.parametrize(
    ("error", "stored"),
    [(None, [("a", 1)]), (refused(), []), (lost(), []), (lost(), [("a", 1)])],
)
def test_what_an_error_allows_is_no_difference(error, stored):
    ledger = Ledger()
    with ledger.writing("create", {"a": 1}):
        if error:
            raise error
    ledger.compare(stored)
    assert ledger.problems == []


def test_a_part_of_a_group_is_reported():
    ledger = Ledger()
    with ledger.writing("bulk_create", {"a": 1, "b": 1}):
        raise BulkWriteError("lost", unknown=["a", "b"])
    ledger.compare([("a", 1)])
    assert ledger.problems == ["A part of a group is stored: ['a', 'b']"]


def test_a_conflict_of_a_record_that_nobody_else_writes_is_reported():
    ledger = Ledger()
    with ledger.writing("save", {"a": 1}):
        raise ConflictError("changed")
    assert len(ledger.problems) == 1
