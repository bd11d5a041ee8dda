"""The records of the benchmarks as kintone sends them: bytes.

They are those of tests/support/models/corpus.py, in compact JSON, cached in the system's temporary
folder. Records beyond 10,000 are the same ones again under ids of their own. Their texts are made
when asked for, so that a server can have a million.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
import tempfile
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from support.models import corpus
from support.models.corpus import Deal

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["CODES", "PAGE", "Deal", "answer", "compact", "in_pages", "record_text", "record_with"]

DISTINCT, PAGE = 10_000, 500
CODES = frozenset(["$id", "$revision", *(field.code for field in Deal._meta.fields.values())])

# The beginning of a record. The rest is the same in every repetition.
_HEAD = (
    '{"$id":{"type":"__ID__","value":"%(id)d"},'
    '"$revision":{"type":"__REVISION__","value":"3"},'
    '"レコード番号":{"type":"RECORD_NUMBER","value":"%(id)d"},'
)
_HEAD_BYTES = _HEAD.replace("%(id)d", "%b").encode()


def record_text(number: int, id_: int) -> bytes:
    """The text of the record with this number, counted from 0, under this id."""
    written = b"%d" % id_
    return _HEAD_BYTES % (written, written) + _rests()[number % DISTINCT]


def record_with(codes: frozenset[str], number: int, id_: int) -> bytes:
    """The same with these fields alone."""
    written = b'"value":"%d"' % id_
    text = _record_without_id(codes, number % DISTINCT)
    for kind in (b'"type":"__ID__",', b'"type":"RECORD_NUMBER",'):
        text = text.replace(kind + b'"value":"0"', kind + written)
    return text


def in_pages(count: int) -> list[bytes]:
    """The answers that hold the first records, 500 in each."""
    return [
        answer(record_text(number, number + 1) for number in range(at, min(at + PAGE, count)))
        for at in range(0, count, PAGE)
    ]


def answer(texts: Iterable[bytes], rest: bytes = b'"totalCount":null') -> bytes:
    """The answer that holds these records, and ends with the members of `rest`."""
    return b'{"records":[' + b",".join(texts) + b"]," + rest + b"}"


def compact(value: Any) -> bytes:
    """The JSON as kintone writes it: without blanks, and without escapes for Japanese."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


@cache
def _record_without_id(codes: frozenset[str], number: int) -> bytes:
    record = json.loads(record_text(number, 0))
    return compact({code: cell for code, cell in record.items() if code in codes})


@cache
def _rests() -> list[bytes]:
    source = Path(corpus.__file__).read_bytes()
    name = f"kintone-orm-benchmarks-{hashlib.sha256(source).hexdigest()[:16]}.jsonl"
    path = Path(tempfile.gettempdir()) / name
    if not path.exists():
        unfinished = path.with_name(f"{name}.{os.getpid()}")
        unfinished.write_bytes(b"\n".join(map(_rest, corpus.records(DISTINCT))))
        unfinished.replace(path)
    return path.read_bytes().split(b"\n")


def _rest(record: dict[str, Any]) -> bytes:
    head, text = (_HEAD % {"id": int(record["$id"]["value"])}).encode(), compact(record)
    if not text.startswith(head):
        raise AssertionError(f"The record begins in another way: {text.decode()[:200]}")
    return text[len(head) :]
