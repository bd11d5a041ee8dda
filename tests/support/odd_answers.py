"""Answers that are not quite kintone's: with odd values, and with odd bytes."""

from __future__ import annotations

import copy
from typing import Any

from hypothesis import strategies as st

__all__ = ["PIECES", "change"]

# Bytes that a page has, or should not have, and bytes that decoders read differently.
PIECES = st.sampled_from(
    [
        *(b'"', b"\\", b"{", b"}", b"[", b"]", b",", b":", b" ", b"\n", b"\x00", b"\x01", b"\x0c"),
        *(b"0", b"1", b"-", b"01", b"1.", b"1e999", b"NaN", b"Infinity", b"null", b"true", b"tru"),
        *(b'""', b'"1"', b'"NaN"', b'"1700000000"', b'"2024-W01-1"', b"9" * 5000),
        *(rb"\ud800", rb"\udc00", rb"\ud83d\ude00", rb"\u0000", rb"\u00", rb"\q", rb"\/"),
        *(b"\xff", b"\xc0\x80", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xef\xbb\xbf"),
        *(b'"x":1,', b'"value":null,', b'"type":"DATE",', b'"records":[],', b"[" * 2000),
    ]
)
ODD_VALUES = st.sampled_from(
    [None, "", "x", "1", "1.5", "NaN", "1_000", "1700000000", "2024-W01-1", "10:00:30", "Zürich"]
    + [0, 1, 1.5, True, [], ["x"], [None], {}, {"code": "a"}, {"code": "a", "name": None}]
    + [{"type": "LINK", "value": "x"}, {"type": "LINK", "value": 1.5}]
)


def change(answer: Any, data: st.DataObject) -> None:
    """Replace, remove, rename, repeat or add a member somewhere in the answer."""
    parents = [part for part in parts(answer) if part]
    if not parents:
        return
    parent: Any = data.draw(st.sampled_from(parents))
    keys = list(parent) if isinstance(parent, dict) else range(len(parent))
    key = data.draw(st.sampled_from(keys))
    how = data.draw(st.sampled_from(["replace", "remove", "add", "repeat", "reorder"]))
    value = data.draw(ODD_VALUES)
    if how == "replace":
        parent[key] = value
    elif how == "remove":
        del parent[key]
    elif isinstance(parent, list):
        parent.append(copy.deepcopy(parent[key]) if how == "repeat" else value)
    elif how == "add":
        parent[data.draw(st.sampled_from(["other", "name", "value", "type", "id"]))] = value
    else:
        parent[key] = parent.pop(key)


def parts(value: object) -> list[Any]:
    """Return every dict and list in the value."""
    if isinstance(value, dict | list):
        inner = value.values() if isinstance(value, dict) else value
        return [value, *(part for each in inner for part in parts(each))]
    return []
