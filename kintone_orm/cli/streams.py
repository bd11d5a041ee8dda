"""Standard output and standard error of the commands, with any encoding and without a reader."""

from __future__ import annotations

import io
import os
import sys

__all__ = ["discard_output", "tolerate_encodings"]


def tolerate_encodings() -> None:
    """Replace characters that an encoding lacks, as `?`, in all later output.

    A terminal or a pipe of Windows may have a legacy code page, such as cp932, which lacks many
    letters of European names.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper) and stream.errors == "strict":
            stream.reconfigure(errors="replace")


def discard_output() -> None:
    """Send the rest of standard output nowhere, because its reader has gone."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)
