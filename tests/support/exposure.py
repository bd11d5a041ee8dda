"""Finding the markers of `support.markers` in an error: in every object that its frames reach."""

from __future__ import annotations

import functools
import gc
import logging
import os
import threading
from traceback import walk_tb
from types import BuiltinFunctionType, FrameType, FunctionType, ModuleType, TracebackType
from typing import TYPE_CHECKING

from kintone_orm.http.secrets import Secret
from support.markers import OF_KINTONE, find_markers

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_OBJECTS = 50_000
# Types whose objects belong to the process, not to the error.
_NOT_ENTERED = (
    type,
    ModuleType,
    BuiltinFunctionType,
    logging.Logger,
    threading.Thread,
    type(os.environ),
    Secret,
)


def exposed_markers(error: BaseException) -> list[str]:
    """``path: spelling`` for each marker that a debugger can reach from the error.

    A proxy's password is left out: it is in the proxy's URL, which urllib3 keeps.
    """
    return [
        f"{path}: {needle}"
        for path, value in _reachable(error)
        if isinstance(value, (str, bytes, bytearray, memoryview))
        for needle in find_markers(value if isinstance(value, str) else bytes(value), OF_KINTONE)
    ]


def _reachable(error: BaseException) -> Iterator[tuple[str, object]]:
    seen: dict[int, object] = {}  # it holds the objects, so that no id is used again
    stack: list[tuple[str, object]] = [(type(error).__name__, error)]
    while stack:
        path, value = stack.pop()
        if id(value) in seen or isinstance(value, _NOT_ENTERED):
            continue
        seen[id(value)] = value
        assert len(seen) < MOST_OBJECTS, f"too many objects: {path}"
        yield path, value
        stack += _parts(path, value)


def _parts(path: str, value: object) -> list[tuple[str, object]]:
    if isinstance(value, BaseException):
        links = {name: getattr(value, name) for name in ("__cause__", "__context__", "args")}
        frames = [frame for frame, _ in walk_tb(value.__traceback__)]
        named = [(f"{path}.{name}", link) for name, link in {**links, **vars(value)}.items()]
        return named + [(f"{path} in {frame.f_code.co_name}", frame) for frame in frames]
    if isinstance(value, FrameType):
        return [(f"{path} {name}", item) for name, item in dict(value.f_locals).items()]
    if isinstance(value, TracebackType):
        return [(f"{path} in {frame.f_code.co_name}", frame) for frame, _ in walk_tb(value)]
    if isinstance(value, FunctionType):
        return [(f"{path}()", cell) for cell in value.__closure__ or ()]
    if isinstance(value, functools.partial):
        return [(f"{path}()", (value.func, value.args, value.keywords))]
    own = [vars(value)] if isinstance(value, threading.local) else []
    return [(f"{path}/{type(value).__name__}", part) for part in (*own, *gc.get_referents(value))]
