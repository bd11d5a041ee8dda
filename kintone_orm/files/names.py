"""Safe names and new files for content whose name comes from somebody else."""

from __future__ import annotations

import itertools
import re
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    import os

__all__ = ["create_file", "safe_name"]

# Most file systems allow 255 bytes in a name. The difference leaves room for the number that is
# added to a taken name.
_MOST_BYTES = 240
_MOST_BYTES_OF_ENDING = 40

# Path separators, characters that Windows refuses, and characters that mislead a terminal or a
# reader: control characters, line breaks, unpaired surrogates, and those that change the direction
# of text.
_UNSAFE = r'[/\\<>:"|?*\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]'
# Windows takes these names for devices, whatever the ending.
_DEVICE = r"(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³]) *(\.|$)"


def safe_name(name: str) -> str:
    """Return a form of `name` that is safe for a file on every system.

    The safe name has no path, no control character, no leading dot and at most 240 bytes, and it is
    not a Windows device name. It is "file" if no character of `name` is left.
    """
    last = re.split(r"[/\\]", name.rstrip("/\\"))[-1]
    bare = _trimmed(_shortened(_trimmed(re.sub(_UNSAFE, "_", last)))) or "file"
    return f"_{bare}" if re.match(_DEVICE, bare, re.IGNORECASE) else bare


def create_file(folder: str | os.PathLike[str], name: str) -> tuple[Path, BinaryIO]:
    """Create an empty file in the folder; return its path and the file, open for writing.

    The file is called `name`, or "name (1)" and so on if that name is taken.
    An existing file is never overwritten.
    """
    stem, dot, ending = _parted(name)
    for number in itertools.count():
        path = Path(folder, f"{stem} ({number}){dot}{ending}" if number else name)
        try:
            return path, path.open("xb")
        except FileExistsError:
            continue
    raise AssertionError("the numbers never end")  # pragma: no cover


def _parted(name: str) -> tuple[str, str, str]:
    stem, dot, ending = name.rpartition(".")
    return (stem, dot, ending) if stem else (name, "", "")


def _shortened(name: str) -> str:
    """Return the name cut to the limit; its ending stays, unless the ending is too long."""
    if len(name.encode()) <= _MOST_BYTES:
        return name
    stem, dot, ending = _parted(name)
    if len(ending.encode()) > _MOST_BYTES_OF_ENDING:
        stem, dot, ending = name, "", ""
    room = _MOST_BYTES - len((dot + ending).encode())
    return stem.encode()[:room].decode(errors="ignore") + dot + ending


def _trimmed(name: str) -> str:
    """Return the name without white space and dots at its start and end.

    A leading dot hides a file, and Windows drops spaces and dots at the end.
    """
    return re.sub(r"^[\s.]+|[\s.]+$", "", name)
