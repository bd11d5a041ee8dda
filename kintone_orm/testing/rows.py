"""The rows of a JSON or a CSV file, each with its place in it. Pure: text in, rows out.

JSON is a list of objects. CSV is as kintone itself writes it: a line of names, then one line for
each record, separated by commas, with quotes where they are needed.
"""

from __future__ import annotations

import csv
import io
import json
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

__all__ = ["READERS", "BadRow", "Row", "csv_rows", "json_rows"]


@dataclass(frozen=True, slots=True)
class Row:
    """What a file says of one record: values by name, and the `place` where, such as "line 3"."""

    place: str
    values: tuple[tuple[str, Any], ...]


class BadRow(Exception):
    """The text is not what its kind of file is made of; `place` is where."""

    def __init__(self, place: str, message: str) -> None:
        super().__init__(message)
        self.place = place


def csv_rows(text: str) -> Iterator[Row]:
    """The rows of a CSV text; every value is a `str`. Empty lines are left out."""
    reader = csv.reader(io.StringIO(text), strict=True)
    names: list[str] | None = None
    while True:
        place = f"line {reader.line_num + 1}"
        try:
            cells = next(reader, None)
        except csv.Error as error:
            raise BadRow(place, f"This is no CSV: {error}.") from error
        if cells is None:
            return
        if names is None:
            names = cells
        elif cells:
            if len(cells) != len(names):
                raise BadRow(place, f"{len(cells)} values for the {len(names)} names of line 1.")
            yield Row(place, tuple(zip(names, cells, strict=True)))


def json_rows(text: str) -> Iterator[Row]:
    """The rows of a JSON text; numbers with a point are `Decimal`, as they are written."""
    try:
        records = json.loads(text)
    except json.JSONDecodeError as error:
        raise BadRow(f"line {error.lineno}", f"This is no JSON: {error.msg}.") from error
    if not isinstance(records, list):
        raise BadRow("line 1", 'JSON to load is a list of objects: [{"name": "Kobe"}, ...].')
    decoder = json.JSONDecoder(parse_float=Decimal, object_pairs_hook=_object)
    position = _next_item(text, text.index("[") + 1)
    for number in range(1, len(records) + 1):
        place = f"record {number} (line {text.count(_LINE_FEED, 0, position) + 1})"
        try:
            record, end = decoder.raw_decode(text, position)
        except ValueError as error:
            raise BadRow(place, str(error)) from error
        if not isinstance(record, dict):
            raise BadRow(place, f"A record is an object of names and values, not {record!r:.80}.")
        yield Row(place, tuple(record.items()))
        position = _next_item(text, end)


_LINE_FEED = "\n"


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError(f"A name is there twice: {', '.join(name for name, _ in pairs)}.")
    return found


def _next_item(text: str, position: int) -> int:
    """Where the next item of a list begins, or the list ends, in a text that is known as JSON."""
    while text[position] in " \t\r\n,":
        position += 1
    return position


READERS: Mapping[str, Callable[[str], Iterator[Row]]] = {".csv": csv_rows, ".json": json_rows}
"""How to read a file, by the end of its name."""
