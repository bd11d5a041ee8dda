"""Streaming very many records: the time of a record and the memory, from the first to the last.

Not a test. Run it by hand, with nothing else on the machine::

    python tests/benchmarks/streaming.py --records 100000 1000000

`iterator()` reads from a server that answers at once, without compression. No record is kept. Each
line is a process of its own. The stream is cut into tenths: the last one should take the processor
as long as the first, and the memory should not grow.
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corpus import Deal
from stub_process import Stub
from timing import conditions, in_fresh_process, write_line, write_table

from kintone_orm import connect

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

DEALS = Deal.objects
WAYS: dict[str, Callable[[], Iterable[Deal]]] = {
    "kintone_orm": DEALS.iterator,
    "kintone_orm, cursor": lambda: DEALS.order_by("title").iterator(),
}
PARTS = 10


def peak_memory() -> float:
    """The greatest memory that this process has had, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def measure(way: str, url: str, count: int) -> dict[str, Any]:
    """Stream in this process; the measures are taken after each tenth."""
    connect(url, api_token="x")
    before, started = peak_memory(), time.perf_counter()
    processor, memory = [], []
    part_started = time.process_time()
    for number, _ in enumerate(WAYS[way](), 1):
        if number % (count // PARTS) == 0:
            processor.append(time.process_time() - part_started)
            memory.append(peak_memory() - before)
            part_started = time.process_time()
    return {
        "records": number,
        "seconds": time.perf_counter() - started,
        "processor": processor,
        "memory": memory,
    }


def rows(counts: list[int]) -> Iterator[list[object]]:
    """Yield a line of the table for each way and number of records."""
    for count in counts:
        with Stub(count) as stub:
            for way in WAYS:
                stub.set()
                found = in_fresh_process(Path(__file__), "--measure", way, stub.url, count)
                if found["records"] != count:
                    raise AssertionError(f"{found['records']} of {count} records came")
                first, *_, last = found["processor"]
                yield [
                    way,
                    f"{count:,}",
                    stub.counts()["requests"],
                    f"{found['seconds']:.1f}",
                    f"{sum(found['processor']) / count * 1e6:.1f}",
                    f"{last / first:.2f}",
                    f"{found['memory'][0]:.1f}",
                    f"{found['memory'][-1]:.1f}",
                ]


def main() -> None:
    """Print the table, or measure one line."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--records", type=int, nargs="+", default=[100_000, 1_000_000])
    parser.add_argument("--measure", nargs=3, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure:
        way, url, count = options.measure
        sys.stdout.write(json.dumps(measure(way, url, int(count))))
        return
    write_line(f"{conditions()}\n")
    head = ["", "records", "requests", "seconds", "processor, us a record"]
    head += ["last tenth, x first", "MB more after a tenth", "MB more at the end"]
    write_table(head, rows(options.records))


if __name__ == "__main__":
    main()
