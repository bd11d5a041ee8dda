"""A kintone of one app whose records are numbered, as an adapter in place of the network.

It makes its answers anew for each request, so that 100,000 records take no memory and little time.
"""

from __future__ import annotations

import io
import json
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit

import requests
from requests.adapters import BaseAdapter

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["NumberedKintone"]

_BOUND = re.compile(r'\$id (>=?|<=?) "(\d+)"')
_COUNTED = re.compile(r"\b(limit|offset) (\d+)")
_CELLS = {
    "$id": b'"$id":{"type":"__ID__","value":"%d"}',
    "$revision": b'"$revision":{"type":"__REVISION__","value":"%d"}',
    "n": b'"n":{"type":"NUMBER","value":"%d"}',
}


class NumberedKintone(BaseAdapter):
    """An app with the records 1 to `count`; the field `n` of a record is its number.

    It knows conditions and orders by `$id`, and the order by `n`, which is the same.
    """

    def __init__(self, count: int) -> None:
        super().__init__()
        self.count = count
        self.cursors: dict[str, tuple[range, int, list[str]]] = {}
        self._made = 0

    def send(
        self, request: requests.PreparedRequest, *_args: Any, **_options: Any
    ) -> requests.Response:
        response = requests.Response()
        response.status_code = 200
        response.headers["Content-Type"] = "application/json"
        response.raw = io.BytesIO(self._answer(request))
        response.request, response.url = request, request.url or ""
        return response

    def close(self) -> None:
        pass

    def _answer(self, request: requests.PreparedRequest) -> bytes:
        url = urlsplit(request.url or "")
        asked: dict[str, Any] = (
            json.loads(request.body) if request.body else dict(parse_qsl(url.query))
        )
        fields = [value for name, value in asked.items() if name.startswith("fields[")]
        endpoint = url.path.removeprefix("/k/v1/").removesuffix(".json")
        known: dict[str, Callable[[], bytes]] = {
            "GET records": lambda: self._records(asked["query"], fields),
            "POST records/cursor": lambda: self._create(asked),
            "GET records/cursor": lambda: self._page(asked["id"]),
            "DELETE records/cursor": lambda: self._delete(asked["id"]),
        }
        return known[f"{request.method} {endpoint}"]()

    def _records(self, query: str, fields: list[str]) -> bytes:
        found = self._found(query)
        counted = {word: int(number) for word, number in _COUNTED.findall(query)}
        offset = counted.get("offset", 0)
        records = _render(found[offset : offset + counted["limit"]], fields)
        return b'{"records":[%b],"totalCount":"%d"}' % (records, len(found))

    def _found(self, query: str) -> range:
        first, last = 1, self.count
        for sign, bound in _BOUND.findall(query):
            if sign[0] == ">":
                first = max(first, int(bound) + (sign == ">"))
            else:
                last = min(last, int(bound) - (sign == "<"))
        found = range(first, last + 1)
        return found[::-1] if " desc" in query else found

    def _create(self, asked: dict[str, Any]) -> bytes:
        self._made += 1
        id_, found = f"cursor-{self._made}", self._found(asked["query"])
        self.cursors[id_] = found, asked["size"], asked["fields"]
        return b'{"id":"%b","totalCount":"%d"}' % (id_.encode(), len(found))

    def _page(self, id_: str) -> bytes:
        left, size, fields = self.cursors.pop(id_)
        if len(left) > size:
            self.cursors[id_] = left[size:], size, fields
        more = b"true" if len(left) > size else b"false"
        return b'{"records":[%b],"next":%b}' % (_render(left[:size], fields), more)

    def _delete(self, id_: str) -> bytes:
        del self.cursors[id_]
        return b"{}"


def _render(numbers: range, fields: list[str]) -> bytes:
    cells = [_CELLS[code] for code in fields or _CELLS]
    record = b"{" + b",".join(cells) + b"}"
    return b",".join(record % ((number,) * len(cells)) for number in numbers)
