"""The cost of reading records: time and memory, beside json.loads of the same bytes.

Not a test, and not collected by pytest. Run it by hand, with nothing else on the machine::

    python tests/benchmarks/decoding.py --records 10000

Every contestant runs once a round, in turns, and ratios are taken within a round: the medians are
printed. What is read is kept, as `list(queryset)` keeps it. The counts of frames and blocks, which
do not depend on the machine, are held by tests/models/record/decoding/test_page_decoder.py.
"""

from __future__ import annotations

import argparse
import gc
import json
import statistics
import sys
import time
import tracemalloc
from pathlib import Path
from typing import TYPE_CHECKING, Any

sys.path.insert(0, str(Path(__file__).parents[1]))

import marshmallow
from support.models.corpus import Deal, records

from kintone_orm import Model, fields
from kintone_orm.connection import Connection
from kintone_orm.http.messages import Response
from kintone_orm.models.record.decoding.page_decoder import decode
from kintone_orm.settings import PartialSettings

if TYPE_CHECKING:
    from collections.abc import Callable

PAGE = 500
CONNECTION = Connection(PartialSettings())


class ShortDeal(Model):
    """Three of the fields, as `only()` asks for them."""

    title = fields.SingleLineTextField()
    amount = fields.NumberField()
    due = fields.DateField()


class DealSchema(marshmallow.Schema):
    """The fields as marshmallow would read them, without the wire's {type, value}."""

    title = marshmallow.fields.String()
    note = marshmallow.fields.String()
    amount = marshmallow.fields.Decimal()
    quantity = marshmallow.fields.Decimal()
    due = marshmallow.fields.Date()
    meeting_at = marshmallow.fields.DateTime()
    tags = marshmallow.fields.List(marshmallow.fields.String())

    class Meta:
        unknown = marshmallow.EXCLUDE


def parse(pages: list[bytes]) -> list[Any]:
    return [record for page in pages for record in json.loads(page)]


def typed(model: type[Model], pages: list[bytes]) -> list[Any]:
    answers = (Response(200, {}, page) for page in pages)
    return [each for answer in answers for each in decode(model, answer.json(), CONNECTION)]


def schema(pages: list[bytes]) -> list[Any]:
    """Seven of the 26 fields."""
    load = DealSchema(many=True).load
    unwrapped = (
        [{code: cell["value"] for code, cell in record.items()} for record in json.loads(page)]
        for page in pages
    )
    return [each for page in unwrapped for each in load(page)]


def in_pages(found: list[dict[str, Any]]) -> list[bytes]:
    chunks = [found[start : start + PAGE] for start in range(0, len(found), PAGE)]
    return [json.dumps(each, ensure_ascii=False).encode() for each in chunks]


def timed(action: Callable[[], Any]) -> float:
    gc.collect()
    started = time.perf_counter()
    kept = action()
    took = time.perf_counter() - started
    del kept
    return took


def memory(action: Callable[[], Any]) -> int:
    gc.collect()
    tracemalloc.start()
    kept = action()
    gc.collect()
    size = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    del kept
    return size


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--records", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=7)
    given = parser.parse_args()
    found = records(given.records)
    pages = in_pages(found)
    asked = ["$id", "$revision", "title", "amount", "due"]
    short = in_pages([{code: record[code] for code in asked} for record in found])
    del found
    contestants: dict[str, Callable[[], Any]] = {
        "json.loads": lambda: parse(pages),
        "records": lambda: typed(Deal, pages),
        "records of 3 fields": lambda: typed(ShortDeal, short),
        "marshmallow, 7 fields": lambda: schema(pages),
    }
    times: dict[str, list[float]] = {name: [] for name in contestants}
    for action in contestants.values():
        action()
    for _ in range(given.rounds):
        for name, action in contestants.items():
            times[name].append(timed(action))
    floor = times["json.loads"]
    sys.stdout.write(
        f"Python {sys.version.split()[0]}, {given.records:,} records, {given.rounds} rounds\n"
    )
    sys.stdout.write(f"{'':24}{'us a record':>12}{'x json.loads':>14}\n")
    for name, took in times.items():
        ratio = statistics.median(one / other for one, other in zip(took, floor, strict=True))
        sys.stdout.write(
            f"{name:24}{statistics.median(took) / given.records * 1e6:12.1f}{ratio:14.2f}\n"
        )
    sizes = {name: memory(contestants[name]) for name in ("json.loads", "records")}
    ratio = sizes["records"] / sizes["json.loads"]
    kept = sizes["records"] / given.records
    sys.stdout.write(f"bytes kept a record: {kept:,.0f}, {ratio:.2f} x json.loads\n")


if __name__ == "__main__":
    main()
