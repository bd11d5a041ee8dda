"""The output, the errors and the questions of the commands."""

from __future__ import annotations

import os
import sys
import traceback
from getpass import getpass
from typing import TYPE_CHECKING, Literal, NoReturn

from rich.console import Console

from kintone_orm.cli.safe_text import escape_controls, without_secrets

if TYPE_CHECKING:
    from collections.abc import Container

__all__ = [
    "ask",
    "ask_secret",
    "fail",
    "is_interactive",
    "open_console",
    "print_remark",
    "print_traceback",
]

_COLUMNS_OF_A_FILE = 80


def open_console() -> Console:
    """Return a console on standard output: with colors in a terminal, 80 columns wide in a file.

    Brackets and colons are not read as markup.
    """
    width = None if sys.stdout.isatty() else _COLUMNS_OF_A_FILE
    # Rich would still write bold and dim letters with NO_COLOR.
    system: Literal["auto"] | None = None if os.environ.get("NO_COLOR") else "auto"
    return _Console(width=width, color_system=system, markup=False, highlight=False, emoji=False)


class _Console(Console):
    def on_broken_pipe(self) -> None:
        """Raise the BrokenPipeError, for which Rich would end the program with exit code 1."""
        raise


def fail(text: str) -> NoReturn:
    """End the command with exit code 2 and this text, one or two sentences, on standard error."""
    print_remark(text)
    raise SystemExit(2)


def print_remark(text: str) -> None:
    """Print a line on standard error. A terminal does not obey its control characters."""
    sys.stderr.write(f"{escape_controls(text)}\n")


def print_traceback(error: BaseException, *, skip: Container[str]) -> None:
    """Print the traceback of an error of the user's code on standard error.

    Its first frames are left out as long as they are of the files `skip`. Secrets of the
    environment are not shown.
    """
    trace = error.__traceback__
    while trace is not None and trace.tb_frame.f_code.co_filename in skip:
        trace = trace.tb_next
    text = "".join(traceback.format_exception(type(error), error, trace))
    sys.stderr.write(escape_controls(without_secrets(text)))


def is_interactive() -> bool:
    """Return True if a person can read a question and answer it."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def ask(question: str) -> bool:
    """Ask on standard error and return True for yes. No answer is no."""
    while True:
        # Not by Click's confirm(), which writes a blank on standard output.
        sys.stderr.write(f"{escape_controls(question)} [y/N]: ")
        sys.stderr.flush()
        answer = sys.stdin.readline().strip().lower()
        if answer in {"y", "yes"}:
            return True
        if answer in {"n", "no", ""}:
            return False


def ask_secret(question: str, *, otherwise: str) -> str:
    """Ask for a secret, which is not shown. `otherwise` is the advice if nobody can be asked."""
    if not is_interactive():
        fail(f"{question} is not known, and there is no terminal to ask for it. {otherwise}")
    try:
        return getpass(f"{escape_controls(question)}: ", sys.stderr)
    except EOFError:
        fail(f"{question} is not known. {otherwise}")
