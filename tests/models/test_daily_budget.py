"""The end of a daily budget in the middle of a long read or write."""

from __future__ import annotations

import pickle
from contextlib import contextmanager

import pytest
from support.models.geography import City, cities

from kintone_orm import connect, connections
from kintone_orm.api.cursors import create_cursor
from kintone_orm.exceptions import BulkWriteError, CarriedOut, DailyBudgetExceeded
from kintone_orm.limits import CURSORS_PER_DOMAIN
from kintone_orm.testing import emulate


@pytest.fixture
def kintone():
    with emulate(City) as connection:
        yield connection


@contextmanager
def limited(kintone, budget):
    """A connection to the same kintone that has a budget."""
    username, password = kintone.emulator.credentials
    connection = connect(
        kintone.base_url,
        username=username,
        password=password,
        apps=kintone.apps,
        adapter=kintone.emulator.adapter(),
        alias="limited",
        daily_budget=budget,
    )
    try:
        yield connection
    finally:
        del connections["limited"]


def test_a_long_read_ends_with_the_budget_and_closes_its_cursor(kintone):
    City.objects.bulk_create(cities(1203))
    with limited(kintone, 3) as connection:
        reading = City.objects.using(connection).order_by("name").iterator()
        with pytest.raises(DailyBudgetExceeded):
            list(reading)
    app = City._meta.app_id(kintone)
    for _ in range(CURSORS_PER_DOMAIN):
        create_cursor(kintone, app=app)


def test_a_write_that_is_refused_as_a_whole_is_both_errors(kintone):
    with limited(kintone, 2) as connection, pytest.raises(BulkWriteError) as refused:
        City.objects.using(connection).bulk_create(cities(250))
    error = refused.value
    assert isinstance(error, DailyBudgetExceeded)
    assert (error.budget, len(error.failed), error.carried_out) == (2, 250, CarriedOut.NO)
    assert City.objects.count() == 0


def test_a_refused_write_survives_a_pickle(kintone):
    with limited(kintone, 2) as connection, pytest.raises(BulkWriteError) as refused:
        City.objects.using(connection).bulk_create(cities(250))
    refused.value.failed.clear()
    copied = pickle.loads(pickle.dumps(refused.value))
    assert isinstance(copied, DailyBudgetExceeded)
    assert copied.ends == refused.value.ends


def test_a_write_that_the_budget_stops_in_the_middle_lists_what_is_written(kintone):
    with (
        limited(kintone, 30) as connection,
        pytest.raises(BulkWriteError, match="of 2,100 records are written") as refused,
    ):
        City.objects.using(connection).bulk_create(cities(2100), batch_size=50)
    error = refused.value
    assert isinstance(error.__cause__, DailyBudgetExceeded)
    assert error.carried_out is CarriedOut.YES
    assert len(error.done) == City.objects.count() > 0
    assert error.unknown == []
