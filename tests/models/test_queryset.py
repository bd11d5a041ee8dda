"""Combining, copying and inspecting querysets, which sends no request."""

from __future__ import annotations

import copy

import pytest
from support.models.geography import City, Country, cities

from kintone_orm import Model, Q, Raw
from kintone_orm.exceptions import FieldDoesNotExist, ImproperlyConfigured
from kintone_orm.models import QuerySet
from kintone_orm.testing import assert_requests

BIG, OLD = {"population__gte": 2000}, {"tags": "old"}


def names(queryset) -> list[str]:
    return [city.name for city in queryset]


@pytest.fixture
def three(kintone):
    City.objects.bulk_create(cities(3))
    City.objects.filter(name="City 1").update(tags=["old"])


def test_and_finds_what_both_find(three):
    assert names(City.objects.filter(**BIG) & City.objects.exclude(name="City 3")) == ["City 2"]


def test_or_finds_what_one_of_them_finds(three):
    found = City.objects.filter(**OLD) | City.objects.filter(name="City 3")

    assert names(found) == ["City 1", "City 3"]
    assert found.query.startswith('tags in ("old") or 都市名 = "City 3"')


def test_everything_and_nothing_are_what_they_are_in_logic(three):
    some, every, nothing = City.objects.filter(**OLD), City.objects.all(), City.objects.none()

    assert (some | every).query == every.query
    assert (some & every).query == (some | nothing).query == some.query
    assert names(some & nothing) == []


def test_the_order_of_the_second_counts_if_it_has_one(three):
    by_name = City.objects.order_by("-name")

    assert names(City.objects.filter(**BIG) & by_name) == ["City 3", "City 2"]
    assert names(by_name & City.objects.filter(**BIG)) == ["City 3", "City 2"]
    assert names(by_name | City.objects.order_by("name").reverse()) == names(by_name)


def test_neither_of_two_that_are_joined_changes(three):
    first, second = City.objects.filter(**BIG), City.objects.filter(**OLD)
    before = (first.query, second.query)
    first | second

    assert (first.query, second.query) == before


@pytest.mark.parametrize("join", [QuerySet.__and__, QuerySet.__or__])
def test_what_cannot_be_joined(kintone, join):
    with pytest.raises(TypeError, match="two different models: City and Country"):
        join(City.objects.all(), Country.objects.all())
    with pytest.raises(TypeError, match="once a slice has been taken"):
        join(City.objects.all()[:3], City.objects.all())
    with pytest.raises(TypeError, match="once a slice has been taken"):
        join(City.objects.all(), City.objects.all()[3:])
    assert join(City.objects.all(), Q()) is NotImplemented


def test_querysets_of_two_connections_are_not_joined(kintone):
    other = copy.copy(kintone)
    assert other is kintone
    City.objects.using(kintone) & City.objects.all()
    with pytest.raises(ImproperlyConfigured, match="No connection is called 'elsewhere'"):
        City.objects.using("elsewhere") & City.objects.all()


def test_a_conditions_mapping_q_or_raw(three):
    assert names(City.objects.complex_filter(BIG)) == ["City 2", "City 3"]
    assert names(City.objects.complex_filter(~Q(**BIG))) == ["City 1"]
    assert names(City.objects.complex_filter(Raw('population >= "2000"'))) == ["City 2", "City 3"]
    with pytest.raises(TypeError, match="takes Qs and name=value conditions, not int"):
        City.objects.complex_filter(3)


def test_a_deep_copy_is_read_afresh(three):
    queryset = City.objects.filter(**BIG)
    list(queryset)

    with assert_requests(1):
        assert names(copy.deepcopy(queryset)) == ["City 2", "City 3"]


def test_two_querysets_are_equal_only_if_they_are_the_same():
    queryset = City.objects.all()

    assert queryset == queryset
    assert queryset != City.objects.all()


def test_contains_asks_for_one_id(three):
    city = City.objects.get(name="City 2")
    with assert_requests(1) as requests:
        assert City.objects.filter(**BIG).contains(city)
    assert not City.objects.filter(**OLD).contains(city)

    assert requests[0].params["fields"] == ["$id"]


def test_contains_looks_into_what_was_read(three):
    queryset = City.objects.filter(**BIG)
    (city, *_) = queryset

    with assert_requests(0):
        assert queryset.contains(city)


def test_what_contains_cannot_answer(kintone):
    with pytest.raises(TypeError, match="'obj' must be a model instance"):
        City.objects.contains(3)
    with pytest.raises(ValueError, match="unsaved"):
        City.objects.contains(City(name="x"))
    assert not City.objects.contains(Country(code="JP"))


class Visit(Model):
    name = City.name

    class Meta:
        app = "cities"
        get_latest_by = "name"


def test_earliest_and_latest_go_by_fields_or_by_meta(three):
    with assert_requests(4):
        assert City.objects.earliest("population").name == "City 1"
        assert City.objects.order_by("name").latest("population", "name").name == "City 3"
        assert Visit.objects.earliest().name == "City 1"
        assert Visit.objects.latest().name == "City 3"


def test_earliest_without_a_field_or_of_nothing(kintone):
    with pytest.raises(ValueError, match="'get_latest_by' in the model's Meta"):
        City.objects.latest()
    with pytest.raises(City.DoesNotExist):
        City.objects.earliest("name")
    with pytest.raises(TypeError, match="once a slice"):
        City.objects.all()[:3].earliest("name")


def test_get_latest_by_names_a_field():
    with pytest.raises(FieldDoesNotExist, match="has no field 'nothing'"):
        type(Model)("Bad", (Model,), {"Meta": type("Meta", (), {"get_latest_by": ["-nothing"]})})


def test_db_is_the_alias_that_is_meant(kintone):
    assert City.objects.db == kintone.alias
