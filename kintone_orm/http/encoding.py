"""A request as it is written on the wire: URL, headers and body.

Source: "kintone REST API Overview"; "Get Records", which takes indexes 0 to 99 of an array in a
query string, and more in a body. Parameters of GET and DELETE go in the query string; what does not
fit there becomes a POST that says with X-HTTP-Method-Override what is meant. POST and PUT have a
JSON body.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from kintone_orm.http.multipart import MultipartBody
from kintone_orm.limits import ITEMS_PER_URL_ARRAY, URL_CHARACTERS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from kintone_orm.http.messages import Request

__all__ = ["Wire", "encode", "query_string"]


@dataclass(frozen=True, slots=True)
class Wire:
    """What is sent: everything but the headers that tell who asks."""

    method: str
    url: str
    headers: Mapping[str, str] = field(repr=False)
    body: bytes | MultipartBody | None = field(repr=False)


def encode(request: Request, base_url: str) -> Wire:
    """The request as it goes to the kintone at `base_url` (without a slash at its end)."""
    url = base_url + request.path
    if request.upload is not None:
        form = MultipartBody(request.upload)
        return Wire(request.method, url, {"Content-Type": form.content_type}, form)
    if request.method not in {"GET", "DELETE"}:
        return Wire(request.method, url, _JSON, _json(request.params))
    long_array = any(map(_is_too_long, request.params.values()))
    query = "" if long_array else query_string(request.params)
    if long_array or len(url) + len("?") + len(query) > URL_CHARACTERS:
        override = {**_JSON, "X-HTTP-Method-Override": request.method}
        return Wire("POST", url, override, _json(request.params))
    return Wire(request.method, f"{url}?{query}" if query else url, {}, None)


_JSON = {"Content-Type": "application/json"}


def _json(params: Mapping[str, Any]) -> bytes:
    return json.dumps(
        dict(params), ensure_ascii=False, allow_nan=False, separators=(",", ":")
    ).encode()


def _is_too_long(value: Any) -> bool:
    """True if it is, or has in it, an array of more items than a query string takes."""
    if not isinstance(value, Sequence) or isinstance(value, (str, bytes, bytearray)):
        return False
    return len(value) > ITEMS_PER_URL_ARRAY or any(map(_is_too_long, value))


def query_string(params: Mapping[str, Any]) -> str:
    """``app=1&ids%5B0%5D=7``: arrays numbered, booleans true or false, all percent-encoded."""
    return "&".join(
        f"{quote(name, safe='')}={quote(text, safe='')}"
        for key, value in params.items()
        for name, text in _pairs(key, value)
    )


def _pairs(name: str, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, bool):
        yield name, "true" if value else "false"
    elif isinstance(value, (int, str)):
        yield name, str(value)
    elif isinstance(value, Sequence) and not isinstance(value, (bytes, bytearray)):
        for index, item in enumerate(value):
            yield from _pairs(f"{name}[{index}]", item)
    else:
        message = f"{name}: a {type(value).__name__} cannot be written in a query string"
        raise TypeError(message)
