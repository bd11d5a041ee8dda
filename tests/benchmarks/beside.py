"""The cost of the common operations, beside another checkout of the package.

Not a test, and not collected by pytest. Run it by hand, with nothing else on the machine::

    python tests/benchmarks/beside.py --against ../before

Each round runs this checkout and the other one, each in a process of its own, and takes the ratio
of their processor times. The medians of the ratios are printed, with their range. A kintone inside
the process answers at once, and only public names are used, so that every checkout can be measured.
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
from typing import TYPE_CHECKING, Any, ClassVar

import requests
from requests.adapters import BaseAdapter

from kintone_orm import Model, Row, fields
from kintone_orm.connection import Connection
from kintone_orm.settings import given

if TYPE_CHECKING:
    from collections.abc import Callable

HERE = Path(__file__).resolve()
MEASURE = "--measure"
ROWS, RECORDS, QUERIES, TIMES = 30, 100, 50, 20


# The settings of the app's form that values are checked by, as many as apps have.
OPTIONS = {"options": {"a": {"label": "a", "index": "0"}, "b": {"label": "b", "index": "1"}}}
RULES: dict[str, dict[str, Any]] = {
    "number": {"required": True, "unique": True, "maxLength": "64"},
    "title": {"required": True},
    "amount": {"minValue": "0", "maxValue": "1000000"},
    "tags": OPTIONS,
    "item": {"required": True, "maxLength": "20"},
    "qty": {"minValue": "0"},
    "flags": OPTIONS,
}


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


class Kintone(BaseAdapter):
    """A kintone that accepts every write, and answers every read with the same page."""

    page: ClassVar[list[dict[str, Any]]] = []

    def send(self, request: requests.PreparedRequest, *_: Any, **__: Any) -> requests.Response:
        sent = json.loads(request.body or b"{}")
        answer: Any = {"revision": str(int(sent.get("revision") or 1) + 1)}
        if "form" in (request.path_url or ""):
            answer = {"properties": form(Order._meta.fields), "revision": "1"}
        elif request.method == "GET":
            answer = {"records": self.page}
        elif request.method == "POST":
            ids = [str(id_) for id_ in range(1, len(sent["records"]) + 1)]
            answer = {"ids": ids, "revisions": ["1"] * len(ids)}
        elif "records" in sent:
            records = [{"id": record["id"], "revision": "2"} for record in sent["records"]]
            answer = {"records": records}
        response = requests.Response()
        response.status_code = 200
        response.raw = io.BytesIO(json.dumps(answer).encode())
        response.headers["Content-Type"] = "application/json"
        return response

    def close(self) -> None:
        pass


CONNECTION = Connection(
    given(base_url="https://x.cybozu.com", api_token="t"),
    adapter=Kintone(),
)


def form(declared: Any) -> dict[str, Any]:
    """Return the form with the fields of the model."""
    properties = {}
    for name, field in declared.items():
        properties[name] = {"type": field.kintone_type, "code": name, **RULES.get(name, {})}
        if name == "lines":
            properties[name]["fields"] = form(Line._fields)
    return properties


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
    """Return the cell as kintone sends it."""
    return {"type": "__ID__" if field is None else field.kintone_type, "value": value}


def read() -> list[Order]:
    return list(Order.objects.using(CONNECTION))


def new_orders() -> list[Order]:
    return [
        Order(
            number=str(n),
            title="t",
            amount="1.5",
            count=3,
            due="2026-01-01",
            tags=["a"],
            lines=[Line(item="x", qty=1)],
        )
        for n in range(RECORDS)
    ]


def change_cells(orders: list[Order]) -> None:
    for order in orders:
        order.lines[0].qty = 5


def change_fields(orders: list[Order]) -> None:
    for order in orders:
        order.count = 5


def save(orders: list[Order]) -> None:
    for order in orders:
        order.save(using=CONNECTION)


def update_all(orders: list[Order]) -> None:
    Order.objects.using(CONNECTION).bulk_update(orders)


def create_all(orders: list[Order]) -> None:
    Order.objects.using(CONNECTION).bulk_create(orders)


def filter_and_compile() -> None:
    queryset = Order.objects.using(CONNECTION)
    for _ in range(QUERIES):
        str(
            queryset.filter(title="a", number__in=["1", "2"], count__gt=3)
            .exclude(amount__gt=100)
            .order_by("-due", "title")
            .query
        )


def clone() -> None:
    queryset = Order.objects.using(CONNECTION).filter(title="a")
    for _ in range(20 * QUERIES):
        queryset.all()


def measure() -> dict[str, float]:
    """Return the microseconds of each operation."""
    one, many = [record(1, ROWS)], [record(n, 5) for n in range(1, RECORDS + 1)]
    writes: dict[str, tuple[list[Any], Callable[..., None], Callable[..., None]]] = {
        f"save() of a cell, {ROWS} rows": (one, change_cells, save),
        f"save() of a field, {ROWS} rows": (one, change_fields, save),
        f"bulk_update() of {RECORDS}, a cell": (many, change_cells, update_all),
        f"bulk_update() of {RECORDS}, a field": (many, change_fields, update_all),
    }
    took = {}
    for name, (page, change, write) in writes.items():
        Kintone.page = page
        times = []
        for _ in range(TIMES):
            orders = read()
            change(orders)
            times.append(timed(partial(write, orders)))
        took[name] = statistics.median(times)
    creations = (timed(partial(create_all, new_orders())) for _ in range(TIMES))
    took[f"bulk_create() of {RECORDS}"] = statistics.median(creations)
    actions: dict[str, Callable[[], Any]] = {
        f"making {RECORDS} instances": new_orders,
        f"reading {RECORDS}": read,
        f"{QUERIES} filters, compiled": filter_and_compile,
        f"{20 * QUERIES} clones": clone,
    }
    for name, action in actions.items():
        took[name] = statistics.median(timed(action) for _ in range(TIMES))
    return took


def timed(act: Callable[[], Any]) -> float:
    gc.collect()
    started = time.process_time()
    act()
    return (time.process_time() - started) * 1e6


def in_checkout(place: Path) -> dict[str, float]:
    environment = os.environ | {"PYTHONPATH": str(place)}
    output = subprocess.check_output([sys.executable, str(HERE), MEASURE], env=environment)
    took: dict[str, float] = json.loads(output)
    took["import kintone_orm"] = min(import_time(environment) for _ in range(3))
    return took


def import_time(environment: dict[str, str]) -> float:
    code = (
        "import time; t = time.process_time(); import kintone_orm; print(time.process_time() - t)"
    )
    output = subprocess.check_output([sys.executable, "-c", code], env=environment)
    return float(output) * 1e6


def main() -> None:
    if MEASURE in sys.argv:
        sys.stdout.write(json.dumps(measure()))
        return
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--against", type=Path, required=True, help="another checkout")
    parser.add_argument("--rounds", type=int, default=7)
    options = parser.parse_args()
    rounds = [
        (in_checkout(HERE.parents[2]), in_checkout(options.against.resolve()))
        for _ in range(options.rounds)
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
