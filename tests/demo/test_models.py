from __future__ import annotations

from decimal import Decimal

import pytest

from kintone_orm.demo.models import City, Country
from kintone_orm.testing import emulate


@pytest.fixture
def kintone():
    with emulate(Country, City) as connection:
        Country.objects.create(code="JP", name="Japan", continent="Asia")
        yield connection


def test_kintone_copies_the_name_of_a_city_s_country(kintone):
    City.objects.create(geonameid=1, name="Tokyo", country="JP")
    assert City.objects.get().country_name == "Japan"


def test_coordinates_keep_five_decimals(kintone):
    City.objects.create(geonameid=1, name="Tokyo", longitude="139.69171")
    assert City.objects.get().longitude == Decimal("139.69171")
