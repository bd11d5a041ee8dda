"""Carrying out a query: the requests that it takes, and the rows that their answers become.

A query that finds nothing sends no request, and needs no connection.
"""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from kintone_orm.http.collector import pause_collector, resume_collector
from kintone_orm.limits import RECORDS_PER_PAGE
from kintone_orm.models.ground.answer_checks import numbers
from kintone_orm.models.ground.read_refusals import translating_read_refusals
from kintone_orm.models.reading.exact_texts import read_exactly, require_exact
from kintone_orm.models.reading.explain import Explanation, explain, explain_nothing
from kintone_orm.models.reading.long_reads import logging_long_read
from kintone_orm.models.reading.page_request import Source
from kintone_orm.models.reading.pages import count
from kintone_orm.models.reading.parallel.parallel_pages import require_ranges
from kintone_orm.models.reading.planning.read_options import DEFAULTS
from kintone_orm.models.reading.results import NOBODY
from kintone_orm.models.record.peers import share_memory
from kintone_orm.models.record.related_memory import RelatedMemory
from kintone_orm.models.record.row_shapes import Instances
from kintone_orm.models.relations.prefetch import follow
from kintone_orm.query.conditions import EVERYTHING, is_nothing, settled

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator, Sequence

    from kintone_orm.connection import Connection
    from kintone_orm.models.ground.answer_checks import Page
    from kintone_orm.models.reading.destination import Destination
    from kintone_orm.models.reading.page_request import ReadPage
    from kintone_orm.models.reading.planning.read_options import ReadOptions
    from kintone_orm.models.reading.query import Query
    from kintone_orm.models.reading.results import Owner
    from kintone_orm.models.reading.selection import Selection
    from kintone_orm.models.record.row_shapes import Shape
    from kintone_orm.models.relations.prefetch import Branches
    from kintone_orm.query.planner import Paging

__all__ = [
    "count_records",
    "explain_query",
    "has_record",
    "ids_to_write",
    "plan_query",
    "read_ids",
    "read_pages",
    "read_rows",
    "record_exists",
    "settle",
]

_logger = logging.getLogger("kintone_orm")


def plan_query(
    query: Query[Any],
    to: Destination,
    *,
    codes: Sequence[str] | None = None,
    size: int = RECORDS_PER_PAGE,
    paging: Paging | None = None,
) -> tuple[Connection, Selection] | None:
    """Return the connection and the selection to read; None if the result is empty."""
    if query.finds_nothing:
        return None
    connection = to.connection()
    selection = query.plan(
        app=query.meta.app_id(connection),
        zone=connection.timezone,
        domain=connection,
        codes=codes,
        size=size,
        paging=paging,
        has_cursors=not connection.by_oauth,
    )
    return None if selection is None else (connection, selection)


def explain_query(
    query: Query[Any],
    to: Destination,
    options: ReadOptions = DEFAULTS,
    *,
    rows: int | None = None,
) -> Explanation:
    """Return the plan of a query in words, and the cost of `rows` rows; nothing is sent.

    The errors are those of `read_rows` with these options.
    """
    branches, shape = query.rows_to_read()
    planned = _plan_rows(query, to, shape, options)
    if planned is None:
        return explain_nothing(query.compile(), rows)
    connection, selection = planned
    return explain(
        connection,
        selection,
        decoder=shape.decoder_name(query.model, connection),
        ahead=options.ahead,
        workers=options.workers,
        rows=rows,
        related=branches,
    )


def read_rows(
    query: Query[Any],
    to: Destination,
    options: ReadOptions = DEFAULTS,
    *,
    owner: Owner = NOBODY,
    most: int | None = None,
    in_any_order: bool = False,
) -> Generator[Any, None, None]:
    """Yield the rows, page by page, each page with its related records.

    With `most`, yield at most that many rows; with `in_any_order`, they may be any of the rows. The
    plan is made at the call, and the first request is sent for the first row. NotSupportedError for
    a slice that kintone cannot reach, and for options that would not read exactly these rows.
    """
    branches, shape = query.rows_to_read()
    planned = _plan_rows(query, to, shape, options)
    if planned is None:
        return _no_rows()
    connection, selection = planned
    source = Source(
        connection,
        selection,
        shape.reader(query.model, connection),
        ahead=bool(options.ahead),
        workers=options.workers,
        in_order=options.in_order,
    )
    pages = _read(query, source, most=most, in_any_order=in_any_order)
    return _rows(query, source, pages, branches, shape, owner)


def _plan_rows(
    query: Query[Any], to: Destination, shape: Shape, options: ReadOptions
) -> tuple[Connection, Selection] | None:
    """Return the plan of reading rows of this shape; None if the result is empty."""
    codes = shape.codes(query.model._meta)
    planned = plan_query(query, to, codes=codes, size=options.size, paging=options.paging)
    if planned is not None and options.workers > 1:
        require_ranges(planned[1], options.workers)
    return planned


