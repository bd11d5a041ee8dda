"""Secrets that are easy to recognize, and finding them in an output, however they are encoded."""

from __future__ import annotations

import html
import json
import re
from base64 import b64encode, urlsafe_b64encode
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

USER = "sato"
PASSWORD = "Käse/+%4711=Ωmega;brot"
TOKEN = "tkn.XyZ98765+43210/abcdef"
OAUTH = "oauth-0123456789.ABCDEF~qrst"
BASIC = "Gate%keeper/42=+geheim"
PROXY = "pr0xy-Passwort-99-xyz"
OF_KINTONE = (PASSWORD, TOKEN, OAUTH, BASIC)


def provide_oauth_token() -> str:
    return OAUTH


LOGINS: dict[str, dict[str, Any]] = {
    "password": {"username": USER, "password": PASSWORD, "basic_auth": (USER, BASIC)},
    "token": {"api_token": TOKEN, "basic_auth": (USER, BASIC)},
    "oauth": {"oauth_token": OAUTH},
    "provider": {"oauth_token": provide_oauth_token},
}
"""The arguments of `connect()` for each way to log in."""


def find_markers(output: str | bytes, markers: Iterable[str] = (*OF_KINTONE, PROXY)) -> list[str]:
    """The spellings of markers, or of half a marker, that are in the output."""
    text = output.decode("latin-1") if isinstance(output, bytes) else output
    joined = _BETWEEN_PIECES.sub("", text)
    needles = {needle for marker in markers for needle in _needles(marker)}
    return [needle for needle in sorted(needles) if needle in text or needle in joined]


# pytest writes a long text in pieces, each in quotes and on a line of its own.
_BETWEEN_PIECES = re.compile(r"""['"]\s*b?['"]""")


def spellings(marker: str) -> Iterator[str]:
    """How an output may spell the marker."""
    raw = marker.encode()
    yield from (marker, raw.decode("latin-1"), quote(marker, safe=""), html.escape(marker))
    yield from (json.dumps(marker)[1:-1], ascii(marker)[1:-1], repr(raw)[2:-1])
    yield from (raw.hex(), raw.hex().upper(), raw.hex(" "))
    for codec in ("latin-1", "utf-16-le", "utf-16-be"):
        wide = marker.encode(codec, "replace")
        yield from (wide.decode("latin-1"), repr(wide)[2:-1])
    for before in range(3):  # base64 depends on the position of a text among the bytes
        for encode in (b64encode, urlsafe_b64encode):
            whole = encode(b"\0" * before + raw).decode()
            # without the characters that hold bits of the bytes before and behind
            yield whole[4 if before else 0 :].rstrip("=")[:-2]


@lru_cache
def _needles(marker: str) -> tuple[str, ...]:
    half = len(marker) // 2
    parts = (marker, marker[:half], marker[half:])
    return tuple(needle for part in parts for needle in spellings(part))
