"""Encoding a request: URL, headers and body.

GET and DELETE have their parameters in the query string. If the parameters do not fit, the request
is sent as a POST with a body, and the header X-HTTP-Method-Override names the method. POST and PUT
have a JSON body. Source: "kintone REST API Overview"; for the length of arrays, "kintone REST API:
Get Records".
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import quote

from kintone_orm.http.multipart import MultipartBody
from kintone_orm.limits import ITEMS_PER_URL_ARRAY, URL_CHARACTERS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from kintone_orm.http.messages import Request

__all__ = ["WireRequest", "encode", "query_string"]


@dataclass(frozen=True, slots=True)
class WireRequest:
    """A request as it is sent, without the headers that hold the credentials."""

    method: str
    url: str
    headers: Mapping[str, str] = field(repr=False)
    body: bytes | MultipartBody | None = field(repr=False)


def encode(request: Request, base_url: str) -> WireRequest:
    """Return the encoded request to the kintone at `base_url`, which does not end in a slash."""
    url = base_url + request.path
    if request.upload is not None:
        form = MultipartBody(request.upload)
        return WireRequest(request.method, url, {"Content-Type": form.content_type}, form)
    if request.method not in {"GET", "DELETE"}:
        return WireRequest(request.method, url, _JSON, _json(request.params))
    long_array = _has_long_array(request.params.values())
    query = "" if long_array else query_string(request.params)
    if long_array or len(url) + len("?") + len(query) > URL_CHARACTERS:
        override = {**_JSON, "X-HTTP-Method-Override": request.method}
        return WireRequest("POST", url, override, _json(request.params))
    return WireRequest(request.method, f"{url}?{query}" if query else url, {}, None)


_JSON = {"Content-Type": "application/json"}


def _json(params: Mapping[str, object]) -> bytes:
    return json.dumps(
        dict(params), ensure_ascii=False, allow_nan=False, separators=(",", ":")
    ).encode()


def _has_long_array(values: Iterable[object]) -> bool:
    """Return True if one of the values is or contains an array too long for a query string."""
    arrays = [
        value
        for value in values
        if not isinstance(value, (str, int, bytes, bytearray)) and isinstance(value, Sequence)
    ]
    return any(len(array) > ITEMS_PER_URL_ARRAY or _has_long_array(array) for array in arrays)


def query_string(params: Mapping[str, object]) -> str:
    """Encode parameters: ``app=1&ids%5B0%5D=7``. Array items are numbered."""
    pairs = _pairs(params.items())
    return "&".join([f"{quote(name, safe='')}={quote(text, safe='')}" for name, text in pairs])


def _pairs(params: Iterable[tuple[str, object]]) -> list[tuple[str, str]]:
    pairs: list[tuple[str, str]] = []
    for name, value in params:
        if isinstance(value, bool):
            pairs.append((name, "true" if value else "false"))
        elif isinstance(value, (int, str)):
            pairs.append((name, str(value)))
        elif isinstance(value, Sequence) and not isinstance(value, (bytes, bytearray)):
            pairs += _pairs([(f"{name}[{index}]", item) for index, item in enumerate(value)])
        else:
            message = f"A {type(value).__name__} ({name!r}) cannot be written into a query string."
            raise TypeError(message)
    return pairs
