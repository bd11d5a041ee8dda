"""The speed of the local kintone: records a second, by endpoint, in process and over HTTP.

Not a test, and not collected by pytest. Run it by hand, with nothing else on the machine::

    python tests/benchmarks/emulator.py --records 100000

It prints the table of docs/emulator.md. A record has 26 fields, some 2,500 bytes of JSON, with a
subtable of three rows. The client is a bare `requests.Session` that does not parse the answers;
over HTTP the server is a process of its own.
"""

from __future__ import annotations

import argparse
import base64
import multiprocessing
import resource
import sys
import tempfile
import time
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import requests

from kintone_orm.emulator import Emulator
from kintone_orm.emulator.server import serve

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from multiprocessing.connection import Connection

USER, PASSWORD = "Administrator", "benchmark"
TEXT, NUMBER = {"type": "SINGLE_LINE_TEXT"}, {"type": "NUMBER"}
RANKS = ("A", "B", "C", "D")
CHOICE = {"options": {name: {"label": name, "index": str(i)} for i, name in enumerate(RANKS)}}
FORM: dict[str, dict[str, Any]] = {
    "key": {**TEXT, "unique": True},
    **{f"text{i}": TEXT for i in range(6)},
    **{f"number{i}": NUMBER for i in range(4)},
    **{f"date{i}": {"type": "DATE"} for i in range(3)},
    "moment": {"type": "DATETIME"},
    "memo": {"type": "MULTI_LINE_TEXT"},
    "rank": {"type": "DROP_DOWN", **CHOICE},
    "tags": {"type": "CHECK_BOX", **CHOICE},
    "who": {"type": "USER_SELECT"},
    "site": {"type": "LINK", "protocol": "WEB"},
    "lines": {
        "type": "SUBTABLE",
        "fields": {"item": TEXT, "note": TEXT, "quantity": NUMBER, "price": NUMBER},
    },
}


def record(number: int) -> dict[str, Any]:
    """One record in kintone's form; its values follow from its number."""
    line = {"item": f"Item {number}", "note": "as agreed", "quantity": "12", "price": "1980.5"}
    values = {
        "key": f"K{number:07}",
        **{f"text{i}": f"Text {i} of record {number}" for i in range(6)},
        **{f"number{i}": number % 1_000 + i for i in range(4)},
        **{f"date{i}": f"2024-{i + 1:02}-{number % 28 + 1:02}" for i in range(3)},
        "moment": "2024-02-06T12:59:00Z",
        "memo": "A few words about it. " * 12,
        "rank": RANKS[number % len(RANKS)],
        "tags": ["A", "C"],
        "who": [{"code": USER}],
        "site": f"https://example.com/{number}",
        "lines": [{"value": _cells(line)}] * 3,
    }
    return _cells(values)


def _cells(values: dict[str, Any]) -> dict[str, Any]:
    return {code: {"value": value} for code, value in values.items()}


class Client:
    """A program that talks to the emulator and throws the answers away."""

    def __init__(self, session: requests.Session, base: str) -> None:
        self._session = session
        self._base = base
        credentials = base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
        session.headers["X-Cybozu-Authorization"] = credentials

    def send(self, method: str, endpoint: str, **body: Any) -> requests.Response:
        """The answer, which is a success."""
        url = f"{self._base}/k/v1/{endpoint}.json"
        response = self._session.request(method, url, json=body)
        response.raise_for_status()
        return response

    def new_app(self) -> int:
        """The id of an app with FORM."""
        app = int(self.send("POST", "preview/app", name="Benchmark").json()["app"])
        self.add_fields(app, FORM)
        return app

    def add_fields(self, app: int, form: dict[str, Any]) -> None:
        """Put new fields into service."""
        self.send("POST", "preview/app/form/fields", app=app, properties=_described(form))
        self.send("POST", "preview/app/deploy", apps=[{"app": app}])
        for _ in range(2):
            self.send("GET", "preview/app/deploy", apps=[app])


def _described(form: dict[str, Any]) -> dict[str, Any]:
    found = {code: {"code": code, "label": code, **field} for code, field in form.items()}
    for field in found.values():
        if "fields" in field:
            field["fields"] = _described(field["fields"])
    return found


@dataclass(frozen=True)
class Measure:
    """One line of the table: `seconds` for `requests` of `records` each."""

    name: str
    requests: int
    records: int
    seconds: float

    def __str__(self) -> str:
        each = self.seconds / self.requests * 1000
        rate = f"{self.requests * self.records / self.seconds:,.0f}" if self.records else ""
        return f"| {self.name} | {each:.1f} | {rate} |"


