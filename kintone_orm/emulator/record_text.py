r"""The text of one record: JSON with one field a line, so that fields are picked without parsing.

JSON never holds a raw line feed inside a text, and a field code holds neither quote nor colon, so
",\n" separates exactly the fields and the first colon of a line ends its code.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

__all__ = [
    "Record",
    "StoredRecord",
    "dump",
    "list_text",
    "parse",
    "record_text",
    "without_seconds",
]

Record = dict[str, dict[str, Any]]
"""A record in kintone's form: {code: {"type": ..., "value": ...}}, with $id and $revision."""

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_decode_at = json.JSONDecoder().raw_decode

# Inside a text, quote marks would be escaped.
_SECONDS = re.compile(r'(?<="),"seconds":"\d\d"(?=})')


def dump(value: object) -> str:
    """Compact JSON of a value."""
    return _encode(value)


def record_text(record: Mapping[str, Mapping[str, Any]]) -> str:
    """The record as it is stored."""
    fields = [
        f'"{code}":{{"type":"{cell["type"]}","value":{_encode(cell["value"])}{_seconds(cell)}}}'
        for code, cell in record.items()
    ]
    return "{" + ",\n".join(fields) + "}"


def _seconds(cell: Mapping[str, Any]) -> str:
    return f',"seconds":"{cell["seconds"]}"' if "seconds" in cell else ""


def without_seconds(text: str) -> str:
    """The text of a record without the seconds that its times keep and do not show."""
    return _SECONDS.sub("", text)


def parse(text: str) -> Record:
    """The record behind a stored text."""
    record: Record = json.loads(text)
    return record


def list_text(texts: Iterable[str], codes: Collection[str] | None) -> str:
    """The JSON list of these records: with these fields only, or with all for None or none.

    Codes that a record does not have are ignored.
    """
    if codes:
        wanted = {f'"{code}"' for code in codes}
        texts = (_project(text, wanted) for text in texts)
    return f"[{','.join(texts)}]"


def _project(text: str, wanted: Collection[str]) -> str:
    fields = [line for line in text[1:-1].split(",\n") if line[: line.index(":")] in wanted]
    return "{" + ",".join(fields) + "}"


class StoredRecord:
    """A stored record of which only the fields that are asked for are parsed."""

    __slots__ = ("id", "text")

    def __init__(self, number: int, text: str) -> None:
        self.id = number
        self.text = text

    def get(self, code: str) -> dict[str, Any] | None:
        """The cell of this field, or None when the record has none."""
        if code == "$id":
            return {"type": "__ID__", "value": str(self.id)}
        name = f'\n"{code}":'
        start = self.text.find(name)
        if start < 0:
            return None
        cell: dict[str, Any] = _decode_at(self.text, start + len(name))[0]
        return cell
