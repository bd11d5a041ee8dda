"""What is kept of a request and its answer, for a person who looks at the log."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from ..ground.http import Body

__all__ = ["BODY_KEPT", "MASK", "Kept", "Recorder"]

BODY_KEPT: Final = 64 * 1024
"""How many bytes of a body are kept."""

MASK: Final = "********"
"""What stands for a credential."""

_CREDENTIAL = re.compile(r"auth|token|cookie|password|secret", re.IGNORECASE)
_READABLE = ("application/json", "text/html")


@dataclass(frozen=True, slots=True)
class Kept:
    """The headers of a message, its credentials masked, and the first 64 KB of its body.

    `size` is that of the whole body as far as it was read. `body` is None for files: those are
    not kept.
    """

    headers: Mapping[str, str] = field(repr=False)
    body: bytes | None = field(repr=False)
    size: int


class Recorder:
    """Keeps the beginning of a message's body while `body` is read in its place."""

    def __init__(self, headers: Mapping[str, str], body: Body) -> None:
        self._headers = headers
        self._size = 0
        self._beginning = b""
        self.body: Body = body
        if isinstance(body, bytes):
            self._size, self._beginning = len(body), body[:BODY_KEPT]
        else:
            self.body = self._passing(body)

    def _passing(self, pieces: Iterable[bytes]) -> Iterator[bytes]:
        for piece in pieces:
            self._size += len(piece)
            if len(self._beginning) < BODY_KEPT:
                self._beginning += piece[: BODY_KEPT - len(self._beginning)]
            yield piece

    def kept(self) -> Kept:
        """What was kept until now."""
        headers, kind = {}, ""
        for name, value in self._headers.items():
            headers[name] = MASK if _is_credential(name) else value
            if _is_content_type(name):
                kind = value
        readable = not self._size or kind.startswith(_READABLE)
        return Kept(headers, self._beginning if readable else None, self._size)


# Programs send the same few names with every request.
@lru_cache(maxsize=1024)
def _is_credential(name: str) -> bool:
    return _CREDENTIAL.search(name) is not None


@lru_cache(maxsize=1024)
def _is_content_type(name: str) -> bool:
    return name.lower() == "content-type"
