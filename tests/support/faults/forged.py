"""Forged answers: JSON that kintone does not send, but a proxy, a cache or another server might."""

from __future__ import annotations

import json
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from kintone_orm.connection import Connection

DEEP = b'{"records": ' + b"[" * 200_000 + b"]" * 200_000 + b"}"


@contextmanager
def forged(
    connection: Connection,
    forge: Callable[[Any], Any],
    *,
    method: str | None = None,
    endpoint: str | None = None,
    after: int = 0,
    times: int | None = None,
) -> Iterator[list[str]]:
    """Replace answers by the result of `forge`, which gets the JSON and returns JSON or bytes.

    Of the requests of that method and endpoint, the first `after` are answered as they are, and
    the next `times`, or all, are forged; but no refusal, and no download. The list has the forged.
    """
    done: list[str] = []
    passed = 0

    def wrapper(send: Any, request: Any) -> Any:
        nonlocal passed
        response = send(request)
        requested = request.path.partition("/v1/")[2].removesuffix(".json")
        meant = method in (None, request.method) and endpoint in (None, requested)
        if not meant:
            return response
        passed += 1
        if passed <= after or (times is not None and passed > after + times):
            return response
        if response.status != 200 or response.chunks is not None:
            return response
        done.append(f"{request.method} {requested}")
        made = forge(json.loads(response.body))
        body = made if isinstance(made, bytes) else json.dumps(made).encode()
        return replace(response, body=body)

    with connection.wrap(wrapper):
        yield done


def nothing(_answer: Any) -> Any:
    return {}


def deep(_answer: Any) -> bytes:
    return DEEP


def without(*path: Any) -> Callable[[Any], Any]:
    """The answer without what is at the path."""
    return _at(path, lambda holder, key: holder.pop(key))


def with_(value: Any, *path: Any) -> Callable[[Any], Any]:
    """The answer with the value at the path."""
    return _at(path, lambda holder, key: holder.__setitem__(key, value))


def longer(*path: Any) -> Callable[[Any], Any]:
    """The answer with the last entry of the list at the path twice."""
    return _at(path, lambda holder, key: holder[key].append(holder[key][-1]))


def shorter(*path: Any) -> Callable[[Any], Any]:
    """The answer without the last entry of the list at the path."""
    return _at(path, lambda holder, key: holder[key].pop())


def _at(path: tuple[Any, ...], change: Callable[[Any, Any], Any]) -> Callable[[Any], Any]:
    def forge(answer: Any) -> Any:
        holder = answer
        for step in path[:-1]:
            holder = holder[step]
        change(holder, path[-1])
        return answer

    return forge
