"""A terminal for a command: a person's answers go in, and the screen is read."""

from __future__ import annotations

import os
import select
import subprocess
import sys
import time
from typing import TYPE_CHECKING

from support.command import MAIN, PACKAGE_ROOT, PATIENCE

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    import pytest

try:
    import pty
except ImportError:  # Windows
    IS_MISSING = True
else:
    IS_MISSING = False


def call_in_terminal(
    monkeypatch: pytest.MonkeyPatch, function: Callable[[], object], *answers: str
) -> tuple[object, str]:
    """Call a function with a terminal as its input and standard error; return its end and screen.

    The end is the code of a SystemExit, or else 0.
    """
    ours, its = pty.openpty()
    os.write(ours, "".join(f"{answer}\n" for answer in answers).encode())
    code: object = 0
    with (
        os.fdopen(os.dup(its), encoding="utf-8") as lines,
        os.fdopen(its, "w", encoding="utf-8") as screen,
        monkeypatch.context() as patch,
    ):
        patch.setattr(sys, "stdin", lines)
        patch.setattr(sys, "stderr", screen)
        try:
            function()
        except SystemExit as end:
            code = end.code
        screen.flush()
        shown = b""
        while select.select([ours], [], [], 0.1)[0]:
            shown += os.read(ours, 10_000)
    os.close(ours)
    return code, shown.decode()


def run_in_terminal(
    arguments: Sequence[str], *answers: str, environ: Mapping[str, str], folder: Path
) -> tuple[int, str, str]:
    """Run the command as a process in a terminal; return exit code, standard output and screen.

    Each answer is typed when a question, which ends with a colon, is on the screen.
    """
    ours, its = pty.openpty()
    waiting, shown = [*answers], b""
    with subprocess.Popen(
        [sys.executable, "-c", MAIN, *arguments],
        stdin=its,
        stdout=subprocess.PIPE,
        stderr=its,
        encoding="utf-8",
        env={**os.environ, "PYTHONPATH": PACKAGE_ROOT, **environ},
        cwd=folder,
        start_new_session=True,  # or a password would be asked in the terminal of the tests
    ) as process:
        os.close(its)
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            if select.select([ours], [], [], 0.1)[0]:
                try:
                    shown += os.read(ours, 10_000)
                except OSError:  # the process has ended
                    break
                if waiting and shown.endswith(b": "):
                    os.write(ours, f"{waiting.pop(0)}\n".encode())
        assert process.stdout is not None
        output = process.stdout.read()
    os.close(ours)
    return process.returncode, output, shown.decode()
