"""What it costs to save, beside another checkout of the package: ratios of rounds in turns.

Not a test, and not collected by pytest. Run it by hand::

    python tests/benchmarks/saving.py --against ../before

Every round runs this checkout and the other one, each in a process of its own. What is counted is
the time of the processor, with a kintone that takes everything at once; the medians of the ratios
are printed, with their range. To reach: saving a cell, and bulk_update, faster than before rows
were sent by id; reading at most 1% slower.
"""

from __future__ import annotations

import argparse
import gc
import io
import json
import os
import statistics
import subprocess
import sys
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import requests
from requests.adapters import BaseAdapter

from kintone_orm import Model, Row, fields
from kintone_orm.connection import Connection
from kintone_orm.models.record.decoding import decode
from kintone_orm.settings import given

if TYPE_CHECKING:
    from collections.abc import Callable

HERE = Path(__file__).resolve()
MEASURE = "--measure"
ROWS, RECORDS, TIMES = 30, 100, 20


class Line(Row):
    item = fields.SingleLineTextField()
    qty = fields.NumberField()
    flags = fields.CheckBoxField(choices=["a", "b"])
    day = fields.DateField()
    text = fields.MultiLineTextField()


class Order(Model):
    number = fields.SingleLineTextField()
    title = fields.SingleLineTextField()
    amount = fields.NumberField()
    count = fields.IntegerField()
    due = fields.DateField()
    memo = fields.MultiLineTextField()
    tags = fields.CheckBoxField(choices=["a", "b"])
    people = fields.UserSelectField()
    lines = fields.SubtableField(Line)

    class Meta:
        app = 1


class TakesAll(BaseAdapter):
    """A kintone that takes whatever it is sent."""

    def send(self, request: requests.PreparedRequest, *_: Any, **__: Any) -> requests.Response:
        sent = json.loads(request.body or b"{}")
        answer: Any = {"revision": str(int(sent.get("revision") or 1) + 1)}
        if "form" in (request.path_url or ""):
            answer = {"properties": form(Order._meta.fields), "revision": "1"}
        elif "records" in sent:
            answer = {"records": [{"id": each["id"], "revision": "2"} for each in sent["records"]]}
        response = requests.Response()
        response.status_code = 200
        response.raw = io.BytesIO(json.dumps(answer).encode())
        response.headers["Content-Type"] = "application/json"
        return response

    def close(self) -> None:
        pass


CONNECTION = Connection(
    given(base_url="https://x.cybozu.com", api_token="t"),
    adapter=TakesAll(),
)


def form(declared: Any) -> dict[str, Any]:
    """The form that the model was declared by."""
    found = {}
    for name, field in declared.items():
        found[name] = {"type": field.kintone_type, "code": name, "options": {}}
        if name == "lines":
            found[name]["fields"] = form(Line._fields)
    return found


def record(number: int, rows: int) -> dict[str, Any]:
    cells = {"item": "x", "qty": "1", "flags": ["a"], "day": "2026-01-01", "text": "n"}
    row = {code: typed(Line._fields[code], value) for code, value in cells.items()}
    values = {
        "$id": str(number),
        "$revision": "1",
        "number": "1",
        "title": "t",
        "amount": "1.5",
        "count": "3",
        "due": "2026-01-01",
        "memo": "m",
        "tags": ["a"],
        "people": [{"code": "sato", "name": "Sato"}],
        "lines": [{"id": str(number * 1000 + n), "value": row} for n in range(rows)],
    }
    declared = Order._meta.fields
    return {code: typed(declared.get(code), value) for code, value in values.items()}


def typed(field: Any, value: Any) -> dict[str, Any]:
    """The cell as kintone sends it."""
    return {"type": "__ID__" if field is None else field.kintone_type, "value": value}


def change_cells(found: list[Order]) -> None:
    for each in found:
        each.lines[0].qty = 5


def change_fields(found: list[Order]) -> None:
    for each in found:
        each.count = 5


def save(found: list[Order]) -> None:
    for each in found:
        each.save(using=CONNECTION)


def save_all(found: list[Order]) -> None:
    Order.objects.using(CONNECTION).bulk_update(found)


def measure() -> dict[str, float]:
    """Microseconds of each action."""
    one, many = [record(1, ROWS)], [record(n, 5) for n in range(1, RECORDS + 1)]
    actions: dict[str, tuple[list[Any], Callable[..., None], Callable[..., None]]] = {
        f"save() of a cell, {ROWS} rows": (one, change_cells, save),
        f"save() of a field, {ROWS} rows": (one, change_fields, save),
        f"bulk_update() of {RECORDS}, a cell": (many, change_cells, save_all),
        f"bulk_update() of {RECORDS}, a field": (many, change_fields, save_all),
    }
    took = {}
    for name, (records, change, act) in actions.items():
        times = []
        for _ in range(TIMES):
            found = decode(Order, records, CONNECTION)
            change(found)
            times.append(timed(partial(act, found)))
        took[name] = statistics.median(times)
    reading = partial(decode, Order, many, CONNECTION)
    took[f"reading {RECORDS}"] = statistics.median(timed(reading) for _ in range(TIMES))
    return took


def timed(act: Callable[[], Any]) -> float:
    gc.collect()
    started = time.process_time()
    act()
    return (time.process_time() - started) * 1e6


def in_checkout(place: Path) -> dict[str, float]:
    where = os.environ | {"PYTHONPATH": str(place)}
    told = subprocess.check_output([sys.executable, str(HERE), MEASURE], env=where)
    found: dict[str, float] = json.loads(told)
    return found


def main() -> None:
    if MEASURE in sys.argv:
        sys.stdout.write(json.dumps(measure()))
        return
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--against", type=Path, required=True, help="another checkout")
    parser.add_argument("--rounds", type=int, default=7)
    asked = parser.parse_args()
    rounds = [
        (in_checkout(HERE.parents[2]), in_checkout(asked.against)) for _ in range(asked.rounds)
    ]
    for name in rounds[0][0]:
        ratios = sorted(mine[name] / other[name] for mine, other in rounds)
        took = statistics.median(mine[name] for mine, _ in rounds)
        sys.stdout.write(
            f"{name:36}{took:10,.0f} us   x {statistics.median(ratios):.2f}"
            f"  ({ratios[0]:.2f} to {ratios[-1]:.2f})\n"
        )


if __name__ == "__main__":
    main()