def _no_rows() -> Generator[Any, None, None]:
    yield from ()


def _rows(
    query: Query[Any],
    source: Source,
    pages: Iterator[ReadPage],
    branches: Branches,
    shape: Shape,
    owner: Owner,
) -> Generator[Any, None, None]:
    connection, memory = source.connection, RelatedMemory()
    try:
        while True:
            # Between two pages, only the program's own code lets the collector run. If ours did, a
            # list of 100,000 records would take half as long again: each page is thousands of
            # objects, and the collector visits them all. Without a context manager, because making
            # one would let it run.
            is_paused = pause_collector()
            try:
                page = next(pages, None)
                if page is None:
                    return
                rows = page.rows(shape, query.model, connection)
                if isinstance(shape, Instances):
                    rows = list(rows)
                    share_memory(rows, memory)
                    owner.link_back(rows)
                    follow(branches, rows)
                rows = iter(rows)
            finally:
                if is_paused:
                    resume_collector()
            yield from rows
    finally:
        memory.close()


def read_pages(
    query: Query[Any], to: Destination, codes: Sequence[str], *, exactly_by: str = ""
) -> Iterator[Page]:
    """Read the pages with these fields as kintone sent them; ids and revisions are checked.

    `exactly_by` is the name of a method that needs exact answers. Then NotSupportedError is raised
    for a text so long that kintone would also find other texts with the same beginning.
    """
    planned = plan_query(query, to, codes=codes)
    if planned is None:
        return
    connection, selection = planned
    for page in _read(query, Source(connection, selection), exactly_by=exactly_by):
        if "$revision" in codes:
            numbers(connection, page.records, "$revision")
        yield page.records


def read_ids(query: Query[Any], to: Destination) -> list[int]:
    """Return the ids of the records, in order."""
    pages = read_pages(query, to, ["$id"])
    return [int(record["$id"]["value"]) for page in pages for record in page]


def settle(query: Query[Any], to: Destination) -> Query[Any]:
    """Return the query with the values of its inner queries, which are read now if needed."""
    connection = to.connection()
    condition = settled(query.condition, using=connection, zone=to.zone)
    return replace(query, condition=condition)


def count_records(query: Query[Any], to: Destination) -> int:
    """Return the number of rows, in one request that carries no record."""
    if is_nothing(query.condition):
        return 0
    connection = to.connection()
    query.require_zone(connection.timezone, connection)
    app = query.meta.app_id(connection)
    with translating_read_refusals(query.meta, app, query.condition):
        condition = require_exact(connection, app, query.condition, "by count()")
        total = count(connection, app, condition)
    stop = total if query.stop is None else min(query.stop, total)
    return max(0, stop - query.start)


def record_exists(query: Query[Any], to: Destination) -> bool:
    """Return True if the query finds a row. One request asks for one id."""
    return any(True for _ in read_pages(query.slice(0, 1), to, ["$id"], exactly_by="exists()"))


def has_record(query: Query[Any], to: Destination) -> bool:
    """Return True if there is a row, in one request for one id; long texts are compared again."""
    planned = plan_query(query, to, codes=["$id"])
    if planned is None:
        return False
    return any(True for _ in _read(query, Source(*planned), most=1, in_any_order=True))


def ids_to_write(
    query: Query[Any], to: Destination, method: str, *, check_revision: bool
) -> list[tuple[int, int | None]]:
    """Return the ids of the records to write, each with the revision it must have, or None.

    Revisions are read only with `check_revision`. A warning with the number of records is logged if
    the query has no condition.
    """
    codes = ["$id", "$revision"] if check_revision else ["$id"]
    ids = [
        (
            int(record["$id"]["value"]),
            int(record["$revision"]["value"]) if check_revision else None,
        )
        for page in read_pages(query.order_by(()), to, codes, exactly_by=f"{method}()")
        for record in page
    ]
    if ids and query.condition == EVERYTHING:
        _logger.warning(
            "%s.objects.%s() without a filter: all records, %s of them.",
            query.meta.label,
            method,
            f"{len(ids):,}",
        )
    return ids


def _read(
    query: Query[Any],
    source: Source,
    *,
    exactly_by: str = "",
    most: int | None = None,
    in_any_order: bool = False,
) -> Iterator[ReadPage]:
    connection, selection = source.connection, source.selection
    meta = query.meta
    with translating_read_refusals(meta, selection.app, selection.condition):
        if exactly_by:
            condition = require_exact(
                connection, selection.app, selection.condition, f"by {exactly_by}"
            )
            source = replace(source, selection=replace(selection, condition=condition))
        pages = read_exactly(source, most=most, in_any_order=in_any_order)
        yield from logging_long_read(pages, connection, model=meta.label, app=selection.app)
