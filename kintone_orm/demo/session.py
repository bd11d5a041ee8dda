"""Running examples as at Python's prompt: each statement, its requests and its result."""

from __future__ import annotations

import ast
from decimal import Decimal
from itertools import groupby
from typing import TYPE_CHECKING, Any

from rich import box
from rich.table import Table
from rich.text import Text

from kintone_orm.models import Model, QuerySet
from kintone_orm.testing import capture_requests

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from rich.console import Console

    from kintone_orm.connection import Connection
    from kintone_orm.demo.script import Example
    from kintone_orm.http.messages import Request

__all__ = ["Session"]

_ROWS_SHOWN = 5
_INDENT = "  "


class Session:
    """A runner of examples: it runs and prints them one after the other, in one namespace."""

    def __init__(self, console: Console, connection: Connection, names: dict[str, Any]) -> None:
        self._console = console
        self._connection = connection
        self._printed: list[object] = []
        # The values are Any, because an example's lines may assign values of every type.
        self._names: dict[str, Any] = {**names, "print": self._printed.append}

    def run(self, example: Example) -> None:
        """Run the example's lines. Errors that the lines do not catch are raised."""
        self._console.print(f"# {example.title}", style="dim")
        for statement in ast.parse(example.source).body:
            self._show_source(ast.get_source_segment(example.source, statement) or "")
            with capture_requests(self._connection) as sent:
                value = self._execute(statement)
                records = _records(value)
            self._show_requests(sent)
            if records is not None:
                self._show_records(records, example.shown)
            elif value is not None:
                self._printed.append(value)
            while self._printed:
                self._show_text(str(self._printed.pop(0)), style="green")
        self._console.print()

    def _execute(self, statement: ast.stmt) -> Any:
        """Execute the statement. Return its value if it is an expression, else None."""
        if isinstance(statement, ast.Expr):
            code = compile(ast.Expression(statement.value), "<demo>", "eval")
            return eval(code, self._names)  # noqa: S307 - the lines are our own
        exec(compile(ast.Module([statement], []), "<demo>", "exec"), self._names)  # noqa: S102
        return None

    def _show_source(self, source: str) -> None:
        first, *rest = source.splitlines()
        for line in [f">>> {first}", *(f"... {line}" for line in rest)]:
            self._console.print(line, style="bold", soft_wrap=True)

    def _show_requests(self, sent: Iterable[Request]) -> None:
        for text, same in groupby(map(_summary, sent)):
            times = len(list(same))
            line = text if times == 1 else f"{text}  ({times} times)"
            self._show_text(line, style="cyan", indent=_INDENT)

    def _show_text(self, text: str, *, style: str, indent: str = "") -> None:
        for line in Text(text, style=style).wrap(self._console, self._console.width - len(indent)):
            line.rstrip()
            self._console.print(indent, line, sep="")

    def _show_records(self, records: Sequence[Model], shown: Iterable[str]) -> None:
        table = Table(box=box.SIMPLE_HEAD, show_edge=False)
        table.add_column("id", justify="right")
        for name in shown:
            numeric = isinstance(getattr(records[0], name, None), (int, Decimal))
            table.add_column(name, justify="right" if numeric else "left", overflow="fold")
        for record in records[:_ROWS_SHOWN]:
            table.add_row(str(record.id), *(_cell(getattr(record, name)) for name in shown))
        with self._console.capture() as drawn:
            self._console.print(table)
        # rich fills up every line with spaces, which rstrip() removes.
        for line in drawn.get().splitlines():
            self._console.out(line.rstrip(), highlight=False)
        more = len(records) - _ROWS_SHOWN
        if more > 0:
            self._console.print(f"{_INDENT}... and {more:,} more")


def _records(value: object) -> list[Model] | None:
    """Return the records of a record, queryset or dict of records; None for any other value."""
    if isinstance(value, Model):
        return [value]
    if isinstance(value, QuerySet):
        return list(value)
    values = list(value.values()) if isinstance(value, dict) else []
    return values if values and isinstance(values[0], Model) else None


def _summary(request: Request) -> str:
    """Return one line for a request: the method, the endpoint, and its query or records."""
    endpoint = request.path.removeprefix("/k/v1/")
    return f"{request.method} {endpoint}  {_content(request.params)}".rstrip()


def _content(params: Mapping[str, Any]) -> str:
    if "query" in params:
        return str(params["query"])
    if "record" in params:
        return f"{', '.join(params['record'])} (revision {params['revision']})"
    written = params.get("records") or params.get("ids")
    return f"{len(written)} records" if written else ""


def _cell(value: object) -> str:
    return f"{value:,}" if isinstance(value, int) else "" if value is None else str(value)
