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
    from collections.abc import Iterator, Mapping

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
    long_array = any(map(_is_too_long, request.params.values()))
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


def _is_too_long(value: object) -> bool:
    """Return True if the value is or contains an array that is too long for a query string."""
    if not isinstance(value, Sequence) or isinstance(value, (str, bytes, bytearray)):
        return False
    return len(value) > ITEMS_PER_URL_ARRAY or any(map(_is_too_long, value))


def query_string(params: Mapping[str, object]) -> str:
    """Encode parameters: ``app=1&ids%5B0%5D=7``. Array items are numbered."""
    return "&".join(
        f"{quote(name, safe='')}={quote(text, safe='')}"
        for key, value in params.items()
        for name, text in _pairs(key, value)
    )


def _pairs(name: str, value: object) -> Iterator[tuple[str, str]]:
    if isinstance(value, bool):
        yield name, "true" if value else "false"
    elif isinstance(value, (int, str)):
        yield name, str(value)
    elif isinstance(value, Sequence) and not isinstance(value, (bytes, bytearray)):
        for index, item in enumerate(value):
            yield from _pairs(f"{name}[{index}]", item)
    else:
        message = f"A {type(value).__name__} ({name!r}) cannot be written into a query string."
        raise TypeError(message)
