"""The speed of the local kintone beside another tree of this repository: ratios of one run.

Not a test, and not collected by pytest. Give it a checkout to compare with::

    git worktree add /tmp/before COMMIT
    python tests/benchmarks/emulator_beside.py /tmp/before --records 100000

Each round asks both trees the same, one after the other, each in a process of its own, and the
least of the rounds counts: what a busy machine adds, it adds to both. Seconds are the processor's,
but for the command's start. A ratio below 1 is faster than the other tree.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path

HERE = Path(__file__).resolve().parents[2]

# What runs in each tree, with its own benchmark's records and client.
PRELUDE = """
import json, sys, time
sys.path.insert(0, {benchmarks!r})
import requests
from emulator import TEXT, USER, PASSWORD, Client, record
from kintone_orm.emulator import Emulator
data, total, found = sys.argv[1], int(sys.argv[2]), {{}}
emulator = Emulator(data=data, users={{USER: PASSWORD}})
session = requests.Session()
session.mount("https://", emulator.adapter())
client, app = Client(session, "https://local.invalid"), 1

def timed(name, send, times=1):
    least = 1e9
    for _ in range(times):
        began = time.process_time()
        send()
        least = min(least, time.process_time() - began)
    found[name] = least

def bulk(first):
    payloads = [{{"app": app, "records": [record(first + 100 * i + j) for j in range(100)]}}
                for i in range(20)]
    requests = [{{"method": "POST", "api": "/k/v1/records.json", "payload": each}}
                for each in payloads]
    client.send("POST", "bulkRequest", requests=requests)
"""

FILL = """
client.new_app()
for first in range(0, total, 2000):
    bulk(first)
"""

MEASURE = """
FILTERS = ['text0 = "Text 0 of record 1000"', 'number0 > 500', 'memo like "few"', 'tags in ("B")',
           'quantity > 100', 'item like "Item"', 'who in ("Administrator")']

def find(query, **more):
    client.send("GET", "records", app=app, query=query, **more)

def pages(**more):
    for i in range(20):
        find(f"$id > {i * 500} order by $id asc limit 500", **more)

def cursor(query):
    key = client.send("POST", "records/cursor", app=app, size=500, query=query).json()["id"]
    while b'"next":true' in client.send("GET", "records/cursor", id=key).content[-20:]:
        pass

for query in FILTERS:
    timed("filter: " + query, lambda: find(query + " limit 0", totalCount=True), 2)
timed("order by number0 limit 500", lambda: find("order by number0 asc limit 500"))
timed("20 pages of 500", pages, 3)
timed("20 pages of 500, 3 fields", lambda: pages(fields=["$id", "key", "number0"]), 3)
timed("cursor of all", lambda: cursor(""))
timed("cursor of all by a number", lambda: cursor("order by number0 asc"))
timed("bulk request of 2,000", lambda: bulk(total + 2000 * len(found)), 1)
timed("deploy of a new field", lambda: client.add_fields(app, {"new": TEXT}))
print(json.dumps(found))
"""

EMULATE = """
import json, time
from kintone_orm import Model, fields
from kintone_orm.testing import emulate

class Note(Model):
    text = fields.SingleLineTextField()

def once():
    began = time.process_time()
    for _ in range(50):
        with emulate(Note):
            pass
    return time.process_time() - began

print(json.dumps({"emulate() with one model, 50 times": min(once() for _ in range(5))}))
"""

COMMAND = (
    "import sys; from kintone_orm.cli.main import app; "
    "sys.argv = ['kintone-orm', 'emulator', '--port', '0', '--user', 'a:b']; app()"
)


def run(tree: Path, program: str, *arguments: str) -> str:
    """Run a program in a tree and return its output."""
    return subprocess.run(
        [sys.executable, "-c", program, *arguments],
        cwd=tree,
        check=True,
        stdout=subprocess.PIPE,
        encoding="utf-8",
    ).stdout


def first_answer(tree: Path) -> float:
    """Seconds from the start of the command to its first answer."""
    began = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-c", COMMAND],
        cwd=tree,
        stdout=subprocess.PIPE,
        encoding="utf-8",
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )
    try:
        port = next(
            int(found[1])
            for found in map(re.compile(r"http://localhost:(\d+)").search, process.stdout or ())
            if found
        )
        with closing(HTTPConnection("127.0.0.1", port)) as connection:
            connection.request("GET", "/k/v1/apps.json")
            connection.getresponse().read()
        return time.perf_counter() - began
    finally:
        process.terminate()
        process.wait()


def measured(tree: Path, filled: Path, total: int) -> dict[str, float]:
    """One round of a tree."""
    prelude = PRELUDE.format(benchmarks=str(tree / "tests" / "benchmarks"))
    data = filled.with_name("copy.db")
    shutil.copy(filled, data)
    try:
        found = json.loads(run(tree, prelude + MEASURE, str(data), str(total)))
    finally:
        for each in filled.parent.glob("copy.db*"):
            each.unlink()
    return {
        **found,
        **json.loads(run(tree, EMULATE)),
        "the command's first answer": first_answer(tree),
    }


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("before", type=Path, help="the other checkout")
    parser.add_argument("--records", type=int, default=20_000, help="how many the app holds")
    parser.add_argument("--rounds", type=int, default=2)
    arguments = parser.parse_args()
    trees = arguments.before.resolve(), HERE
    least: list[dict[str, float]] = [{}, {}]
    with tempfile.TemporaryDirectory() as folder:
        filled = Path(folder) / "filled.db"
        prelude = PRELUDE.format(benchmarks=str(trees[0] / "tests" / "benchmarks"))
        run(trees[0], prelude + FILL, str(filled), str(arguments.records))
        for _ in range(arguments.rounds):
            for best, tree in zip(least, trees, strict=True):
                for name, seconds in measured(tree, filled, arguments.records).items():
                    best[name] = min(seconds, best.get(name, seconds))
    sys.stdout.write("| | before, ms | now, ms | ratio |\n| --- | ---: | ---: | ---: |\n")
    for name, before in least[0].items():
        now = least[1][name]
        sys.stdout.write(
            f"| {name} | {before * 1000:,.0f} | {now * 1000:,.0f} | {now / before:.2f} |\n"
        )


if __name__ == "__main__":
    main()