def measure(client: Client, total: int) -> Iterator[Measure]:
    """Every line, in an order in which each finds what it needs."""
    app = client.new_app()

    def timed(name: str, times: int, records: int, send: Callable[[int], Any]) -> Measure:
        began = time.perf_counter()
        for i in range(times):
            send(i)
        return Measure(name, times, records, time.perf_counter() - began)

    def write(first: int, count: int = 100) -> list[dict[str, Any]]:
        return [record(first + i) for i in range(count)]

    def bulk(first: int) -> list[dict[str, Any]]:
        return [
            {
                "method": "POST",
                "api": "/k/v1/records.json",
                "payload": {"app": app, "records": write(first + 100 * i)},
            }
            for i in range(20)
        ]

    def find(query: str, **more: Any) -> Callable[[int], Any]:
        return lambda i: client.send(
            "GET", "records", app=app, query=query.format(i=i, id=i * 500), **more
        )

    singles, batches, pages = 200, 20, 20
    bulks = max(1, (total - singles - 100 * batches) // 2000)
    begun = singles + 100 * batches
    yield timed(
        "add one (POST record)", singles, 1,
        lambda i: client.send("POST", "record", app=app, record=record(i)),
    )  # fmt: skip
    yield timed(
        "add 100 (POST records)", batches, 100,
        lambda i: client.send("POST", "records", app=app, records=write(singles + 100 * i)),
    )  # fmt: skip
    yield timed(
        "add 2,000 (POST bulkRequest)", bulks, 2000,
        lambda i: client.send("POST", "bulkRequest", requests=bulk(begun + 2000 * i)),
    )  # fmt: skip
    yield timed(
        "change one (PUT record)", singles, 1,
        lambda i: client.send(
            "PUT", "record", app=app, id=i + 1, record={"text0": {"value": "changed"}}
        ),
    )  # fmt: skip
    yield timed(
        "change 100 (PUT records)", batches, 100,
        lambda i: client.send(
            "PUT", "records", app=app,
            records=[
                {"id": 100 * i + j + 1, "record": {"number0": {"value": j}}} for j in range(100)
            ],
        ),
    )  # fmt: skip
    yield timed(
        "read one (GET record)", singles, 1,
        lambda i: client.send("GET", "record", app=app, id=i + 1),
    )  # fmt: skip
    page = "$id > {id} order by $id asc limit 500"
    yield timed("page of 500 by $id", pages, 500, find(page))
    yield timed("the same, 3 fields", pages, 500, find(page, fields=["$id", "key", "number0"]))
    yield timed("page of 500, the last ones first", pages, 500, find("limit 500"))
    yield timed("offset 10,000, 500 records", 5, 500, find("limit 500 offset 10000"))
    yield timed("count of all", pages, 0, find("limit 0", totalCount=True))
    yield timed('unique = "..."', singles, 1, find('key = "K000{i:04}"'))
    yield timed('drop-down in ("B"), 100 of many', pages, 100, find('rank in ("B")'))
    yield timed('text = "...", 1 found', 5, 0, find('text0 = "Text 0 of record 1{i:03}"'))
    yield timed("number > ..., counted", 5, 0, find("number0 > 500 limit 0", totalCount=True))
    yield timed('text like "...", counted', 5, 0, find('memo like "few" limit 0', totalCount=True))
    yield timed("ordered by a number, 500", 5, 500, find("order by number0 asc limit 500"))

    def cursor(query: str) -> Callable[[int], Any]:
        def read(_: int) -> None:
            body = {"app": app, "size": 500, "query": query}
            key = client.send("POST", "records/cursor", **body).json()["id"]
            while b'"next":true' in client.send("GET", "records/cursor", id=key).content[-20:]:
                pass

        return read

    stored = begun + 2000 * bulks
    yield timed("cursor of all, 500 a page", 1, stored, cursor(""))
    yield timed("cursor of all by a number", 1, stored, cursor("order by number0 asc"))
    yield timed("deploy a new field", 1, stored, lambda _: client.add_fields(app, {"new": TEXT}))
    yield timed(
        "delete 100 (DELETE records)", batches, 100,
        lambda i: client.send(
            "DELETE", "records", app=app, ids=list(range(100 * i + 1, 100 * i + 101))
        ),
    )  # fmt: skip


@contextmanager
def in_process(data: Path) -> Iterator[Client]:
    """A client of an emulator in this process."""
    with closing(Emulator(data=data, users={USER: PASSWORD})) as emulator, requests.Session() as s:
        s.mount("https://", emulator.adapter())
        yield Client(s, "https://local.invalid")


@contextmanager
def over_http(data: Path) -> Iterator[Client]:
    """A client of an emulator in another process."""
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=_serve, args=(data, theirs))
    process.start()
    with requests.Session() as session:
        yield Client(session, ours.recv())
    ours.send("stop")
    sys.stdout.write(f"\nThe server's memory: {ours.recv():.0f} MB at most.\n")
    process.join()


def _serve(data: Path, pipe: Connection) -> None:
    with closing(Emulator(data=data, users={USER: PASSWORD})) as emulator, serve(emulator) as it:
        pipe.send(it.url)
        pipe.recv()
    pipe.send(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--records", type=int, default=10_000, help="how many the app holds")
    parser.add_argument("--only", choices=("process", "http"), help="one of the two fronts")
    arguments = parser.parse_args()
    fronts = {"process": in_process, "http": over_http}
    for name, front in fronts.items():
        if arguments.only in (None, name):
            with ExitStack() as stack:
                folder = stack.enter_context(tempfile.TemporaryDirectory())
                client = stack.enter_context(front(Path(folder) / "benchmark.db"))
                sys.stdout.write(f"| {name} | ms a request | records a second |\n")
                sys.stdout.write("| --- | ---: | ---: |\n")
                for line in measure(client, arguments.records):
                    sys.stdout.write(f"{line}\n")


if __name__ == "__main__":
    main()
