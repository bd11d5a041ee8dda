"""What the demonstration shows: lines of Python, run as they stand here, and why.

The lines are written for a data set of any size, from its hundred largest cities on.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["CHAPTERS", "Example"]


@dataclass(frozen=True, slots=True)
class Example:
    """Lines to run in front of the reader: `shown` are the fields of the records they find."""

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
        "How many there are: one request, and no record travels",
        'City.objects.filter(country="CN").count()',
    ),
    Example(
        "A slice",
        'City.objects.filter(country__in=["JP", "KR"]).order_by("-population")[2:6]',
    ),
    Example(
        "filter and exclude partition all records, those with a blank currency too",
        """\
european = Country.objects.filter(continent="Europe").order_by("name")
european.exclude(currency="EUR")
""",
        ("code", "name", "currency", "population"),
    ),
    Example(
        "Any condition: Q with |, & and ~, though kintone has no word for not",
        """\
big = City.objects.filter(population__gte=1_000_000).order_by("name")
american = Q(country="US") | Q(country="BR")
eastern = Q(timezone="America/New_York")
big.filter(american & ~eastern)
""",
        ("name", "country_name", "timezone"),
    ),
    Example(
        "kintone's word search finds two characters of Japanese, in 東京都 as well",
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
        "The first and the last of an order",
        """\
Country.objects.order_by("area", "code").last()
City.objects.order_by("latitude").first()
""",
        ("name", "population"),
    ),
    Example(
        "Whether there is one, in Antarctica",
        'City.objects.filter(country="AQ").exists()',
    ),
    Example(
        "More than a page of 500 in an order of its own: only then, a cursor",
        'City.objects.filter(country__in=["CN", "JP"]).order_by("-latitude")',
        ("name", "country_name", "latitude"),
    ),
)

_CHANGES = (
    Example(
        "Changed fields travel alone, with the revision that was read",
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
        "All that a filter selects: nobody knows the population where it is 0",
        """\
Country.objects.filter(population=0).update(population=None)
Country.objects.filter(population=None)
""",
        _COUNTRY,
    ),
    Example(
        "Read again what others may have changed",
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
    "The cities are of 15,000 people and more, except some capitals and mistakes",
    """\
City.objects.filter(population__lt=15_000).delete()
City.objects.count()
""",
)

CHAPTERS = {
    "Queries": _QUERIES,
    "Changes": _CHANGES,
    "A lost update, refused": (_CONFLICT,),
    "Deleting what a filter selects": (_DELETION,),
}
"""The examples in the order in which they are run, by the title that they come under."""
