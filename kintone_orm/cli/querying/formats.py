"""Writing rows to standard output as a table, as JSON or as CSV."""

from __future__ import annotations

import csv
import datetime as dt
import io
import sys
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from rich.box import SIMPLE_HEAD
from rich.cells import cell_len
from rich.table import Table
from rich.text import Text

from kintone_orm.cli.querying.table_layout import GAP, column_widths
from kintone_orm.cli.querying.values import as_cell, as_json, as_text
from kintone_orm.cli.safe_text import escape_controls
from kintone_orm.cli.streams import use_utf_8
from kintone_orm.cli.terminal import open_console

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from typing import TypeAlias

    Rows: TypeAlias = Iterable[Sequence[Any]]

__all__ = ["WRITERS", "write_csv", "write_json", "write_table"]

# Types of values of which a part looks like another value.
_WHOLE = {int, Decimal, dt.date, dt.datetime, dt.time, dt.timedelta}


def write_json(names: Sequence[str], rows: Rows) -> None:
    """Write an array with an object for each row, one on each line, as the rows arrive.

    If reading fails, the array stays open, so that no program takes a part for the whole.
    """
    use_utf_8()
    before = "[\n"
    for row in rows:
        sys.stdout.write(f"{before}{as_json(dict(zip(names, row, strict=True)))}")
        before = ",\n"
    sys.stdout.write("[]\n" if before == "[\n" else "\n]\n")


def write_csv(names: Sequence[str], rows: Rows) -> None:
    """Write the names, and then a line for each row, as the rows arrive.

    In a file, each text is as it is stored. In a terminal, its control characters are escapes.
    """
    is_read_by_people = sys.stdout.isatty()
    use_utf_8()
    line = io.StringIO()
    writer = csv.writer(line, lineterminator="\n")
    header: Sequence[str] = names
    for row in rows:
        if header:
            writer.writerow(header)
            header = ()
        cells = map(as_cell, row)
        writer.writerow(map(escape_controls, cells) if is_read_by_people else cells)
        sys.stdout.write(line.getvalue())
        line.seek(0)
        line.truncate()
    if header:
        writer.writerow(header)
        sys.stdout.write(line.getvalue())


def write_table(names: Sequence[str], rows: Rows) -> None:
    """Write a table of the columns that fit into the terminal. In a file, all columns fit.

    A message on standard error names the columns that do not fit.
    """
    values = [list(row) for row in rows]
    cells = [[as_text(value) for value in row] for row in values]
    console = open_console()
    natural = [max(map(cell_len, column)) for column in zip(names, *cells, strict=True)]
    kinds = [{type(row[i]) for row in values} - {type(None)} for i in range(len(names))]
    numbers = [bool(kind) and kind <= {int, Decimal} for kind in kinds]
    whole = [bool(kind) and kind <= _WHOLE for kind in kinds]
    width = console.width if console.is_terminal else None
    widths = column_widths(natural, width, whole=whole)
    # The box adds a blank of its own between two columns.
    table = Table(box=SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, GAP - 1, 0, 0))
    for i, width in enumerate(widths):
        table.add_column(
            Text(names[i]),
            justify="right" if numbers[i] else "left",
            width=width,
            no_wrap=True,
            overflow="ellipsis",
        )
    for row in cells:
        table.add_row(*map(Text, row[: len(widths)]))
    if not console.is_terminal:
        console.width = sum(widths) + GAP * len(widths)
    console.print(table)
    if not values:
        sys.stderr.write("No record satisfies the conditions.\n")
    if hidden := names[len(widths) :]:
        sys.stderr.write(
            f"There is no room for {', '.join(hidden)}. Name the columns with --fields, or use "
            "--format json.\n"
        )


WRITERS: Mapping[str, Callable[[Sequence[str], Rows], None]] = {
    "table": write_table,
    "json": write_json,
    "csv": write_csv,
}
"""The function that writes each format."""
