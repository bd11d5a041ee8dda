"""The speed of uploading, downloading and copying a large file, and the client's memory.

Not a test, and not collected by pytest. Run it by hand, with nothing else on the machine::

    PYTHONPATH=tests python tests/benchmarks/files.py --size 1024

The emulator serves over HTTP from a process of its own; its disk is where temporary files go, and
takes three times the size. The file is made while it is read, and thrown away when it comes, so
that the client's disk is not measured. `before` is what the process had taken when it began.
"""

from __future__ import annotations

import argparse
import multiprocessing
import resource
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

from support.bytes_at_hand import BytesAtHand

from kintone_orm import Model, connect, fields
from kintone_orm.apps import deploy
from kintone_orm.emulator import Emulator
from kintone_orm.emulator.server import serve
from kintone_orm.fields import File

if TYPE_CHECKING:
    from collections.abc import Callable
    from multiprocessing.connection import Connection

USER, PASSWORD = "Administrator", "benchmark"
MB = 1 << 20


class Film(Model):
    """A record with a large file."""

    reels = fields.FileField()


def _peak() -> float:
    """The peak memory of this process, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _timed(name: str, size: int, work: Callable[[], Any]) -> None:
    began = time.perf_counter()
    work()
    seconds = time.perf_counter() - began
    rate = size / MB / seconds
    sys.stdout.write(f"| {name} | {seconds:.1f} | {rate:,.0f} | {_peak():.0f} |\n")


def _read_to_the_end(film: Film) -> None:
    with film.reels[0].open() as file:
        count = 0
        while block := file.read(256 * 1024):
            count += len(block)
    if count != film.reels[0].size:
        raise AssertionError(f"{count} bytes came")


def measure(url: str, size: int) -> None:
    """Print the table, a line after each transfer."""
    connect(url, username=USER, password=PASSWORD, timeout=(10, 600))
    deploy(Film)
    Film.objects.create(reels=[File(BytesAtHand(MB), name="first")]).reels[0].read()
    sys.stdout.write(f"| {size / MB:,.0f} MB | seconds | MB a second | peak RSS, MB |\n")
    sys.stdout.write("| --- | ---: | ---: | ---: |\n")
    sys.stdout.write(f"| before | | | {_peak():.0f} |\n")
    film = Film(reels=[File(BytesAtHand(size), name="reel")])
    _timed("up: save()", size, film.save)
    _timed("down: open()", size, lambda: _read_to_the_end(film))
    _timed("across: duplicate().save()", size, lambda: film.duplicate().save())


def _serve(data: Path, pipe: Connection) -> None:
    with closing(Emulator(data=data, users={USER: PASSWORD})) as emulator, serve(emulator) as it:
        pipe.send(it.url)
        pipe.recv()


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--size", type=int, default=1024, help="of the file, in MB")
    size = parser.parse_args().size * MB
    ours, theirs = multiprocessing.Pipe()
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "benchmark.db"
        process = multiprocessing.get_context("spawn").Process(target=_serve, args=(data, theirs))
        process.start()
        try:
            measure(ours.recv(), size)
        finally:
            ours.send("stop")
            process.join()


if __name__ == "__main__":
    main()
