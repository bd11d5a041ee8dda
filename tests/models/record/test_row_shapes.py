"""values() and values_list(): Python values instead of instances."""

from __future__ import annotations

import pickle
from decimal import Decimal

import pytest
from support.models.geography import City, Country, cities

from kintone_orm.exceptions import DecodeError, FieldDoesNotExist, FieldError, NotSupportedError
from kintone_orm.models import QuerySet
from kintone_orm.testing import assert_requests


@pytest.fixture
def three(kintone):
    City.objects.bulk_create(cities(3))


def test_values_are_python_values_of_the_named_fields(three):
    City.objects.update(latitude="1.50")

    assert list(City.objects.values("name", "latitude", "tags").order_by("-id")[:1]) == [
        {"name": "City 3", "latitude": Decimal("1.50"), "tags": []}
    ]


def test_only_the_named_fields_are_read(three):
    with assert_requests(1) as requests:
        list(City.objects.values("name"))

    assert requests[0].params["fields"] == ["$id", "$revision", "都市名"]


def test_without_names_there_are_the_id_and_every_field(three):
    row = City.objects.values().first()

    assert list(row) == ["id", *City._meta.fields]


@pytest.mark.parametrize("name", ["id", "pk", "revision"])
def test_the_id_and_the_revision_are_there(three, name):
    assert City.objects.values(name)[1] == {name: 1 if name == "revision" else 2}


def test_values_list_has_the_order_of_the_names(three):
    assert list(City.objects.values_list("population", "name")[:2]) == [
        (1000, "City 1"),
        (2000, "City 2"),
    ]


def test_a_flat_list(three):
    assert list(City.objects.values_list("name", flat=True)) == ["City 1", "City 2", "City 3"]


def test_a_named_tuple(three):
    row = City.objects.values_list("name", "population", named=True).get(pk=2)

    assert (row.name, row.population, row._fields) == ("City 2", 2000, ("name", "population"))


def test_a_named_tuple_can_be_pickled(three):
    row = City.objects.values_list("name", named=True)[0]

    assert pickle.loads(pickle.dumps(row)) == row


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"flat": True, "named": True}, "can't be used together"),
        ({"flat": True}, "exactly one field"),
    ],
)
def test_what_values_list_cannot_be(options, message):
    with pytest.raises(TypeError, match=message):
        City.objects.values_list("name", "population", **options)


def test_the_chain_goes_on(three):
    names = City.objects.values_list("name", flat=True)

    assert names.filter(population__gt=1000).order_by("-name").first() == "City 3"
    assert names.exclude(name="City 1")[1:].get() == "City 3"
    assert list(names.iterator()) == list(names)
    assert (names.count(), names.exists(), names.last()) == (3, True, "City 3")


def test_pages_of_values_are_sought_by_id(kintone):
    City.objects.bulk_create(cities(1203))
    with assert_requests(3):
        names = list(City.objects.values_list("name", flat=True))

    assert names == [f"City {n}" for n in range(1, 1204)]


def test_a_queryset_of_ones_own_keeps_its_methods(three):
    class Cities(QuerySet):
        def big(self):
            return self.filter(population__gte=2000)

    assert list(Cities(City).values("name").big()[:1]) == [{"name": "City 2"}]


def test_the_part_of_a_value_is_refused(kintone):
    message = "values.. takes whole fields, .* Name 'country', and take 'name' from the value"
    with pytest.raises(NotSupportedError, match=message):
        City.objects.values("country__name")


def test_a_name_that_is_none(kintone):
    with pytest.raises(FieldDoesNotExist, match="City has no field 'nam'. Did you mean 'name'"):
        City.objects.values_list("nam")
    with pytest.raises(FieldError, match="values.. takes field names, not 3"):
        City.objects.values(3)


@pytest.mark.parametrize(
    "ask",
    [
        lambda values: values.only("name"),
        lambda values: values.defer("name"),
        lambda values: values.in_bulk([1]),
        lambda values: values.contains(City()),
        lambda values: values.delete(),
    ],
)
def test_what_is_for_instances_is_not_for_values(kintone, ask):
    with assert_requests(0), pytest.raises(TypeError, match=r"after .values\(\) or .values_list"):
        ask(City.objects.values("name"))


def test_a_value_that_cannot_be_read_names_its_field(three, monkeypatch):
    monkeypatch.setattr(City.population, "code", "都市名")

    with pytest.raises(DecodeError, match="City.population .* cannot be read from .*City 1"):
        list(City.objects.values("population"))


def test_update_works_on_what_values_selects(three):
    assert City.objects.values("name").filter(name="City 1").update(population=7) == 1


def test_a_lookups_value_is_the_copied_key(kintone):
    Country.objects.create(code="JP", name="Japan")
    City.objects.create(name="Kobe", country="JP")

    assert City.objects.values("country", "country_name").get() == {
        "country": "JP",
        "country_name": "Japan",
    }
