"""Reads all records of the stub server in one of our ways, for reading.py.

Each line on standard input asks for one reading; its seconds come back as JSON.
"""

from __future__ import annotations

import gc
import json
import ssl
import sys
import time
from http.client import HTTPConnection, HTTPSConnection
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urlsplit

from corpus import PAGE, Deal
from stub_kintone import Ids

from kintone_orm import connect

if TYPE_CHECKING:
    from collections.abc import Callable

DEALS = Deal.objects
WAYS: dict[str, Callable[[], Any]] = {
    "seek": lambda: list(DEALS.iterator()),
    "seek, ahead=0": lambda: list(DEALS.iterator(ahead=0)),
    "workers=4": lambda: list(DEALS.iterator(workers=4)),
    "cursor": lambda: list(DEALS.order_by("title").iterator()),
    "cursor, ahead=0": lambda: list(DEALS.order_by("title").iterator(ahead=0)),
}


def read_bytes(url: str, count: int, hole: int) -> range:
    """Ask for the same pages on one connection, and let their bytes be: the limit of the wire."""
    parts, ids = urlsplit(url), Ids(hole)
    if parts.scheme == "http":
        connection = HTTPConnection(parts.netloc)
    else:
        connection = HTTPSConnection(parts.netloc, context=ssl.create_default_context())
    for read in range(0, count + 1, PAGE):
        query = f'$id > "{ids.at(read - 1)}" order by $id asc limit {PAGE}'
        target = f"/k/v1/records.json?{urlencode({'app': 1, 'query': query})}"
        connection.request("GET", target, headers={"Accept-Encoding": "gzip"})
        connection.getresponse().read()
    connection.close()
    return range(count)


def main() -> None:
    """Read once for each line of standard input."""
    way, url, count, hole = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
    for _ in sys.stdin:
        if way != "bytes":
            connect(url, api_token="x")
        gc.collect()
        started, cpu_started = time.perf_counter(), time.process_time()
        records = read_bytes(url, count, hole) if way == "bytes" else WAYS[way]()
        seconds, cpu = time.perf_counter() - started, time.process_time() - cpu_started
        found = {"seconds": seconds, "cpu": cpu, "records": len(records)}
        del records
        sys.stdout.write(f"{json.dumps(found)}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
