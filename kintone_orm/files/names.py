"""Under which name, and in which place, a file may be written that somebody else has named."""

from __future__ import annotations

import itertools
import re
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    import os

__all__ = ["create_file", "safe_name"]

# Most file systems take 255 bytes; the rest is for the number of a name that is taken.
_MOST_BYTES = 240
_MOST_BYTES_OF_ENDING = 40

# Separators, what Windows refuses, and what a terminal or a reader is misled by: control
# characters, line breaks, halves of characters, and those that turn the direction of writing.
_UNSAFE = re.compile(
    r'[/\\<>:"|?*\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]'
)
# Windows takes these for devices, whatever their ending.
_DEVICE = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³]) *(\.|$)", re.IGNORECASE)


def safe_name(name: str) -> str:
    """The name of a file that is safe to write, on every system, for the name that it came with.

    It has no path, no control character, no dot at its beginning, none of Windows' device names,
    and at most 240 bytes; "file" if nothing is left.
    """
    last = re.split(r"[/\\]", name.rstrip("/\\"))[-1]
    bare = _trimmed(_shortened(_trimmed(_UNSAFE.sub("_", last)))) or "file"
    return f"_{bare}" if _DEVICE.match(bare) else bare


def create_file(folder: str | os.PathLike[str], name: str) -> tuple[Path, BinaryIO]:
    """A new, empty file in the folder, open for writing, and where it is.

    Called `name`, or "name (1)" and so on while that is taken; nothing is ever overwritten.
    """
    stem, dot, ending = _parted(name)
    for number in itertools.count():
        path = Path(folder, f"{stem} ({number}){dot}{ending}" if number else name)
        try:
            return path, path.open("xb")
        except FileExistsError:
            continue
    raise AssertionError("there is always another number")  # pragma: no cover


def _parted(name: str) -> tuple[str, str, str]:
    stem, dot, ending = name.rpartition(".")
    return (stem, dot, ending) if stem else (name, "", "")


def _shortened(name: str) -> str:
    """The name within the limit; its ending stays, unless that is what is long."""
    if len(name.encode()) <= _MOST_BYTES:
        return name
    stem, dot, ending = _parted(name)
    if len(ending.encode()) > _MOST_BYTES_OF_ENDING:
        stem, dot, ending = name, "", ""
    room = _MOST_BYTES - len((dot + ending).encode())
    return stem.encode()[:room].decode(errors="ignore") + dot + ending


def _trimmed(name: str) -> str:
    """Without blanks around it, and without dots, which hide it or which Windows drops."""
    return re.sub(r"^[\s.]+|[\s.]+$", "", name)
