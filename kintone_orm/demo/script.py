"""The examples of the demonstration: lines of Python, run as they are, with titles.

The examples need at least the hundred largest cities of the data set.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["CHAPTERS", "Example"]


@dataclass(frozen=True, slots=True)
class Example:
    """Lines to run and print. For a result with records, the fields in `shown` are printed."""

    title: str
    source: str
    shown: tuple[str, ...] = ("name", "country_name", "population")


_COUNTRY = ("code", "name", "capital", "population")

_QUERIES = (
    Example(
        "One record, with the country's name that the lookup copied",
        'City.objects.get(name="Tokyo")',
        ("name", "country", "country_name", "latitude", "longitude"),
    ),
    Example(
        "The cities above ten million, the largest first",
        'City.objects.filter(population__gt=10_000_000).order_by("-population")',
    ),
    Example(
        "The number of records: one request, and the answer has no record",
        'City.objects.filter(country="CN").count()',
    ),
    Example(
        "A slice",
        'City.objects.filter(country__in=["JP", "KR"]).order_by("-population")[2:6]',
    ),
    Example(
        "filter and exclude together give all records, also those with a blank currency",
        """\
european = Country.objects.filter(continent="Europe").order_by("name")
european.exclude(currency="EUR")
""",
        ("code", "name", "currency", "population"),
    ),
    Example(
        'Any condition: Q with |, & and ~, although kintone has no "not"',
        """\
big = City.objects.filter(population__gte=1_000_000).order_by("name")
american = Q(country="US") | Q(country="BR")
eastern = Q(timezone="America/New_York")
big.filter(american & ~eastern)
""",
        ("name", "country_name", "timezone"),
    ),
    Example(
        "kintone's word search finds two Japanese characters, also inside 東京都",
        'City.objects.filter(other_names__contains="京都")',
    ),
    Example(
        "Blanks",
        'Country.objects.filter(capital="").order_by("code")',
        _COUNTRY,
    ),
    Example(
        "Several records by a unique field, in one request",
        'Country.objects.in_bulk(["BR", "FR", "JP"], field_name="code")',
        _COUNTRY,
    ),
    Example(
        "The first and the last record of an order",
        """\
Country.objects.order_by("area", "code").last()
City.objects.order_by("latitude").first()
""",
        ("name", "population"),
    ),
    Example(
        "True if there is a city in Antarctica",
        'City.objects.filter(country="AQ").exists()',
    ),
    Example(
        "A cursor, only for more than 500 records in an order other than by id",
        'City.objects.filter(country__in=["CN", "JP"]).order_by("-latitude")',
        ("name", "country_name", "latitude"),
    ),
)

_CHANGES = (
    Example(
        "A save sends only the changed fields, with the revision that was read",
        """\
tokyo = City.objects.get(name="Tokyo")
tokyo.population += 1
tokyo.timezone = "Asia/Tokyo"
tokyo.changed_fields()
tokyo.save()
tokyo.save()
""",
    ),
    Example(
        "Update all records that a filter finds: a population of 0 means unknown",
        """\
Country.objects.filter(population=0).update(population=None)
Country.objects.filter(population=None)
""",
        _COUNTRY,
    ),
    Example(
        "Read the record again, with the changes of others",
        """\
tokyo.refresh_from_db()
tokyo
""",
        ("name", "country_name", "population", "revision"),
    ),
)

_CONFLICT = Example(
    "Two people change the same record; the second save would undo the first",
    """\
mine = City.objects.get(name="Tokyo")
yours = City.objects.get(name="Tokyo")
yours.population = 9_800_000
yours.save()
mine.population = 9_700_000
try:
    mine.save()
except City.Conflict as conflict:
    print(conflict.message)
    latest = conflict.latest()
latest
""",
    ("name", "population", "revision"),
)

_DELETION = Example(
    "The list has cities of 15,000 people and more, with a few exceptions",
    """\
City.objects.filter(population__lt=15_000).delete()
City.objects.count()
""",
)

CHAPTERS = {
    "Queries": _QUERIES,
    "Changes": _CHANGES,
    "A lost update, refused": (_CONFLICT,),
    "Deleting the records that a filter finds": (_DELETION,),
}
"""The examples by the title of their chapter, in the order in which they run."""
