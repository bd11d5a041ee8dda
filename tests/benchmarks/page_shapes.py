"""The cost of checking a page: its shapes before it is decoded, and its ids.

Not a test, and not collected by pytest. Run it by hand, with nothing else on the machine::

    python tests/benchmarks/page_shapes.py --records 10000

Pages are parsed and decoded with the look and without it, in turns within a round, and the ratio
is taken within a round: the median is printed. One per cent is what the look may cost.
"""

from __future__ import annotations

import argparse
import gc
import json
import statistics
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from support.models.corpus import Deal, records

from kintone_orm import Model, fields
from kintone_orm.connection import Connection
from kintone_orm.http.messages import Response
from kintone_orm.models.reading import selection
from kintone_orm.models.record import decoding
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


def in_pages(found: list[dict[str, Any]]) -> list[bytes]:
    return [json.dumps(found[at : at + PAGE]).encode() for at in range(0, len(found), PAGE)]


def read(model: type[Model], pages: list[bytes], *, ids: bool) -> list[Any]:
    kept = []
    for page in pages:
        parsed = Response(200, {}, page).json()
        if ids:
            selection.record_ids(CONNECTION, parsed, limit=PAGE)
        kept += decoding.decode(model, parsed, CONNECTION)
    return kept


def timed(action: Callable[[], Any]) -> float:
    gc.collect()
    started = time.process_time()
    kept = action()
    took = time.process_time() - started
    del kept
    return took


def without_shapes(action: Callable[[], Any]) -> Callable[[], Any]:
    def blind() -> Any:
        fits, decoding.fits = decoding.fits, lambda _shapes, _records: True
        try:
            return action()
        finally:
            decoding.fits = fits

    return blind


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--records", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=15)
    given = parser.parse_args()
    found = records(given.records)
    asked = ["$id", "$revision", "title", "amount", "due"]
    short = in_pages([{code: record[code] for code in asked} for record in found])
    sys.stdout.write(f"Python {sys.version.split()[0]}, {given.records:,} records\n")
    for model, pages in ((Deal, in_pages(found)), (ShortDeal, short)):
        plain = without_shapes(lambda m=model, p=pages: read(m, p, ids=False))
        looks = {
            "shapes": lambda m=model, p=pages: read(m, p, ids=False),
            "ids": without_shapes(lambda m=model, p=pages: read(m, p, ids=True)),
        }
        ratios: dict[str, list[float]] = {name: [] for name in looks}
        plain()
        for number in range(given.rounds):
            for name, look in looks.items():
                pair = (look, plain) if number % 2 else (plain, look)
                took = {action: timed(action) for action in pair}
                ratios[name].append(took[look] / took[plain])
        for name, each in ratios.items():
            sys.stdout.write(
                f"{model.__name__:12}{name:8} {(statistics.median(each) - 1) * 100:+.2f} %\n"
            )


if __name__ == "__main__":
    main()
