"""HTTP requests and responses, independent of the server or adapter that carries them."""

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
"""A body: the bytes, or an iterable of pieces that can be read once."""


MANY_DIGITS: Final = 19
_PLAIN = re.compile(r"[A-Za-z0-9_.~/-]*")  # These characters of a path need no percent-encoding.
_PATH = re.compile(r"/k/(?:guest/([0-9]+)/)?v1/(.+)\.json")


@dataclass(frozen=True, slots=True)
class HTTPRequest:
    """A request. `path` is decoded, `query_string` is as sent, header names may have any case.

    `patience` is the client's timeout in seconds, if known. The repr shows neither headers nor
    body, because they hold passwords, tokens and files.
    """

    method: str
    path: str
    query_string: str = ""
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: Body = field(default=b"", repr=False)
    patience: float = math.inf

    def header(self, name: str) -> str | None:
        """Return the value of a header (`name` in lower case), or None."""
        for key, value in self.headers.items():
            if key.lower() == name:
                return value
        return None

    @property
    def asked_method(self) -> str:
        """The method. If a POST has an X-HTTP-Method-Override header, the method in this header."""
        override = self.header("x-http-method-override") if self.method == "POST" else None
        return override or self.method

    @property
    def endpoint(self) -> str | None:
        """The path after /k/v1/ or /k/guest/<id>/v1/, without ".json"; None for other paths."""
        match = _PATH.fullmatch(self.path)
        return match[2] if match else None

    @property
    def space(self) -> int | None:
        """The id of the guest space in the path, or None."""
        match = _PATH.fullmatch(self.path)
        if not match or not match[1]:
            return None
        # SQLite cannot hold a longer number, so no space has it as its id. The largest number
        # with fewer digits replaces it.
        return int(match[1]) if len(match[1]) < MANY_DIGITS else int("9" * (MANY_DIGITS - 1))

    @property
    def url_length(self) -> int:
        """The length of the URL in bytes, as sent."""
        host = self.header("host") or ""
        query = len(self.query_string) + 1 if self.query_string else 0
        path = self.path if _PLAIN.fullmatch(self.path) else quote(self.path)
        return len(f"https://{host}{path}") + query

    def pieces(self) -> Iterable[bytes]:
        """Return the body in pieces."""
        return [self.body] if isinstance(self.body, bytes) else self.body

    def content(self) -> bytes:
        """Return the whole body."""
        return b"".join(self.pieces())


@dataclass(frozen=True, slots=True)
class HTTPResponse:
    """The answer to a request: the status, the body, the headers, and the delivery.

    `writes` are the records that the request wrote, as (app id, record id).
    """

    status: int
    body: Body = field(repr=False)
    headers: Mapping[str, str] = field(default_factory=dict)
    delivery: Delivery = PROMPT
    writes: Collection[tuple[int, int]] = ()
