"""emulate(): a kintone for a block, of which nothing is left afterwards."""

from __future__ import annotations

import gc
import sqlite3
import threading
from datetime import timedelta, timezone

import pytest
from support.models.geography import City, Country

from kintone_orm import Model, fields
from kintone_orm.connection import connect, connections
from kintone_orm.exceptions import ImproperlyConfigured, PermissionDenied
from kintone_orm.testing import emulate


def test_every_block_starts_empty():
    with emulate(Country):
        Country.objects.create(code="JP", name="日本")
    with emulate(Country):
        assert Country.objects.count() == 0


def test_a_new_kintone_is_not_searched_for_apps_of_an_interrupted_deploy():
    with emulate(Country) as connection:
        assert set(connection.usage().by_app) == {connection.apps["countries"]}


def test_it_is_the_connection_that_is_meant():
    with emulate() as connection:
        assert connections.resolve() is connection


def test_it_is_meant_in_threads_as_well():
    found = []
    with emulate(Country):
        Country.objects.create(code="JP", name="日本")
        thread = threading.Thread(target=lambda: found.append(Country.objects.count()))
        thread.start()
        thread.join()
    assert found == [1]


def test_the_models_of_lookups_get_an_app_as_well():
    with emulate(City) as connection:
        assert set(connection.apps) == {"cities", "countries"}


class Part(Model):
    code = fields.SingleLineTextField(unique=True)
    made = fields.CreatedTimeField("作成日時")

    class Meta:
        app = 12


class Machine(Model):
    part = fields.LookupField(Part, key="code")
    code = fields.SingleLineTextField()

    class Meta:
        app = 5


class PartName(Model):
    code = fields.SingleLineTextField(unique=True)

    class Meta:
        def app(self):
            return 12


def test_an_app_that_is_named_by_its_id_has_that_id():
    with emulate(Machine, Country) as connection:
        Part.objects.create(code="x")
        Machine.objects.create(part="x")
        assert connection.apps["countries"] > 12


def test_models_may_share_an_app():
    with emulate(Part, PartName):
        Part.objects.create(code="x")
        assert PartName.objects.get().code == "x"


def test_blocks_nest():
    with emulate(Country) as outer:
        Country.objects.create(code="JP", name="日本")
        with emulate(Country):
            assert Country.objects.count() == 0
        assert connections.resolve() is outer
        assert Country.objects.count() == 1


def test_nothing_is_left_afterwards():
    before = set(connections)
    with emulate(Country) as connection:
        assert connection.alias in connections

    assert set(connections) == before


def test_a_failing_block_cleans_up(monkeypatch):
    monkeypatch.delenv("KINTONE_BASE_URL", raising=False)
    with pytest.raises(RuntimeError), emulate(Country):
        raise RuntimeError

    with pytest.raises(ImproperlyConfigured):
        Country.objects.count()


def test_a_block_begins_as_another_was_at_one_moment():
    with emulate(Country) as connection:
        Country.objects.create(code="JP", name="日本")
        snapshot = connection.snapshot()
        Country.objects.create(code="FR", name="France")

    for _ in range(2):
        with emulate(like=snapshot):
            assert [country.code for country in Country.objects.all()] == ["JP"]
            Country.objects.all().delete()


def test_a_block_like_another_knows_its_apps_and_time_zone():
    with emulate(Country) as connection:
        connection.timezone = timezone(timedelta(hours=9))
        snapshot = connection.snapshot()

    with emulate(like=snapshot) as again:
        assert (again.apps, again.timezone) == (connection.apps, connection.timezone)


def test_a_block_like_another_may_have_more_apps():
    with emulate(Country) as connection:
        Country.objects.create(code="JP", name="日本")
        snapshot = connection.snapshot()

    with emulate(City, like=snapshot):
        City.objects.create(name="Kobe", country="JP")
        assert City.objects.get().country_name == "日本"


def test_a_block_like_another_sends_no_request_to_begin():
    with emulate(Country) as connection:
        snapshot = connection.snapshot()

    with emulate(like=snapshot) as again:
        again.emulator.clock = None  # every answer needs a connection
        assert again.apps == connection.apps


def test_a_snapshot_that_nobody_needs_is_closed():
    with emulate() as connection:
        snapshot = connection.snapshot()
    store = snapshot._kept.emulator._domain.store
    del snapshot
    gc.collect()
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        store.app(1)


def test_the_emulator_is_at_hand():
    with emulate(Country) as connection:
        token = connection.emulator.add_api_token(connection.apps["countries"])
        reader = connect(
            connection.base_url,
            api_token=token,
            apps=connection.apps,
            adapter=connection.emulator.adapter(),
            alias="reader",
        )
        assert Country.objects.using(reader).count() == 0
        with pytest.raises(PermissionDenied):
            Country.objects.using(reader).create(code="JP", name="日本")
    del connections["reader"]


def test_it_begins_with_a_domain_file():
    text = {"type": "SINGLE_LINE_TEXT"}
    countries = {"form": {"properties": {"code": {**text, "unique": True}}}}
    file = {"apps": {"countries": {**countries, "id": 7, "records": [{"code": "JP"}]}, "other": {}}}
    with emulate(Country, domain=file) as connection:
        assert Country.objects.get().code == "JP"
        assert connection.apps["countries"] == 7
        assert connection.apps["other"] == connection.emulator.made.apps["other"]


def test_it_begins_with_a_snapshot_or_a_domain_file():
    with emulate() as connection:
        snapshot = connection.snapshot()
    with pytest.raises(TypeError, match="got both .like."), emulate(like=snapshot, domain={}):
        pass


def test_in_threads_that_overlap_the_ends_may_come_in_any_order():
    first_began, second_began, first_ended = (threading.Event() for _ in range(3))
    meant, before = [], connections._overrides._everywhere

    def first():
        with emulate(Country):
            first_began.set()
            second_began.wait(10)
        first_ended.set()

    def second():
        first_began.wait(10)
        with emulate(Country) as connection:
            second_began.set()
            first_ended.wait(10)
            meant.append(connections._overrides._everywhere[-1].connection is connection)
            meant.append(Country.objects.count())

    threads = [threading.Thread(target=each) for each in (first, second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert meant == [True, 0]
    assert connections._overrides._everywhere == before, (
        "a closed kintone is still the one that is meant"
    )
