"""The two apps of the demonstration: countries, and cities that look their country up."""

from __future__ import annotations

from kintone_orm.fields import (
    DropDownField,
    IntegerField,
    LookupField,
    MultiLineTextField,
    NumberField,
    SingleLineTextField,
)
from kintone_orm.models import Model

__all__ = ["CONTINENTS", "City", "Country"]

CONTINENTS = {
    "AF": "Africa",
    "AN": "Antarctica",
    "AS": "Asia",
    "EU": "Europe",
    "NA": "North America",
    "OC": "Oceania",
    "SA": "South America",
}
"""The names of the continents, by the codes of GeoNames."""


class Country(Model):
    """One app: the countries of the world."""

    code = SingleLineTextField("国コード", unique=True, required=True)
    name = SingleLineTextField("国名", required=True)
    continent = DropDownField(choices=CONTINENTS.values())
    capital = SingleLineTextField()
    currency = SingleLineTextField()
    area = IntegerField()  # square kilometres
    population = IntegerField()


class City(Model):
    """Another app; its lookup copies the name of the country."""

    geonameid = IntegerField(unique=True, required=True)
    name = SingleLineTextField("都市名", required=True)
    country = LookupField(Country, key="code", copies={"country_name": "name"})
    country_name = SingleLineTextField("国名")
    population = IntegerField("人口")
    latitude = NumberField()
    longitude = NumberField()
    timezone = SingleLineTextField()
    other_names = MultiLineTextField()

    class Meta:
        """Coordinates have five decimals; an app keeps four by default."""

        number_precision = {"digits": 16, "decimal_places": 5}
