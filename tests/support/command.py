"""The `kintone-orm` command in its own process, as a person starts it."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import kintone_orm
from kintone_orm import connect

if TYPE_CHECKING:
    import signal
    from collections.abc import Iterator, Mapping

    from kintone_orm.connection import Connection

# The package that is tested, also from another working directory.
PACKAGE_ROOT = str(Path(kintone_orm.__file__).parents[1])
PATIENCE = 60  # seconds; nothing here takes so long unless it hangs
MAIN = "import sys; sys.argv[0] = 'kintone-orm'; from kintone_orm.cli.main import app; app()"


def run(
    *arguments: str,
    before: str = "",
    environ: Mapping[str, str] | None = None,
    folder: Path | None = None,
) -> subprocess.CompletedProcess[str]:
    """Run the command to its end and return its output. `before` is Python code that runs first.

    `environ` is added to the environment. `folder` is the working directory.
    """
    return subprocess.run(
        [sys.executable, "-c", f"{before}\n{MAIN}", *arguments],
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        timeout=PATIENCE,
        check=False,
        env={**os.environ, "PYTHONPATH": PACKAGE_ROOT, **(environ or {})},
        cwd=folder,
    )


@dataclass
class Running:
    """A running command that serves; `connect_line` is the line of Python that it printed."""

    process: subprocess.Popen[str]
    connect_line: str

    @property
    def url(self) -> str:
        return self.connect_line.split('"')[1]

    def connect(self) -> Connection:
        """The connection that the line makes."""
        namespace = {"connect": partial(connect, alias="command")}
        connection: Connection = eval(self.connect_line, namespace)
        return connection

    def stop(self, by: signal.Signals) -> int:
        """Send a signal and return the exit code."""
        self.process.send_signal(by)
        return self.process.wait(timeout=PATIENCE)


@contextmanager
def running(*arguments: str, stderr: int | None = None) -> Iterator[Running]:
    """Start the command and wait for its connect line. It is killed at the end if it still runs.

    `stderr` is as subprocess takes it.
    """
    with subprocess.Popen(
        [sys.executable, "-c", MAIN, *arguments],
        stdout=subprocess.PIPE,
        stderr=stderr,
        encoding="utf-8",
    ) as process:
        try:
            assert process.stdout is not None
            line = next(line for line in process.stdout if "connect(" in line)
            yield Running(process, line.strip())
        finally:
            process.kill()
