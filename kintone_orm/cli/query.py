"""kintone-orm query: read records of a model with Django's words."""

from __future__ import annotations

import sys
from enum import Enum
from itertools import islice
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kintone_orm.cli.connecting import connected
from kintone_orm.cli.querying.filter_text import parse_filter
from kintone_orm.cli.querying.formats import WRITERS
from kintone_orm.cli.streams import use_utf_8
from kintone_orm.cli.terminal import fail
from kintone_orm.exceptions import NotSupportedError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kintone_orm.cli.model_source import ModelsArgument
    from kintone_orm.connection import Connection
    from kintone_orm.models import Model, QuerySet

__all__ = ["query"]

_FEW = 20


class Format(str, Enum):
    """The forms of the output."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"
    QUERY = "query"


@connected
def query(
    models: ModelsArgument,
    filters: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="FILTER...",
            show_default=False,
            help="Conditions as filter() takes them, in quotes: \"rank='A', due__lt=Today()\". "
            "Several texts must all be satisfied. Nothing in a text is evaluated.",
        ),
    ] = None,
    exclude: Annotated[
        list[str] | None,
        typer.Option(metavar="FILTER", help="Leave out the records that satisfy these conditions."),
    ] = None,
    order: Annotated[
        list[str] | None,
        typer.Option(metavar="NAMES", help="The order, as in order_by(): -due,number."),
    ] = None,
    fields: Annotated[
        list[str] | None,
        typer.Option(metavar="NAMES", help="The fields to read: number,due.  [default: all]"),
    ] = None,
    limit: Annotated[
        int | None,
        typer.Option(
            min=1,
            metavar="N",
            help=f"The largest number of records.  [default: {_FEW} in a table and on a terminal; "
            "all for json and csv in a file or a pipe]",
        ),
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="Read all records.")] = False,
    format: Annotated[Format, typer.Option(help="The form of the output.")] = Format.TABLE,  # noqa: A002
    explain: Annotated[
        bool,
        typer.Option("--explain", help="First show the query and the plan, on standard error."),
    ] = False,
    *,
    connection: Connection,
) -> None:
    """Read records of a model, named by MODELS, with the conditions of Django's filter()."""
    if limit is not None and everything:
        fail("--limit and --all contradict each other. Use one of them.")
    model = _one(models)
    queryset = model._default_manager.using(connection)
    for text in filters or ():
        queryset = queryset.filter(**parse_filter(text))
    for text in exclude or ():
        queryset = queryset.exclude(**parse_filter(text))
    if names := _names(order):
        queryset = queryset.order_by(*names)
    names = _names(fields) or ["id", *(f.name for f in model._meta.fields.values() if f.has_value)]
    is_read_by_people = format is Format.TABLE or sys.stdout.isatty()
    few = is_read_by_people and limit is None and not everything
    rows = queryset.values_list(*names)
    rows = rows[: _FEW + 1] if few and format is not Format.QUERY else rows[:limit]
    if explain:
        sys.stderr.write(f"{rows.explain()}\n")
    if format is Format.QUERY:
        use_utf_8()
        sys.stdout.write(f"{rows.query}\n")
        return
    with rows.iterator() as records:
        WRITERS[format.value](names, islice(records, _FEW) if few else records)
        is_cut = few and next(records, None) is not None
    if is_cut:
        sys.stdout.flush()
        sys.stderr.write(_left_out(queryset))


def _one(models: Sequence[type[Model]]) -> Any:
    if len(models) != 1:
        names = [model.__name__ for model in models]
        shown = ", ".join(names[:10]) + (", ..." if len(names) > 10 else "")
        fail(
            f"A query reads one model, and there are {len(names)}: {shown}. "
            f"Name one after a colon, such as shop.models:{names[0]}."
        )
    return models[0]


def _names(texts: Sequence[str] | None) -> list[str]:
    """Return the names in texts such as ``number,due``."""
    names = (name.strip() for text in texts or () for name in text.split(","))
    return [name for name in names if name]


def _left_out(queryset: QuerySet[Any]) -> str:
    advice = "Use --limit N or --all.\n"
    try:
        total = queryset.count()
    except NotSupportedError:  # kintone would also count texts that only begin alike
        return f"These are the first {_FEW} records. {advice}"
    return f"{_FEW} of {total:,} records are shown, {total - _FEW:,} are left out. {advice}"
