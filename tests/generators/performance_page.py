"""The tables and figures of docs/performance.md, from tests/benchmarks/measured.json."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from xml.sax.saxutils import escape

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

TESTS = Path(__file__).parents[1]
DOCS = TESTS.parent / "docs"
PAGE, FIGURES = DOCS / "performance.md", DOCS / "figures"

# Sizes in the figures, in pixels.
_NAME, _BAR, _WIDTH, _ROOM = 300, 17, 760, 70
_STYLE = """
  text { font: 13px system-ui, sans-serif; fill: #1b1f24 }
  .group { font-weight: 600 }
  .ours { fill: #1f6feb } .other { fill: #8b949e }
  @media (prefers-color-scheme: dark) { text { fill: #e6edf3 } .ours { fill: #58a6ff } }
"""


class Bar(NamedTuple):
    """A bar of a figure: its name, its length, and True for a bar of this package."""

    name: str
    length: float
    is_ours: bool


def measured() -> dict[str, Any]:
    """The numbers, as they were written down."""
    found: dict[str, Any] = json.loads((TESTS / "benchmarks" / "measured.json").read_text("utf-8"))
    return found


def figure(title: str, groups: Mapping[str, Sequence[Bar]]) -> str:
    """Return a figure with a group of bars for each title, as SVG."""
    longest = max(bar.length for bars in groups.values() for bar in bars)
    scale = (_WIDTH - _NAME - _ROOM) / longest
    shapes, top = [], 8
    for group, bars in groups.items():
        shapes.append(f'<text class="group" x="0" y="{top + 13}">{escape(group)}</text>')
        top += _BAR + 6
        for bar in bars:
            width, middle = max(1, round(bar.length * scale)), top + 13
            kind = "ours" if bar.is_ours else "other"
            shapes += [
                f'<text x="{_NAME - 8}" y="{middle}" text-anchor="end">{escape(bar.name)}</text>',
                f'<rect class="{kind}" x="{_NAME}" y="{top}" width="{width}" height="{_BAR - 1}"/>',
                f'<text x="{_NAME + width + 6}" y="{middle}">{bar.length:.2f}</text>',
            ]
            top += _BAR + 3
        top += 10
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {top}" role="img" '
        f'aria-label="{escape(title)}">'
    )
    return "\n".join([head, f"<style>{_STYLE}</style>", *shapes, "</svg>\n"])


def figures() -> dict[str, str]:
    """Return the content of each figure by its name."""
    numbers = measured()
    reading, decoding = numbers["reading"], numbers["decoding"]
    return {
        "reading": figure(
            "Seconds to read 10,000 records",
            {
                f"{latency} ms to the server: seconds": [
                    Bar(row["name"], row["seconds"][place], row["ours"]) for row in reading["rows"]
                ]
                for place, latency in enumerate(reading["latencies"])
            },
        ),
        "decoding": figure(
            "Time to decode records, against json.loads",
            {
                f"Python {version}: times json.loads": [
                    Bar(row["name"], row["ratios"][place], row["ours"]) for row in decoding["rows"]
                ]
                for place, version in enumerate(decoding["pythons"])
            },
        ),
    }


def reading() -> str:
    """Return the table of reads from end to end."""
    numbers = measured()["reading"]
    head = ["", "requests", "connections", *(f"{each} ms" for each in numbers["latencies"])]
    return _table(
        head,
        (
            [
                row["name"],
                row["requests"],
                row["connections"],
                *map("{:.2f} s".format, row["seconds"]),
            ]
            for row in numbers["rows"]
        ),
    )


def decoding() -> str:
    """Return the table of decoders."""
    numbers = measured()["decoding"]
    head = ["", *(f"Python {version}" for version in numbers["pythons"])]
    return _table(
        head, ([row["name"], *map("{:.2f}".format, row["ratios"])] for row in numbers["rows"])
    )


def streaming() -> str:
    """Return the table of long streams."""
    numbers = measured()["streaming"]["rows"]
    head = ["", "records", "µs a record", "MB more than before"]
    return _table(
        head,
        (
            [row["name"], f"{row['records']:,}", row["microseconds"], row["megabytes"]]
            for row in numbers
        ),
    )


def _table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "\n".join("| " + " | ".join(map(str, line)) + " |" for line in lines)


def page() -> str:
    """Return the page with its tables written anew."""
    text = PAGE.read_text("utf-8")
    for name, table in (
        ("reading", reading()),
        ("decoding", decoding()),
        ("streaming", streaming()),
    ):
        start = f"<!-- {name}: made by tests/generators/performance_page.py -->\n\n"
        end = f"\n\n<!-- end of {name} -->"
        before, _, rest = text.partition(start)
        _, _, after = rest.partition(end)
        text = f"{before}{start}{table}{end}{after}"
    return text
