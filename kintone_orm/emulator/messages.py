"""One HTTP request and its answer, as the emulator's core sees them, whatever carried them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["HTTPRequest", "HTTPResponse"]


@dataclass(frozen=True, slots=True)
class HTTPRequest:
    """A request: `path` is decoded, `query_string` is as it was sent, header names are any case.

    Headers and body stay out of the repr: they carry passwords, tokens and files.
    """

    method: str
    path: str
    query_string: str = ""
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: bytes = field(default=b"", repr=False)

    def header(self, name: str) -> str | None:
        """The value of this header (`name` in lower case), or None."""
        for key, value in self.headers.items():
            if key.lower() == name:
                return value
        return None


@dataclass(frozen=True, slots=True)
class HTTPResponse:
    """The answer to a request: always a body, and the headers that describe it."""

    status: int
    body: bytes = field(repr=False)
    headers: Mapping[str, str] = field(default_factory=dict)
