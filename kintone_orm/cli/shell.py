"""kintone-orm shell: Python with the models, a connection and the words of queries."""

from __future__ import annotations

import ast
import code
import importlib
import importlib.util
import io
import linecache
import sys
from typing import TYPE_CHECKING, Any, NoReturn

from kintone_orm import functions
from kintone_orm.cli.connecting import connected
from kintone_orm.cli.terminal import fail, print_traceback
from kintone_orm.query.q import Q, Raw
from kintone_orm.version import __version__

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from kintone_orm.cli.model_source import ModelsArgument
    from kintone_orm.connection import Connection
    from kintone_orm.models import Model

__all__ = ["shell"]

_STDIN = "<stdin>"
_MANY = 5


@connected
def shell(models: ModelsArgument, *, connection: Connection) -> None:
    """Start Python, or IPython if it is installed, with the models and a connection.

    Lines from a pipe are run in the same way; the first error ends them with exit code 2.
    """
    namespace = _namespace(models, connection)
    if not sys.stdin.isatty():
        _run(_read_lines(), namespace)
        return
    sys.stderr.write(_banner(models))
    if importlib.util.find_spec("IPython") is not None:
        ipython = importlib.import_module("IPython")
        ipython.start_ipython(argv=[], user_ns=namespace, display_banner=False)
        return
    _complete_names(namespace)
    code.interact(banner="", local=namespace, exitmsg="")


def _namespace(models: Sequence[type[Model]], connection: Connection) -> dict[str, Any]:
    return {
        "__name__": "__console__",
        **{name: getattr(functions, name) for name in functions.__all__},
        "Q": Q,
        "Raw": Raw,
        "connection": connection,
        "models": _lister(models, connection),
        **{model.__name__: model for model in models},
    }


def _lister(models: Iterable[type[Model]], connection: Connection) -> Callable[[], None]:
    def list_models() -> None:
        """Print the models with their apps and fields."""
        for model in models:
            names = ", ".join(["id", *model._meta.fields, *model._meta.relations])
            sys.stdout.write(f"{model.__name__} ({_app_of(model, connection)}): {names}\n")

    return list_models


def _app_of(model: type[Model], connection: Connection) -> str:
    app = model._meta.app
    if callable(app):
        return "the app depends on the connection"
    number = connection.find_app(app) if isinstance(app, str) else None
    return f"app {app}" if number is None else f"app {app}, id {number}"


def _banner(models: Sequence[type[Model]]) -> str:
    names = [model.__name__ for model in models]
    more = f" and {len(names) - _MANY} more models" if len(names) > _MANY else ""
    python = ".".join(map(str, sys.version_info[:3]))
    return (
        f"kintone_orm {__version__}, Python {python}. Ctrl-D ends the shell.\n"
        f"{', '.join(names[:_MANY])}{more}, Q, Raw, Today and other functions, connection.\n"
        "models() lists the models with their apps and fields.\n"
    )


def _read_lines() -> str:
    """Return the lines of a pipe or file: in UTF-8, as Python reads programs, or else its encoding.

    A pipe of Windows has the code page of the terminal.
    """
    if not isinstance(sys.stdin, io.TextIOWrapper):
        return sys.stdin.read()
    content: bytes = sys.stdin.buffer.read()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            text = content.decode(sys.stdin.encoding)
        except UnicodeDecodeError:
            fail(f"The lines are encoded neither in UTF-8 nor in {sys.stdin.encoding}.")
    return text.replace("\r\n", "\n")


def _run(source: str, namespace: dict[str, Any]) -> None:
    """Run the statements one by one, and print the values of expressions, as Python's prompt does.

    After an error, SystemExit with code 2 and a traceback on standard error. After a mistake in the
    grammar, no statement is run.
    """
    # Python shows the lines of a traceback from here.
    linecache.cache[_STDIN] = (len(source), None, source.splitlines(keepends=True), _STDIN)
    try:
        statements = [
            compile(ast.Interactive([statement]), _STDIN, "single")
            for statement in ast.parse(source, _STDIN).body
        ]
    except (SyntaxError, ValueError) as error:
        _fail_with_traceback(error.with_traceback(None))
    try:
        for statement in statements:
            exec(statement, namespace)  # noqa: S102 - what a shell is for
    except Exception as error:  # noqa: BLE001 - the lines may raise any
        if isinstance(error, BrokenPipeError):
            # This raises it again if it is the output that has no reader.
            sys.stdout.write("\n")
            sys.stdout.flush()
        _fail_with_traceback(error)


def _fail_with_traceback(error: Exception) -> NoReturn:
    """End the command with the traceback of the lines, without this module's own frame."""
    sys.stdout.flush()
    print_traceback(error, skip={__file__})
    raise SystemExit(2) from None


def _complete_names(namespace: dict[str, Any]) -> None:
    """Let the Tab key complete names, where Python can edit lines."""
    if importlib.util.find_spec("readline") is None:  # as on Windows
        return
    readline = importlib.import_module("readline")
    readline.set_completer(importlib.import_module("rlcompleter").Completer(namespace).complete)
    readline.parse_and_bind("tab: complete")
