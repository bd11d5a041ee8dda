r"""The stored text of a record: JSON with one field on each line, so that fields are found fast.

JSON has no raw line feed inside a text, and field codes hold neither quotes nor colons. So ",\n"
occurs only between two fields, and the first colon of a line follows its field code. To read a
field, its line is cut out of the text and only its cell is parsed.
"""

from __future__ import annotations

import json
import re
import sys
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

__all__ = [
    "Record",
    "StoredRecord",
    "cell_in",
    "cell_text",
    "cut",
    "dump",
    "extend",
    "list_text",
    "parse",
    "record_text",
    "stored",
    "without_blank_results",
    "without_seconds",
]

Record = dict[str, dict[str, Any]]
"""A record as kintone sends it: {code: {"type": ..., "value": ...}}, with $id and $revision."""

_quoted: Callable[[str], str] = json.encoder.encode_basestring
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
# JSONDecoder.raw_decode() calls this function. Calling it directly is faster, and stored text is
# valid JSON, so the errors of raw_decode() are not needed.
_decode_at: Callable[[str, int], tuple[Any, int]] = json.JSONDecoder().scan_once  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue]

# These patterns never match inside a text value, because quotes in a text value are escaped.
_BLANK_RESULT = re.compile(r',\n"[^"]+":\{"type":"CALC","value":""\}')
_SECONDS = re.compile(r'(?<="),"seconds":"\d\d"(?=})')


def dump(value: object) -> str:
    """Return the compact JSON of a value."""
    return _encode(value)


def record_text(record: Mapping[str, Mapping[str, Any]]) -> str:
    """Return the stored text of a record."""
    return "{" + ",\n".join([cell_text(code, cell) for code, cell in record.items()]) + "}"


def cut(text: str, code: str) -> tuple[str, str | None]:
    """Return the text without a field, and the field's line (None if the record lacks the field).

    The field must not be `$id`, because the first line has no separator before it.
    """
    start = text.find(f',\n"{code}":')
    if start < 0:
        return text, None
    end = text.find(",\n", start + 2)
    if end < 0:
        end = len(text) - 1
    return text[:start] + text[end:], text[start + 2 : end]


def extend(text: str, lines: Iterable[str]) -> str:
    """Return the text of a record with these lines added."""
    return ",\n".join((text[:-1], *lines)) + "}"


def cell_text(code: str, cell: Mapping[str, object]) -> str:
    """Return the line of a field."""
    seconds = f',"seconds":"{cell["seconds"]}"' if "seconds" in cell else ""
    value = cell["value"]
    # Most values are texts, which _quoted() encodes faster.
    encoded = _quoted(value) if isinstance(value, str) else _encode(value)
    return f'"{code}":{{"type":"{cell["type"]}","value":{encoded}{seconds}}}'


def cell_in(line: str) -> dict[str, Any]:
    """Return the cell in a line."""
    cell: dict[str, Any] = _decode_at(line, line.index(":") + 1)[0]
    return cell


def without_seconds(text: str) -> str:
    """Return the text of a record without the hidden seconds of its times."""
    return _SECONDS.sub("", text)


def without_blank_results(text: str) -> str:
    """Return the text of a record without the calculated fields that have no result."""
    return _BLANK_RESULT.sub("", text)


def parse(text: str) -> Record:
    """Return the record that a stored text holds."""
    record: Record = json.loads(text)
    return record


def list_text(texts: Iterable[str], codes: Collection[str] | None) -> str:
    """Return the JSON list of these records, with the fields in `codes`.

    Without `codes`, the records have all fields. Codes that a record lacks are ignored.
    """
    if codes:
        texts = _projected(texts, codes)
    return f"[{','.join(texts)}]"


def _projected(texts: Iterable[str], codes: Collection[str]) -> Iterator[str]:
    """Iterate over the texts of the records with these fields only.

    Almost all records of an app have their fields in the same order. So the fields are searched in
    the order of the first record, each from the end of the previous field. Each text is read once.
    """
    names: list[str] | None = None
    for text in texts:
        if names is None:
            places = {f'\n"{code}":': text.find(f'\n"{code}":') for code in codes}
            names = sorted(places.keys() - {'\n"$id":'}, key=lambda name: places[name])
        fields = [text[1 : text.find(",\n")]] if "$id" in codes else []
        end = 0
        for name in names:
            start = text.find(name, end)
            if start < 0:  # The order differs, or the field is missing.
                start = text.find(name)
                if start < 0:
                    continue
            end = text.find(",\n", start)
            fields.append(text[start + 1 : end])
        yield "{" + ",".join(fields) + "}"


class _Place:
    """The position of a field's line in stored texts. `least` is the smallest position so far.

    A search that begins at `least` is fast. A search from the beginning for a field at the end
    takes as long as parsing the field.
    """

    __slots__ = ("least", "name")

    def __init__(self, code: str) -> None:
        self.name = f'\n"{code}":'
        self.least = sys.maxsize

    def find_before(self, text: str) -> int:
        """Search the whole text for the line, and return the position; -1 if there is no such line.

        The caller has searched from `least` in vain. So the position is smaller, and becomes the
        new `least`.
        """
        start = text.find(self.name)
        if start >= 0:
            self.least = start
        return start


_place = lru_cache(maxsize=4096)(_Place)


class StoredRecord(NamedTuple):
    """A stored record. A field is parsed when it is read.

    The class is a tuple only because tuples are created fastest. Use the methods.
    """

    id: int
    text: str

    def get(self, code: str) -> dict[str, Any] | None:
        """Return the cell of this field, or None if the record lacks it."""
        if code == "$id":
            return {"type": "__ID__", "value": str(self.id)}
        text, place = self.text, _place(code)
        start = text.find(place.name, place.least)
        if start < 0:
            start = place.find_before(text)
            if start < 0:
                return None
        cell: dict[str, Any] = _decode_at(text, start + len(place.name))[0]
        return cell

    def value(self, code: str) -> Any:
        """Return the value of this field, or None if the record lacks the field."""
        if code == "$id":
            return str(self.id)
        text, place = self.text, _place(code)
        start = text.find(place.name, place.least)
        if start < 0:
            start = place.find_before(text)
            if start < 0:
                return None
        # A cell's type comes first and never contains '"value":'. So the first match is the key
        # "value" of the cell.
        start = text.find(_VALUE, start + len(place.name)) + len(_VALUE)
        return _decode_at(text, start)[0]


_VALUE = '"value":'

stored: Callable[[tuple[int, str]], StoredRecord] = partial(tuple.__new__, StoredRecord)
"""Return the StoredRecord of (id, text), without a call of a Python function: for speed."""
