"""Reading all records of an app from end to end, from a server that answers after a delay.

Not a test. Run it by hand, with nothing else on the machine::

    python tests/benchmarks/reading.py

Contestants have processes of their own and take turns; all records are kept. "bytes only" asks for
the same pages on one connection and does not look at them: it is the limit of the wire, one request
after the other. The official JavaScript client gives plain strings. It takes part if
KINTONE_ORM_NODE_MODULES names the directory in which npm installed it::

    npm install --prefix SOMEWHERE @kintone/rest-api-client

A ratio is taken within a round, and the median of the ratios is printed with its range.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
from contextlib import ExitStack
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from stub_process import Stub
from timing import conditions, ratio, rotated, write_line, write_table

if TYPE_CHECKING:
    from collections.abc import Iterator

    Measured = dict[str, float]

HERE = Path(__file__).parent
BYTES, OURS = "bytes only", "kintone_orm"
WAYS = {
    "kintone_orm, ahead=0": "seek, ahead=0",
    OURS: "seek",
    "kintone_orm, workers=4": "workers=4",
    "kintone_orm, cursor, ahead=0": "cursor, ahead=0",
    "kintone_orm, cursor": "cursor",
}
WAYS_WITH_MSGSPEC = {
    "kintone_orm, msgspec": "seek",
    "kintone_orm, msgspec, workers=4": "workers=4",
}
JAVASCRIPT = {
    "JavaScript client, by id": "getAllRecordsWithId",
    "JavaScript client, cursor": "getAllRecordsWithCursor",
}


class Client:
    """A contestant, in a process that reads all records each time that it is asked."""

    def __init__(self, command: list[str], environment: dict[str, str]) -> None:
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=os.environ | environment,
        )

    def read(self, count: int) -> Measured:
        """Read once. AssertionError if it was not this number of records."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write("\n")
        self._process.stdin.flush()
        found: Measured = json.loads(self._process.stdout.readline())
        if found["records"] != count:
            raise AssertionError(f"{found['records']} of {count} records came")
        return found

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate()


def commands(url: str, count: int, hole: int) -> Iterator[tuple[str, list[str]]]:
    """Yield the name and the command of each contestant; print those that cannot take part."""
    client, without_msgspec = HERE / "reading_client.py", HERE / "without_msgspec.py"

    def python(*arguments: object) -> list[str]:
        return [sys.executable, *map(str, (*arguments, url, count, hole))]

    yield BYTES, python(client, "bytes")
    for name, way in WAYS.items():
        yield name, python(without_msgspec, client, way)
    if find_spec("msgspec") is None:
        write_line("msgspec: left out, because it is not installed.")
    else:
        for name, way in WAYS_WITH_MSGSPEC.items():
            yield name, python(client, way)
    node, modules = shutil.which("node"), os.environ.get("KINTONE_ORM_NODE_MODULES", "")
    if node is None or not Path(modules, "@kintone", "rest-api-client").is_dir():
        write_line("JavaScript client: left out, because node or the client is missing.")
        return
    for name, method in JAVASCRIPT.items():
        yield name, [node, "--expose-gc", str(HERE / "reading_client.cjs"), method, url]


def compare(stub: Stub, clients: dict[str, Client], options: argparse.Namespace) -> None:
    """Print a table for each latency."""
    for client in clients.values():
        client.read(options.records)  # also fills what the server keeps
    for latency in options.latency:
        rounds, counts = [], {}
        for number in range(options.rounds):
            found = {}
            for name in rotated(list(clients), number):
                stub.set(latency=latency / 1e3, first=options.first / 1e3, gzip=not options.plain)
                found[name] = clients[name].read(options.records)
                counts[name] = stub.counts()
            rounds.append(found)
        write_line(f"\n{options.records:,} records, {latency:g} ms; {conditions()}\n")
        peers = {f"x {name}": [name] for name in (BYTES, OURS)}
        if JAVASCRIPT.keys() <= clients.keys():
            peers["x JavaScript client, its best way"] = list(JAVASCRIPT)
        head = ["", "requests", "connections", "seconds", "processor", "x latencies", *peers]
        write_table(head, (row(name, rounds, counts, latency, peers) for name in clients))


def row(
    name: str,
    rounds: list[dict[str, Measured]],
    counts: dict[str, dict[str, int]],
    latency: float,
    peers: dict[str, list[str]],
) -> list[object]:
    """The cells of a contestant's line. The latencies are those of the requests of `BYTES`."""
    seconds = [found[name]["seconds"] for found in rounds]
    waited = counts[BYTES]["requests"] * latency / 1e3
    best = [
        [min(found[peer]["seconds"] for peer in names) for found in rounds]
        for names in peers.values()
    ]
    return [
        name,
        counts[name]["requests"],
        counts[name]["connections"],
        f"{statistics.median(seconds):.2f}",
        f"{statistics.median(found[name]['cpu'] for found in rounds):.2f}",
        f"{statistics.median(seconds) / waited:.2f}" if waited else "-",
        *(ratio(seconds, others) for others in best),
    ]


def environment_of(stub: Stub) -> dict[str, str]:
    """What makes the clients trust the server's certificate, and finds the JavaScript client."""
    modules = {"NODE_PATH": os.environ.get("KINTONE_ORM_NODE_MODULES", "")}
    if not stub.certificate.exists():
        return modules
    certificate = str(stub.certificate)
    names = ("REQUESTS_CA_BUNDLE", "SSL_CERT_FILE", "NODE_EXTRA_CA_CERTS")
    return modules | dict.fromkeys(names, certificate)


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--records", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--latency", type=float, nargs="+", default=[0, 50, 150], help="in ms")
    parser.add_argument("--first", type=float, default=0, help="ms more for a new connection")
    parser.add_argument("--plain", action="store_true", help="without compression")
    parser.add_argument("--hole", type=int, default=0, help="missing ids after each thousand")
    parser.add_argument("--tls", action="store_true")
    options = parser.parse_args()
    with Stub(options.records, hole=options.hole, tls=options.tls) as stub, ExitStack() as stack:
        environment = environment_of(stub)
        clients = {
            name: stack.enter_context(Client(command, environment))
            for name, command in commands(stub.url, options.records, options.hole)
        }
        compare(stub, clients, options)


if __name__ == "__main__":
    main()
