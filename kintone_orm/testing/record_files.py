"""Reading records from JSON and CSV texts, each with its place in the text.

JSON is a list of objects. CSV has kintone's own form: a line of names, then one line per record,
with commas between the values and quotation marks where needed.
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

__all__ = ["READERS", "BadRecord", "FileRecord", "csv_records", "json_records"]


@dataclass(frozen=True, slots=True)
class FileRecord:
    """A record of a file: values by name, and its `place`, such as "line 3"."""

    place: str
    values: tuple[tuple[str, Any], ...]


class BadRecord(Exception):
    """The error for a text that is not valid JSON or CSV at `place`."""

    def __init__(self, place: str, message: str) -> None:
        super().__init__(message)
        self.place = place


def csv_records(text: str) -> Iterator[FileRecord]:
    """Read the records of a CSV text. Every value is a `str`. Empty lines are skipped."""
    reader = csv.reader(io.StringIO(text), strict=True)
    names: list[str] | None = None
    while True:
        place = f"line {reader.line_num + 1}"
        try:
            cells = next(reader, None)
        except csv.Error as error:
            raise BadRecord(place, f"This is not CSV: {error}.") from error
        if cells is None:
            return
        if names is None:
            names = cells
        elif cells:
            if len(cells) != len(names):
                raise BadRecord(
                    place,
                    f"The number of values is {len(cells)}, but line 1 has {len(names)} names.",
                )
            yield FileRecord(place, tuple(zip(names, cells, strict=True)))


def json_records(text: str) -> Iterator[FileRecord]:
    """Read the records of a JSON text. Numbers with a decimal point become `Decimal`."""
    try:
        records = json.loads(text)
    except json.JSONDecodeError as error:
        raise BadRecord(f"line {error.lineno}", f"This is not JSON: {error.msg}.") from error
    if not isinstance(records, list):
        raise BadRecord("line 1", 'The JSON must be a list of objects: [{"name": "Kobe"}, ...].')
    decoder = json.JSONDecoder(parse_float=Decimal, object_pairs_hook=_object)
    position = _next_item(text, text.index("[") + 1)
    for number in range(1, len(records) + 1):
        place = f"record {number} (line {text.count(_LINE_FEED, 0, position) + 1})"
        try:
            record, end = decoder.raw_decode(text, position)
        except ValueError as error:
            raise BadRecord(place, str(error)) from error
        if not isinstance(record, dict):
            raise BadRecord(
                place, f"A record must be an object of names and values, not {record!r:.80}."
            )
        yield FileRecord(place, tuple(record.items()))
        position = _next_item(text, end)


_LINE_FEED = "\n"


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    values = dict(pairs)
    if len(values) < len(pairs):
        raise ValueError(f"A name appears twice: {', '.join(name for name, _ in pairs)}.")
    return values


def _next_item(text: str, position: int) -> int:
    """Return the position of the next item, or of the end, of a list in valid JSON."""
    while text[position] in " \t\r\n,":
        position += 1
    return position


READERS: Mapping[str, Callable[[str], Iterator[FileRecord]]] = {
    ".csv": csv_records,
    ".json": json_records,
}
"""The functions that read the text of a file, by the suffix of its name."""
