"""freeze(): only the emulator's clock stands still."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest
from support.models.geography import City, Country

from kintone_orm.connection import connect, connections
from kintone_orm.exceptions import CursorExpired
from kintone_orm.testing import emulate, freeze

NOON = datetime(2024, 2, 29, 12, 0, tzinfo=timezone.utc)


@pytest.fixture
def connection():
    with emulate(City) as connection:
        yield connection


def test_records_are_made_at_the_frozen_time(connection):
    with freeze(NOON):
        assert City.objects.create(name="Kobe").created == NOON


def test_time_goes_on_when_it_is_told_to(connection):
    with freeze(NOON) as clock:
        city = City.objects.create(name="Kobe")
        clock.tick(timedelta(minutes=5))
        city.population = 1
        city.save()
        assert (city.created, city.updated) == (NOON, NOON + timedelta(minutes=5))
        clock.move_to(NOON + timedelta(days=1))
        assert clock.now == NOON + timedelta(days=1)


def test_a_query_asks_for_the_day_that_it_is(connection):
    City.objects.create(name="Kobe", founded="2024-02-29")
    params = {"app": connection.apps["cities"], "query": "founded = TODAY()"}
    with freeze(NOON) as clock:
        assert len(connection.request("GET", "records", params)["records"]) == 1
        clock.tick(timedelta(days=1))
        assert connection.request("GET", "records", params)["records"] == []


def test_a_cursor_that_is_left_alone_expires(connection):
    with freeze(NOON) as clock:
        app = connection.apps["cities"]
        cursor = connection.request("POST", "records/cursor", {"app": app})["id"]
        clock.tick(timedelta(minutes=11))
        with pytest.raises(CursorExpired):
            connection.request("GET", "records/cursor", {"id": cursor})


def test_afterwards_time_is_what_it_was(connection):
    before = connection.emulator.clock
    with pytest.raises(ZeroDivisionError), freeze(NOON):
        _ = 1 / 0
    assert connection.emulator.clock is before


def test_another_connection_can_be_meant(connection):
    with emulate(Country) as other, freeze(NOON, using=connection):
        assert other.emulator.clock() > NOON
        assert connection.emulator.clock() == NOON


def test_the_rest_of_the_process_has_its_own_time(connection):
    with freeze(NOON):
        assert datetime.now(timezone.utc) > NOON


def test_a_naive_time_is_refused(connection):
    naive = datetime(2024, 2, 29)
    with pytest.raises(ValueError, match="has no time zone"), freeze(naive):
        pass
    with freeze(NOON) as clock, pytest.raises(ValueError, match="has no time zone"):
        clock.move_to(naive)


def test_a_real_kintone_cannot_be_frozen():
    real = connect("https://example.cybozu.com", api_token="secret", alias="real")
    with pytest.raises(TypeError, match="emulated") as caught, freeze(NOON, using=real):
        pass
    assert "secret" not in str(caught.value)
    del connections["real"]
