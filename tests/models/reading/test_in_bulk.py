"""in_bulk(): records by their ids, or by another unique field."""

from __future__ import annotations

import pytest
from support.models.geography import City, Country, cities

from kintone_orm import Model, fields
from kintone_orm.exceptions import FieldError
from kintone_orm.models import QuerySet
from kintone_orm.testing import assert_requests, capture_requests, emulate


@pytest.fixture(scope="module")
def loaded():
    """1,203 cities: more than two pages of 500."""
    with emulate(City) as connection:
        City.objects.bulk_create(cities(1203))
        return connection.snapshot()


@pytest.fixture
def many(loaded):
    with emulate(like=loaded) as connection:
        yield connection


def test_in_bulk_takes_a_request_for_five_hundred(many):
    with capture_requests(many) as requests:
        found = City.objects.in_bulk(range(1, 701))

    assert len(requests) == 2
    assert {pk: city.name for pk, city in found.items()} == {n: f"City {n}" for n in range(1, 701)}


def test_in_bulk_leaves_out_what_does_not_exist(many):
    assert list(City.objects.in_bulk([1, 5000])) == [1]


def test_in_bulk_takes_djangos_name(many):
    assert list(City.objects.in_bulk(id_list=[3])) == [3]


@pytest.mark.parametrize("wrong", [3, "12"])
def test_in_bulk_takes_several_values(kintone, wrong):
    with assert_requests(0), pytest.raises(TypeError, match=f"several values, not {wrong!r}"):
        City.objects.in_bulk(wrong)


def test_in_bulk_by_a_unique_field(kintone):
    for code in ("JP", "FR"):
        Country.objects.create(code=code, name=code)

    assert Country.objects.in_bulk(["FR", "XX"], field_name="code")["FR"].name == "FR"


@pytest.mark.parametrize("error", [ValueError, FieldError])
def test_in_bulk_by_a_field_that_is_not_unique_is_refused_as_in_django(kintone, error):
    with assert_requests(0), pytest.raises(error, match="in_bulk.. needs a unique field, and Ci"):
        City.objects.in_bulk([3], field_name="population")


@pytest.mark.parametrize("blank", ["", None])
def test_in_bulk_refuses_blanks(kintone, blank):
    with pytest.raises(FieldError, match="in_bulk.. cannot find blanks"):
        Country.objects.in_bulk(["JP", blank], field_name="code")


def test_in_bulk_hides_no_duplicate_of_a_field_that_is_unique_in_the_model_only(kintone):
    class Town(Model):
        population = fields.IntegerField(unique=True)

        class Meta:
            app = "cities"

    City.objects.bulk_create([City(name=name, population=3) for name in ("a", "b")])
    with pytest.raises(Town.MultipleObjectsReturned, match="Town.population is not unique"):
        Town.objects.in_bulk([3], field_name="population")


def test_in_bulk_of_everything(many):
    assert len(City.objects.in_bulk()) == 1203


def test_in_bulk_checks_every_value_before_the_first_request(many):
    with assert_requests(0), pytest.raises(FieldError):
        City.objects.in_bulk([*range(1, 701), "x"])


def test_in_bulk_asks_a_filter_of_ones_own(kintone):
    class Shouting(QuerySet):
        def filter(self, *args, **kwargs):
            return super().filter(*args, **{k: [v.upper() for v in kwargs[k]] for k in kwargs})

    class Place(Model):
        code = fields.SingleLineTextField(unique=True)
        objects = Shouting.as_manager()

    with emulate(Place):
        Place.objects.create(code="A")
        assert list(Place.objects.in_bulk(["a"], field_name="code")) == ["A"]
