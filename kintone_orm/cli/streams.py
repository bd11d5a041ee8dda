"""Standard output and standard error of the commands, with any encoding and without a reader."""

from __future__ import annotations

import io
import os
import sys
from pathlib import Path

__all__ = ["discard_output", "open_missing_streams", "tolerate_encodings", "use_utf_8"]

_STRICT = ("strict", "surrogateescape")


def open_missing_streams() -> None:
    """Let output that was closed before the start go nowhere. Python has None for its stream."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            nowhere = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 - until the end
            setattr(sys, name, nowhere)


def tolerate_encodings() -> None:
    """Replace characters that an encoding lacks, as `?`, in all later output.

    A terminal or a pipe of Windows may have a legacy code page, such as cp932, which lacks many
    letters of European names. In the locale C, Python prints ASCII and otherwise only the bytes
    that it could not decode ("surrogateescape").
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper) and stream.errors in _STRICT:
            stream.reconfigure(errors="replace")


def use_utf_8() -> None:
    """Let data be UTF-8 in files and pipes, whatever the code page of the terminal is."""
    if not isinstance(sys.stdout, io.TextIOWrapper):
        return
    # A half of a surrogate pair has no UTF-8. Its escape is right in JSON.
    if sys.stdout.isatty():
        sys.stdout.reconfigure(errors="backslashreplace")
    else:
        sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace", newline="\n")


def discard_output() -> None:
    """Send the rest of standard output nowhere, because its reader has gone."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)
