"""The records of the benchmarks in Django: a database in memory, for decoding.py.

Lists, people, files and the subtable are JSON columns.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import django
from corpus import Deal, record_text
from django.conf import settings
from django.db import connection, models

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


def fill_database(deals: list[Deal]) -> Any:
    """Put the records into the database, and return the manager that reads them."""
    model = django_model()
    with connection.schema_editor() as editor:
        editor.create_model(model)
    rows = [row(model, number, deal) for number, deal in enumerate(deals)]
    model.objects.bulk_create(rows, batch_size=30)
    return model.objects


def row(model: type[models.Model], number: int, deal: Deal) -> models.Model:
    """The record as Django keeps it."""
    record = json.loads(record_text(number, number + 1))
    values = {}
    for name, field in Deal._meta.fields.items():
        is_column = field.kintone_type in COLUMNS
        values[name] = getattr(deal, name) if is_column else record[field.code]["value"]
    return model(id=deal.id, revision=deal.revision, **values)
