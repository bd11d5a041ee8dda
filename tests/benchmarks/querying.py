"""The speed of building and compiling querysets, beside Django's: ratios taken in one run.

Not a test, and not collected by pytest. Run it by hand, in an environment that has Django 5.2 as
well, with nothing else on the machine::

    pip install "django~=5.2.0" && python tests/benchmarks/querying.py

Rounds alternate between the two, and a ratio is taken within a round; the median is printed with
its range. To reach: a whole query at most a quarter of Django's time, a clone at most twice.
"""

from __future__ import annotations

import gc
import statistics
import sys
import time
from typing import TYPE_CHECKING

import django
from django.conf import settings
from django.db import models

from kintone_orm import Model, fields

if TYPE_CHECKING:
    from collections.abc import Callable

ROUNDS, BUILDS = 15, 400

settings.configure(
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
    USE_TZ=True,
)
django.setup()


class DjangoDeal(models.Model):
    """The deal, to Django."""

    title = models.CharField(max_length=64)
    stage = models.CharField(max_length=64)
    priority = models.CharField(max_length=64)
    amount = models.IntegerField(null=True)
    due = models.DateField(null=True)

    class Meta:
        """It is in no application."""

        app_label = "benchmark"


class Deal(Model):
    """The deal, to us."""

    title = fields.SingleLineTextField()
    stage = fields.SingleLineTextField()
    priority = fields.DropDownField(choices=["high", "middle", "low"])
    amount = fields.IntegerField()
    due = fields.DateField()


def chain(objects: object) -> object:
    """Four conditions, one of them excluded, in an order of two keys."""
    return (
        objects.filter(stage="won", title__contains="order", priority__in=["high", "middle", "low"])
        .exclude(amount__gt=100)
        .order_by("-due", "title")
    )


QUESTIONS: dict[str, Callable[[object], object]] = {
    "chain of four conditions, compiled": lambda objects: str(chain(objects).query),
    "chain of four conditions, built": chain,
    "filter(pk=1), compiled": lambda objects: str(objects.filter(pk=1).query),
    "a clone: all()": lambda objects: objects.all(),
}


def microseconds(ask: Callable[[object], object], objects: object) -> float:
    """The time of one build, over many."""
    start = time.perf_counter()
    for _ in range(BUILDS):
        ask(objects)
    return (time.perf_counter() - start) / BUILDS * 1e6


def main() -> None:
    """Print a line for each question."""
    ours, theirs = Deal.objects.all(), DjangoDeal.objects.all()
    write = sys.stdout.write
    write(f"Python {sys.version.split()[0]}, Django {django.__version__}, {ROUNDS} rounds\n")
    write(f"{'':38}{'us':>8}{'Django':>10}{'ratio':>8}  range\n")
    gc.disable()
    for name, ask in QUESTIONS.items():
        pairs = []
        for number in range(ROUNDS):
            order = [ours, theirs] if number % 2 else [theirs, ours]
            took = {id(each): microseconds(ask, each) for each in order}
            pairs.append((took[id(ours)], took[id(theirs)]))
        ratios = sorted(mine / django_s for mine, django_s in pairs)
        mine, django_s = (statistics.median(each) for each in zip(*pairs, strict=True))
        write(
            f"{name:38}{mine:8.1f}{django_s:10.1f}{statistics.median(ratios):8.2f}"
            f"  {ratios[0]:.2f} to {ratios[-1]:.2f}\n"
        )


if __name__ == "__main__":
    main()
