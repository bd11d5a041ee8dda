"""Rounds, ratios and lines of a table, for all benchmarks.

A machine that others use is slower at one time than at another. So contestants take turns, a ratio
is taken within a round, and the median of the ratios is printed with its range.
"""

from __future__ import annotations

import gc
import json
import os
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path


@dataclass(frozen=True)
class Ratio:
    """The median of the ratios of all rounds, the least and the greatest."""

    median: float
    least: float
    greatest: float

    def __str__(self) -> str:
        return f"{self.median:.2f} ({self.least:.2f} to {self.greatest:.2f})"


def ratio(values: Iterable[float], others: Iterable[float]) -> Ratio:
    """The ratio of the values to the others, which were measured in the same rounds."""
    ratios = [value / other for value, other in zip(values, others, strict=True)]
    return Ratio(statistics.median(ratios), min(ratios), max(ratios))


def cpu_seconds(action: Callable[[], Any]) -> float:
    """The processor time of an action whose result is kept while the clock runs."""
    gc.collect()
    started = time.process_time()
    kept = action()
    seconds = time.process_time() - started
    del kept
    return seconds


def take_turns(
    actions: dict[str, Callable[[], Any]],
    rounds: int,
    *,
    seconds: Callable[[Callable[[], Any]], float] = cpu_seconds,
) -> dict[str, list[float]]:
    """The seconds of each action in each round. A first round is not counted."""
    times: dict[str, list[float]] = {name: [] for name in actions}
    for number in range(rounds + 1):
        for name in rotated(list(actions), number):
            took = seconds(actions[name])
            if number:
                times[name].append(took)
    return times


def rotated(names: Sequence[str], number: int) -> list[str]:
    """The names in the order of this round, in which another one comes first."""
    first = number % len(names)
    return [*names[first:], *names[:first]]


def in_fresh_process(script: Path, *arguments: object) -> Any:
    """What the script prints as JSON when a new Python runs it."""
    command = [sys.executable, *map(str, (script, *arguments))]
    return json.loads(subprocess.check_output(command))


def write_table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print a table in Markdown, each row as soon as it is known."""
    write_line("| " + " | ".join(head) + " |")
    write_line("| --- |" + " ---: |" * (len(head) - 1))
    for row in rows:
        write_line("| " + " | ".join(map(str, row)) + " |")


def write_line(text: str = "") -> None:
    """Print a line at once."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def conditions() -> str:
    """The Python and the load of the machine, which belong beside every number."""
    return f"Python {sys.version.split()[0]}, load average {os.getloadavg()[0]:.1f}"
