"""The cost of decoding: from the bytes of answers to records, as a ratio to json.loads of them.

Not a test. Run it by hand, with nothing else on the machine::

    python tests/benchmarks/decoding.py

Every contestant has a fresh process of its own, in which it takes turns with json.loads. The
records are kept, as `list(queryset)` keeps them; seconds are the processor's. A peer that is not
installed is left out: `pip install msgspec "django~=5.2.0"`.
"""

from __future__ import annotations

import argparse
import gc
import json
import statistics
import sys
import tracemalloc
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corpus import Deal, in_pages
from timing import (
    conditions,
    in_fresh_process,
    ratio,
    take_turns,
    write_line,
    write_table,
)

from kintone_orm.connection import Connection
from kintone_orm.models.record.row_shapes import Instances
from kintone_orm.settings import PartialSettings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

HERE = Path(__file__)
READ_PAGE = Instances().reader(Deal, Connection(PartialSettings()))
OURS, OURS_WITH_MSGSPEC, DJANGO = "kintone_orm", "kintone_orm, msgspec", "Django, from SQLite"


def parse(pages: list[bytes]) -> list[Any]:
    """The records as json.loads gives them."""
    return [record for page in pages for record in json.loads(page)["records"]]


def read(pages: list[bytes]) -> list[Deal]:
    """The records as `list(queryset)` gives them: the collector is off while a page is fetched."""
    kept: list[Deal] = []
    for body in pages:
        gc.disable()
        found = READ_PAGE(body)
        assert found is not None, "the page is read in the slower way"
        kept += found[1].rows
        gc.enable()
    return kept


def from_sqlite(count: int) -> Callable[[], list[Any]]:
    """Django's reading of the same records, which are in a database in memory."""
    from django_deals import fill_database  # imports Django, which may be missing

    objects = fill_database(read(in_pages(count)))
    return lambda: list(objects.all())


def measure(name: str, count: int, rounds: int) -> dict[str, Any]:
    """Time a contestant in this process."""
    pages = in_pages(count)
    action = from_sqlite(count) if name == DJANGO else lambda: read(pages)
    times = take_turns({"floor": lambda: parse(pages), name: action}, rounds)
    return {
        "floor": times["floor"],
        "seconds": times[name],
        "kept": size_of(action) / size_of(lambda: parse(pages)),
    }


def measure_growth(count: int, times: int) -> dict[str, list[float]]:
    """Time the reading and keeping of `times` as many records, and of `count`, in turns."""
    pages = in_pages(count)
    many = take_turns({"few": lambda: read(pages), "many": lambda: read(pages * times)}, rounds=3)
    return many | {"many": [seconds / times for seconds in many["many"]]}


def size_of(action: Callable[[], Any]) -> int:
    """The bytes that the result of an action takes."""
    gc.collect()
    tracemalloc.start()
    kept = action()
    gc.collect()
    size = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    del kept
    return size


def rows(contestants: list[str], options: argparse.Namespace) -> Iterator[tuple[object, ...]]:
    """Yield a row of the table for each contestant."""
    shared = ["--records", options.records, "--rounds", options.rounds]
    for name in contestants:
        script = [HERE.with_name("without_msgspec.py"), HERE] if name == OURS else [HERE]
        found = in_fresh_process(*script, "--measure", name, *shared)
        took, floor = (statistics.median(found[key]) for key in ("seconds", "floor"))
        growth: object = "-"
        if name != DJANGO:
            grown = in_fresh_process(*script, "--growth", options.times, *shared)
            growth = ratio(grown["many"], grown["few"])
        yield (
            name,
            f"{took / options.records * 1e6:.1f}",
            f"{floor / options.records * 1e6:.1f}",
            ratio(found["seconds"], found["floor"]),
            f"{min(found['seconds']) / min(found['floor']):.2f}",
            f"{found['kept']:.2f}",
            growth,
        )


def main() -> None:
    """Print the table, or measure one contestant."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--records", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--times", type=int, default=10, help="as many records kept at once")
    parser.add_argument("--measure", help=argparse.SUPPRESS)
    parser.add_argument("--growth", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure:
        sys.stdout.write(json.dumps(measure(options.measure, options.records, options.rounds)))
        return
    if options.growth:
        sys.stdout.write(json.dumps(measure_growth(options.records, options.growth)))
        return
    contestants = [OURS]
    for name, module in ((OURS_WITH_MSGSPEC, "msgspec"), (DJANGO, "django")):
        if find_spec(module):
            contestants.append(name)
        else:
            write_line(f"{name}: left out, because {module} is not installed.")
    write_line(f"Decoding {options.records:,} records; {conditions()}.\n")
    many = f"a record's cost at {options.times * options.records:,} kept"
    head = [
        "",
        "us a record",
        "json.loads",
        "x json.loads",
        "x json.loads, least times",
        "memory kept, x json.loads",
        many,
    ]
    write_table(head, rows(contestants, options))


if __name__ == "__main__":
    main()
