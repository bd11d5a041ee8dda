"""One HTTP request and its answer, as the emulator's core sees them, whatever carried them."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, TypeAlias
from urllib.parse import quote

from .delivery import PROMPT, Delivery

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

__all__ = ["Body", "HTTPRequest", "HTTPResponse"]

Body: TypeAlias = bytes | Iterable[bytes]
"""A body: whole, or in pieces that can be taken once."""


MANY_DIGITS: Final = 19
_PLAIN = re.compile(r"[A-Za-z0-9_.~/-]*")  # is sent as it is
_PATH = re.compile(r"/k/(?:guest/([0-9]+)/)?v1/(.+)\.json")


@dataclass(frozen=True, slots=True)
class HTTPRequest:
    """A request: `path` is decoded, `query_string` is as it was sent, header names are any case.

    `patience` is how many seconds the client waits for an answer, where that is known. Headers and
    body stay out of the repr: they carry passwords, tokens and files.
    """

    method: str
    path: str
    query_string: str = ""
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: Body = field(default=b"", repr=False)
    patience: float = math.inf

    def header(self, name: str) -> str | None:
        """The value of this header (`name` in lower case), or None."""
        for key, value in self.headers.items():
            if key.lower() == name:
                return value
        return None

    @property
    def asked_method(self) -> str:
        """The method that is meant: a POST with an X-HTTP-Method-Override means that one."""
        override = self.header("x-http-method-override") if self.method == "POST" else None
        return override or self.method

    @property
    def endpoint(self) -> str | None:
        """The path below /k/v1/ or a guest space, without ".json"; None outside of kintone's."""
        found = _PATH.fullmatch(self.path)
        return found[2] if found else None

    @property
    def space(self) -> int | None:
        """The guest space in the path; None outside of every one."""
        found = _PATH.fullmatch(self.path)
        if not found or not found[1]:
            return None
        # No space has as large a number: SQLite could not hold it.
        return int(found[1]) if len(found[1]) < MANY_DIGITS else int("9" * (MANY_DIGITS - 1))

    @property
    def url_length(self) -> int:
        """How many bytes the URL has, as it was sent to this host."""
        host = self.header("host") or ""
        query = len(self.query_string) + 1 if self.query_string else 0
        path = self.path if _PLAIN.fullmatch(self.path) else quote(self.path)
        return len(f"https://{host}{path}") + query

    def pieces(self) -> Iterable[bytes]:
        """The body in pieces."""
        return [self.body] if isinstance(self.body, bytes) else self.body

    def content(self) -> bytes:
        """The body as a whole."""
        return b"".join(self.pieces())


@dataclass(frozen=True, slots=True)
class HTTPResponse:
    """The answer to a request: always a body, the headers that describe it, and how it travels.

    `writes` are the records that the request wrote, as (app, record).
    """

    status: int
    body: Body = field(repr=False)
    headers: Mapping[str, str] = field(default_factory=dict)
    delivery: Delivery = PROMPT
    writes: Collection[tuple[int, int]] = ()
