"""emulate(): a kintone of its own, and nothing left of it afterwards."""

from __future__ import annotations

import pytest
from geography import City, Country

from kintone_orm.connection import connections
from kintone_orm.exceptions import ImproperlyConfigured
from kintone_orm.testing import capture_requests, emulate


def test_every_block_starts_empty():
    with emulate(Country):
        Country.objects.create(code="JP", name="日本")
    with emulate(Country):
        assert Country.objects.count() == 0


def test_it_is_the_connection_that_is_meant():
    with emulate() as connection:
        assert connections.resolve() is connection


def test_the_models_of_lookups_get_an_app_as_well():
    with emulate(City) as connection:
        assert set(connection.apps) == {"cities", "countries"}


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


def test_captured_requests_have_method_path_and_params():
    with emulate(Country) as connection, capture_requests(connection) as requests:
        Country.objects.filter(code="JP").exists()

    (request,) = requests
    assert (request.method, request.path) == ("GET", "/k/v1/records.json")
    assert request.params["query"] == 'code = "JP" order by $id asc limit 1'


def test_a_request_that_is_refused_is_captured_too():
    with emulate(Country) as connection, capture_requests(connection) as requests:
        Country.objects.create(code="JP", name="日本")
        with pytest.raises(Exception, match="already exists"):
            Country.objects.create(code="JP", name="日本")

    assert len(requests) == 2


def test_nothing_is_captured_after_the_block():
    with emulate(Country) as connection:
        with capture_requests(connection) as requests:
            pass
        Country.objects.count()

    assert requests == []
