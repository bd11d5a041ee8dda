"""Reading records beside Django reading the same ones from SQLite: ratios taken in one run.

Not a test, and not collected by pytest. Run it by hand, in an environment that has Django 5.2 as
well, with nothing else on the machine::

    python tests/benchmarks/decoding_beside_django.py --records 10000

Ours starts from the bytes of kintone's answers; Django's from a database in memory, in which lists,
people, files and the subtable are JSON columns. Both keep all instances. To reach: not slower.
"""

from __future__ import annotations

import argparse
import statistics
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

sys.path.insert(0, str(Path(__file__).parents[1]))

import django
from decoding import in_pages, timed, typed
from django.conf import settings
from django.db import connection, models
from support.models.corpus import Deal, records

if TYPE_CHECKING:
    from collections.abc import Callable

settings.configure(
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    TIME_ZONE="UTC",
    USE_TZ=True,
)
django.setup()

INSTANTS = ("DATETIME", "CREATED_TIME", "UPDATED_TIME")
COLUMNS: dict[str, Callable[[], models.Field[Any, Any]]] = {
    "DATE": lambda: models.DateField(null=True),
    "TIME": lambda: models.TimeField(null=True),
    "NUMBER": lambda: models.DecimalField(null=True, max_digits=30, decimal_places=4),
    "CALC": lambda: models.DecimalField(null=True, max_digits=30, decimal_places=4),
    **dict.fromkeys(INSTANTS, lambda: models.DateTimeField(null=True)),
    **dict.fromkeys(
        ("SINGLE_LINE_TEXT", "MULTI_LINE_TEXT", "RICH_TEXT", "LINK", "RECORD_NUMBER"),
        models.TextField,
    ),
    **dict.fromkeys(("DROP_DOWN", "RADIO_BUTTON"), lambda: models.TextField(null=True)),
}


def django_model() -> type[models.Model]:
    """The fields of Deal as Django's. A type without a column of its own is JSON."""
    columns = {
        name: COLUMNS.get(field.kintone_type, models.JSONField)()
        for name, field in Deal._meta.fields.items()
    }
    meta = type("Meta", (), {"app_label": "benchmark"})
    about = {"__module__": __name__, "Meta": meta, "revision": models.IntegerField()}
    return type("DjangoDeal", (models.Model,), about | columns)


def row(model: type[models.Model], record: dict[str, Any], deal: Deal) -> models.Model:
    """The record as Django keeps it."""
    values = {}
    for name, field in Deal._meta.fields.items():
        raw = record[field.code]["value"]
        values[name] = getattr(deal, name) if field.kintone_type in COLUMNS else raw
    return model(id=deal.id, revision=deal.revision, **values)


def main() -> None:
    """Print both times and their ratio."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--records", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=7)
    given = parser.parse_args()
    model, found = django_model(), records(given.records)
    pages = in_pages(found)
    with connection.schema_editor() as editor:
        editor.create_model(model)
    deals = typed(Deal, pages)
    rows = [row(model, record, deal) for record, deal in zip(found, deals, strict=True)]
    model.objects.bulk_create(rows, batch_size=30)
    del found, rows, deals
    ours, theirs = (lambda: typed(Deal, pages)), (lambda: list(model.objects.all()))
    rounds = []
    for number in range(given.rounds):
        order = [ours, theirs] if number % 2 else [theirs, ours]
        took = {id(each): timed(each) for each in order}
        rounds.append((took[id(ours)], took[id(theirs)]))
    ratios = sorted(mine / other for mine, other in rounds)
    mine, other = (
        statistics.median(each) / given.records * 1e6 for each in zip(*rounds, strict=True)
    )
    sys.stdout.write(
        f"Python {sys.version.split()[0]}, Django {django.__version__}: {mine:.1f} us a record, "
        f"Django {other:.1f} us, ratio {statistics.median(ratios):.2f} "
        f"({ratios[0]:.2f} to {ratios[-1]:.2f})\n"
    )


if __name__ == "__main__":
    main()
