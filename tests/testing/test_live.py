"""emulate_live(): the same kintone, over HTTP."""

from __future__ import annotations

import pytest
import requests
from support.models.geography import City, Country

from kintone_orm.connection import connections
from kintone_orm.exceptions import TransportError
from kintone_orm.testing import assert_requests, emulate

emulate_live = pytest.importorskip("kintone_orm.testing.live").emulate_live


def test_other_programs_reach_it_with_its_credentials():
    with emulate_live(City) as connection:
        Country.objects.create(code="JP", name="日本")
        session = requests.Session()
        session.auth = None
        secret = connection.settings.credentials.headers(frozenset())
        answer = session.get(
            f"{connection.base_url}/k/v1/records.json",
            params={"app": connection.apps["countries"]},
            headers={name: str(text) for name, text in secret.items()},
        )
        session.close()
    assert [record["国名"]["value"] for record in answer.json()["records"]] == ["日本"]


def test_it_is_the_connection_that_is_meant():
    with emulate_live(Country) as connection:
        assert connections.resolve() is connection
        assert connection.base_url.startswith("http://")


def test_it_costs_no_more_requests_than_in_process():
    with emulate_live(City), assert_requests(1):
        City.objects.create(name="Kobe")


def test_it_begins_as_a_snapshot_was():
    with emulate(Country) as connection:
        Country.objects.create(code="JP", name="日本")
        snapshot = connection.snapshot()
    with emulate_live(like=snapshot):
        assert Country.objects.get().code == "JP"


def test_nothing_is_left_afterwards():
    before = set(connections)
    with emulate_live(Country) as connection:
        Country.objects.count()
    assert set(connections) == before
    with pytest.raises(TransportError):
        Country.objects.using(connection).count()
