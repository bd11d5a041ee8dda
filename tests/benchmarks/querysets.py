"""What it costs to build a queryset and its query, beside Django building the same.

Not a test, and not collected by pytest. Install Django 5.2 and run it by hand, with nothing else on
the machine::

    python tests/benchmarks/querysets.py

Both run once a round, in turns, and ratios are taken within a round: the medians are printed. The
bar: a quarter of Django's time for a chain with its query as text, twice Django's for a clone.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

sys.path.insert(0, str(Path(__file__).parents[1]))

import django
from django.conf import settings
from django.db import models
from geography import City

from kintone_orm.testing import emulate

if TYPE_CHECKING:
    from collections.abc import Callable

settings.configure(
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
    DEFAULT_AUTO_FIELD="django.db.models.AutoField",
)
django.setup()


class DjangoCity(models.Model):
    name = models.CharField(max_length=99)
    population = models.IntegerField(null=True)
    climate = models.CharField(max_length=9)
    founded = models.DateField(null=True)

    class Meta:
        app_label = "benchmark"


def chain(model: Any) -> str:
    narrowed = model.objects.filter(population__gt=5, climate__in=["dry", "tropical"])
    return str(narrowed.exclude(name="x").order_by("-founded").query)


def clone(model: Any) -> Callable[[], Any]:
    queryset = model.objects.filter(population__gt=5).order_by("name")
    return lambda: queryset.all()


def timed(action: Callable[[], Any], calls: int) -> float:
    start = time.perf_counter()
    for _ in range(calls):
        action()
    return (time.perf_counter() - start) / calls * 1e6


def compare(ours: Callable[[], Any], django_s: Callable[[], Any], calls: int, rounds: int) -> str:
    timed(ours, calls), timed(django_s, calls)
    pairs = [(timed(ours, calls), timed(django_s, calls)) for _ in range(rounds)]
    ratio = statistics.median(one / other for one, other in pairs)
    mine, theirs = (statistics.median(times) for times in zip(*pairs, strict=True))
    return f"{mine:10.1f}{theirs:10.1f}{ratio:8.2f}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=15)
    given = parser.parse_args()
    with emulate(City):
        rows = {
            "chain and its query": (lambda: chain(City), lambda: chain(DjangoCity), 300),
            "clone": (clone(City), clone(DjangoCity), 3000),
        }
        sys.stdout.write(f"Python {sys.version.split()[0]}, Django {django.__version__}\n")
        sys.stdout.write(f"{'us':24}{'ours':>10}{'Django':>10}{'ratio':>8}\n")
        for name, (ours, django_s, calls) in rows.items():
            sys.stdout.write(f"{name:24}{compare(ours, django_s, calls, given.rounds)}\n")


if __name__ == "__main__":
    main()
