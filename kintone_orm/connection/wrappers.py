"""Functions that wrap every request of a connection."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import TypeAlias

    from kintone_orm.http.messages import Request, Response

    Send: TypeAlias = Callable[[Request], Response]
    Wrapper: TypeAlias = Callable[[Send, Request], Response]

__all__ = ["Wrappers"]


class Wrappers:
    """The wrappers of one connection, the outermost first. Threads may share them."""

    def __init__(self) -> None:
        self._wrappers: tuple[Wrapper, ...] = ()
        self._lock = threading.Lock()

    @contextmanager
    def adding(self, wrapper: Wrapper) -> Iterator[None]:
        """Add a wrapper inside the block. The new wrapper becomes the innermost."""
        # A new object for each entry: if a wrapper was added twice, only this entry is removed.
        entry = partial(wrapper)
        with self._lock:
            self._wrappers = (*self._wrappers, entry)
        try:
            yield
        finally:
            with self._lock:
                self._wrappers = tuple(other for other in self._wrappers if other is not entry)

    def call(self, send: Send, request: Request) -> Response:
        """Send the request through all wrappers and return the response."""
        for wrapper in reversed(self._wrappers):
            send = partial(wrapper, send)
        return send(request)
