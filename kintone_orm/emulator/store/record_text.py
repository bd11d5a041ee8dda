r"""The text of one record: JSON with one field a line, so that fields are picked without parsing.

JSON never holds a raw line feed inside a text, and a field code holds neither quote nor colon, so
",\n" separates exactly the fields and the first colon of a line ends its code.
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
    "extended",
    "list_text",
    "parse",
    "record_text",
    "stored",
    "without_blank_results",
    "without_seconds",
]

Record = dict[str, dict[str, Any]]
"""A record in kintone's form: {code: {"type": ..., "value": ...}}, with $id and $revision."""

_quoted: Callable[[str], str] = json.encoder.encode_basestring
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
# What JSONDecoder.raw_decode() calls, without its frame and its sentence for what is no JSON.
_decode_at: Callable[[str, int], tuple[Any, int]] = json.JSONDecoder().scan_once  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue]

# Inside a text, quote marks would be escaped.
_BLANK_RESULT = re.compile(r',\n"[^"]+":\{"type":"CALC","value":""\}')
_SECONDS = re.compile(r'(?<="),"seconds":"\d\d"(?=})')


def dump(value: object) -> str:
    """Compact JSON of a value."""
    return _encode(value)


def record_text(record: Mapping[str, Mapping[str, Any]]) -> str:
    """The record as it is stored."""
    return "{" + ",\n".join([cell_text(code, cell) for code, cell in record.items()]) + "}"


def cut(text: str, code: str) -> tuple[str, str | None]:
    """A stored record without a field, which is not `$id`, and that field's line; None: no such."""
    start = text.find(f',\n"{code}":')
    if start < 0:
        return text, None
    end = text.find(",\n", start + 2)
    if end < 0:
        end = len(text) - 1
    return text[:start] + text[end:], text[start + 2 : end]


def extended(text: str, lines: Iterable[str]) -> str:
    """A stored record with more lines."""
    return ",\n".join((text[:-1], *lines)) + "}"


def cell_text(code: str, cell: Mapping[str, Any]) -> str:
    """The line of a field with this code and this cell."""
    seconds = f',"seconds":"{cell["seconds"]}"' if "seconds" in cell else ""
    value = cell["value"]
    spelled = _quoted(value) if isinstance(value, str) else _encode(value)  # most are texts
    return f'"{code}":{{"type":"{cell["type"]}","value":{spelled}{seconds}}}'


def cell_in(line: str) -> dict[str, Any]:
    """The cell behind a line."""
    cell: dict[str, Any] = _decode_at(line, line.index(":") + 1)[0]
    return cell


def without_seconds(text: str) -> str:
    """The text of a record without the seconds that its times keep and do not show."""
    return _SECONDS.sub("", text)


def without_blank_results(text: str) -> str:
    """The text of a record without the calculated fields that have no result."""
    return _BLANK_RESULT.sub("", text)


def parse(text: str) -> Record:
    """The record behind a stored text."""
    record: Record = json.loads(text)
    return record


def list_text(texts: Iterable[str], codes: Collection[str] | None) -> str:
    """The JSON list of these records: with these fields only, or with all for None or none.

    Codes that a record does not have are ignored.
    """
    if codes:
        texts = _projected(texts, codes)
    return f"[{','.join(texts)}]"


def _projected(texts: Iterable[str], codes: Collection[str]) -> Iterator[str]:
    """The records with these fields only.

    The records of an app have their fields in one order, but for a few. So the fields are looked
    for in the order of the first record, each after the one before it: a text is read once at most.
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
            if start < 0:  # it is in another order here, or not at all
                start = text.find(name)
                if start < 0:
                    continue
            end = text.find(",\n", start)
            fields.append(text[start + 1 : end])
        yield "{" + ",".join(fields) + "}"


class _Place:
    """Where the line of a field begins in the texts that were read: nowhere before `least`.

    To look through all of a text for a field at its end takes as long as to parse that one.
    """

    __slots__ = ("least", "name")

    def __init__(self, code: str) -> None:
        self.name = f'\n"{code}":'
        self.least = sys.maxsize

    def find_before(self, text: str) -> int:
        """Where the line begins before `least`, which it is from now on; -1: there is none."""
        start = text.find(self.name)
        if start >= 0:
            self.least = start
        return start


_place = lru_cache(maxsize=4096)(_Place)


class StoredRecord(NamedTuple):
    """A stored record of which only the fields that are asked for are parsed.

    Not to be taken for a pair: it is a tuple because those are made soonest.
    """

    id: int
    text: str

    def get(self, code: str) -> dict[str, Any] | None:
        """The cell of this field, or None when the record has none."""
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
        """What this field's cell holds under "value", or None when the record has none."""
        if code == "$id":
            return str(self.id)
        text, place = self.text, _place(code)
        start = text.find(place.name, place.least)
        if start < 0:
            start = place.find_before(text)
            if start < 0:
                return None
        # The type of a cell comes first, and names nothing: what follows is the value's name.
        start = text.find(_VALUE, start + len(place.name)) + len(_VALUE)
        return _decode_at(text, start)[0]


_VALUE = '"value":'

stored: Callable[[tuple[int, str]], StoredRecord] = partial(tuple.__new__, StoredRecord)
"""The stored record of an id and a text, with no call of a Python function: there are many."""
