"""Decoding the parameters of a request, from its query string or its JSON body."""

from __future__ import annotations

import json
import re
from contextlib import contextmanager
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NoReturn
from urllib.parse import parse_qsl

from . import limits
from .errors import fault, invalid, message

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .http import HTTPRequest

__all__ = ["Plain", "sent_parameters"]

_ELEMENT = re.compile(r"([^\[\]]+)\[([0-9]{1,9})\]")
_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")


class Plain(str):
    """A value from a query string. A query string has no JSON types, so no type is checked."""

    __slots__ = ()


@contextmanager
def sent_parameters(request: HTTPRequest) -> Iterator[dict[str, Any]]:
    """Return the parameters in the query string or the JSON body of a request.

    `ids[0]=1&ids[1]=2` is a list. Raises CB_IJ01 if the body is not a JSON object, and CB_IL02 if
    the body is not declared as JSON or if there is a query string too.
    """
    content_type = (request.header("content-type") or "").partition(";")[0].strip().lower()
    is_json = content_type == "application/json"
    body = request.content()
    # A request that declares a JSON body must have a body, and a body that is not JSON is refused.
    if is_json != bool(body) or (body and request.query_string):
        raise fault("CB_IL02")
    yield _from_json(body) if body else _from_query_string(request.query_string)


def _from_query_string(query_string: str) -> dict[str, Any]:
    single: dict[str, Any] = {}
    lists: dict[str, dict[int, str]] = {}
    try:
        pairs = parse_qsl(query_string, keep_blank_values=True, errors="strict")
    except ValueError:
        raise fault("CB_IL02") from None
    for name, value in pairs:
        element = _ELEMENT.fullmatch(name)
        values: dict[Any, str] = lists.setdefault(element[1], {}) if element else single
        key = int(element[2]) if element else name
        if element and int(element[2]) >= limits.QUERY_STRING_ITEMS:
            high = limits.QUERY_STRING_ITEMS
            raise invalid({element[1]: [message("size", low=0, high=high)]})
        if key in values or name in lists or (element and element[1] in single):
            raise invalid({name: ["repeated_parameter"]})
        values[key] = Plain(value)
    return single | {name: [items[i] for i in sorted(items)] for name, items in lists.items()}


def _from_json(body: bytes) -> dict[str, Any]:
    try:
        sent = json.loads(body.decode(), parse_float=Decimal, parse_constant=_refuse_constant)
        if _SURROGATE.search(body):
            # encode() raises ValueError for half of a surrogate pair. A half is no character, and
            # SQLite cannot store it.
            json.dumps(sent, ensure_ascii=False, default=str).encode()
    except (ValueError, ArithmeticError, RecursionError):
        raise fault("CB_IJ01") from None
    if not isinstance(sent, dict):
        raise fault("CB_IJ01")
    return sent


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(name)
