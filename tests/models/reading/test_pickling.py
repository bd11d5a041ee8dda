"""A pickled queryset has its rows, its query, and the alias of its connection."""

from __future__ import annotations

import copy
import pickle

import pytest
from support.models.geography import City, cities

from kintone_orm.connection import connect, connections
from kintone_orm.exceptions import ImproperlyConfigured
from kintone_orm.testing import assert_requests, emulate


@pytest.fixture
def three(kintone):
    City.objects.bulk_create(cities(3))


def through(queryset):
    return pickle.loads(pickle.dumps(queryset))


def test_it_is_read_before_and_not_again(three):
    queryset = City.objects.filter(population__gt=1000).order_by("-name")
    with assert_requests(1):
        again = through(queryset)
        assert [city.name for city in again] == ["City 3", "City 2"]

    assert again.query == queryset.query


def test_its_query_goes_on(three):
    again = through(City.objects.filter(population__gt=1000)[:3])

    assert again.all().count() == 2
    assert again.explain().most == 3


def test_rows_of_values_go_along(three):
    for values in (
        City.objects.values("name"),
        City.objects.values_list("name", flat=True),
        City.objects.values_list("name", named=True),
    ):
        assert list(through(values)) == list(values)
    assert through(City.objects.only("name"))[0].get_deferred_fields()


def test_it_finds_the_connection_of_that_alias(three, kintone):
    named = pickle.dumps(City.objects.using(kintone))
    plain = pickle.dumps(City.objects.all())
    with emulate(City):
        assert pickle.loads(plain).all().count() == 0
        assert pickle.loads(named).db == kintone.alias


def test_no_secret_and_no_connection_is_in_it(three):
    connection = connect(
        "https://example.cybozu.com", username="me", password="s3cret", alias="secretive"
    )
    queryset = City.objects.none().using(connection)

    assert b"s3cret" not in pickle.dumps(queryset)
    assert through(queryset).db == "secretive"


def test_an_alias_that_is_not_there_any_more(three):
    connection = connect("https://example.cybozu.com", api_token="x", alias="gone")
    sent = pickle.dumps(City.objects.none().using(connection))
    del connections["gone"]

    with pytest.raises(ImproperlyConfigured, match="No connection is called 'gone'"):
        pickle.loads(sent).count() or pickle.loads(sent).db


def test_a_connection_that_is_not_registered_cannot_go_along(three):
    first = connect("https://a.cybozu.com", api_token="x", alias="twice")
    connect("https://b.cybozu.com", api_token="x", alias="twice")

    with pytest.raises(TypeError, match="not registered under it. Pickle list"):
        pickle.dumps(City.objects.none().using(first))


def test_copying_sends_nothing(three):
    with assert_requests(0):
        copy.copy(City.objects.all())
        copy.deepcopy(City.objects.all())


@pytest.mark.parametrize("use", [pickle.dumps, copy.copy, copy.deepcopy])
@pytest.mark.parametrize("queryset", [City.objects.all(), City.objects.none()])
def test_an_iterator_is_not_copied_or_pickled(kintone, use, queryset):
    with pytest.raises(
        TypeError, match=r"^A RecordIterator cannot be copied or pickled: like a generator, it is "
    ):
        use(queryset.iterator())
