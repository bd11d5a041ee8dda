"""Recordings of requests and answers, for people who look at the log."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from ..ground.http import Body

__all__ = ["BODY_RECORDED", "MASK", "Recorder", "Recording"]

BODY_RECORDED: Final = 64 * 1024
"""The number of bytes of a body that are recorded."""

MASK: Final = "********"
"""The text in place of a credential."""

_CREDENTIAL = re.compile(r"auth|token|cookie|password|secret", re.IGNORECASE)
_READABLE = ("application/json", "text/html")


@dataclass(frozen=True, slots=True)
class Recording:
    """The headers of a message, with credentials masked, and the first 64 KB of its body.

    `size` is the number of bytes of the body that were read. `body` is None for a file.
    """

    headers: Mapping[str, str] = field(repr=False)
    body: bytes | None = field(repr=False)
    size: int


class Recorder:
    """Records the beginning of a message's body. Read `body` instead of the original body."""

    def __init__(self, headers: Mapping[str, str], body: Body) -> None:
        self._headers = headers
        self._size = 0
        self._beginning = b""
        self.body: Body = body
        if isinstance(body, bytes):
            self._size, self._beginning = len(body), body[:BODY_RECORDED]
        else:
            self.body = self._record(body)

    def _record(self, pieces: Iterable[bytes]) -> Iterator[bytes]:
        for piece in pieces:
            self._size += len(piece)
            if len(self._beginning) < BODY_RECORDED:
                self._beginning += piece[: BODY_RECORDED - len(self._beginning)]
            yield piece

    def recording(self) -> Recording:
        """Return the recording so far."""
        headers, kind = {}, ""
        for name, value in self._headers.items():
            headers[name] = MASK if _is_credential(name) else value
            if _is_content_type(name):
                kind = value
        readable = not self._size or kind.startswith(_READABLE)
        return Recording(headers, self._beginning if readable else None, self._size)


# The results are cached, because programs send the same few header names with every request.
@lru_cache(maxsize=1024)
def _is_credential(name: str) -> bool:
    return _CREDENTIAL.search(name) is not None


@lru_cache(maxsize=1024)
def _is_content_type(name: str) -> bool:
    return name.lower() == "content-type"
