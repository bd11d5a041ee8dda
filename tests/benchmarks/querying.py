"""The speed of building and compiling querysets, beside Django's: ratios taken in one run.

Not a test, and not collected by pytest. Run it by hand, with nothing else on the machine. Without
Django 5.2 in the environment, it prints only the times of kintone_orm::

    pip install "django~=5.2.0" && python tests/benchmarks/querying.py

Rounds alternate between the two. The ratio of the least times comes first, because a busy machine
only adds to a time; then the median of the ratios within a round, with their range. To reach: the
chain of four conditions, compiled, in at most 0.17 of Django's time. The model has 26 fields, which
Django names in its SQL, and kintone's query does not.
"""

from __future__ import annotations

import gc
import statistics
import sys
import time
from typing import TYPE_CHECKING

from corpus import Deal

try:
    import django
    from django_deals import django_model
except ImportError:
    django = None

if TYPE_CHECKING:
    from collections.abc import Callable

ROUNDS, BUILDS = 40, 100


def chain(objects: object) -> object:
    """Four conditions, one of them excluded, in an order of two keys."""
    return (
        objects.filter(stage="受注", title__contains="order", priority__in=["高", "中", "低"])
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
    ours, theirs = Deal.objects.all(), django_model().objects.all() if django else None
    write = sys.stdout.write
    beside = f"Django {django.__version__}" if django else "without Django"
    write(f"Python {sys.version.split()[0]}, {beside}, {ROUNDS} rounds, least times\n")
    write(f"{'':38}{'us':>8}{'Django':>10}{'ratio':>8}  median and range of ratios\n")
    gc.disable()
    for name, ask in QUESTIONS.items():
        rounds = []
        for number in range(ROUNDS):
            order = [ours, theirs] if number % 2 else [theirs, ours]
            rounds.append({id(each): microseconds(ask, each) for each in order if each is not None})
        mine = min(took[id(ours)] for took in rounds)
        write(f"{name:38}{mine:8.1f}")
        if theirs is not None:
            least = min(took[id(theirs)] for took in rounds)
            ratios = sorted(took[id(ours)] / took[id(theirs)] for took in rounds)
            write(f"{least:10.1f}{mine / least:8.3f}  {statistics.median(ratios):.3f}")
            write(f" ({ratios[0]:.3f} to {ratios[-1]:.3f})")
        write("\n")


if __name__ == "__main__":
    main()
