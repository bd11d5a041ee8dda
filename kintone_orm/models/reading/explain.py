"""Explanation: the requests that reading a queryset takes, and the reason; nothing is sent."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from kintone_orm.http.encoding import encode
from kintone_orm.http.messages import Request
from kintone_orm.limits import ITEMS_PER_URL_ARRAY, KEYS_PER_REQUEST, MAX_OFFSET, RECORDS_PER_PAGE
from kintone_orm.models.reading.exact_texts import compared_again
from kintone_orm.query.compiler import compile_query
from kintone_orm.query.conditions import Pending, Predicate, Text, leaves
from kintone_orm.query.long_texts import COMPARED_CHARACTERS
from kintone_orm.query.planner import (
    OFFSET_ROWS,
    WHY,
    WHY_NOT_CURSOR,
    Paging,
    exceeds_offsets,
    overlapping_pages,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from kintone_orm.models.reading.selection import Domain, Selection
    from kintone_orm.query.conditions import Condition

__all__ = ["Explanation", "explain", "explain_nothing"]


@dataclass(frozen=True, slots=True)
class Explanation:
    """The plan of reading a queryset: ``print(queryset.explain())``.

    `endpoint` and `query` belong to the first request, and `fields` are the codes that are read.
    `paging` is the way of reading (None if nothing is sent), `reason` says why it was chosen, and
    `requests` is the number of requests, in words. `notes` explain conditions and limits. `size` is
    the number of records of a page; `start` and `most` are the first row and the length of a slice.
    """

    endpoint: str
    query: str
    fields: tuple[str, ...]
    paging: Paging | None
    reason: str
    requests: str
    notes: tuple[str, ...] = ()
    size: int = RECORDS_PER_PAGE
    start: int = 0  # a cursor also reads the rows before the start
    most: int | None = None

    def requests_for(self, rows: int) -> int:
        """Return the number of requests that reading takes if the queryset has `rows` records.

        The number leaves out the requests for inner querysets and related records. It also leaves
        out the requests that read a page again because others wrote in the meantime. With an OAuth
        token, the first request tells if there are more rows than can be read.
        """
        if self.paging is None:
            return 0
        if self.paging is Paging.CURSOR:
            return 1 if rows < self.size else 2 + -(-(self.start + rows) // self.size)
        if self.paging is Paging.OFFSET:
            if self.start + rows > OFFSET_ROWS:
                return 1
            stop = OFFSET_ROWS if self.most is None else min(self.start + self.most, OFFSET_ROWS)
            planned = overlapping_pages(self.start, stop, self.size)
            ends = [offset + limit for offset, limit in planned]
            # The first page that is not full is the last one.
            return min(1 + sum(end <= self.start + rows for end in ends), len(ends))
        pages = rows // self.size + 1
        return pages if self.most is None else min(pages, -(-self.most // self.size))

    def __str__(self) -> str:
        plan = "nothing is sent" if self.paging is None else self.paging.value
        lines = [
            self.endpoint,
            f"query:    {self.query}",
            f"fields:   {', '.join(self.fields)}",
            f"plan:     {plan}, because {self.reason}",
            f"requests: {self.requests}",
            *(f"note:     {note}" for note in self.notes),
        ]
        return "\n".join(lines)


def explain(domain: Domain, selection: Selection, *, related: Iterable[str] = ()) -> Explanation:
    """Explain how the selection is read; NotSupportedError for a slice that kintone cannot reach.

    `related` are the relations that are read after each page.
    """
    again = compared_again(domain, selection)
    selection = replace(selection, fields=list(dict.fromkeys([*selection.fields, *again])))
    way, path = selection.way(domain), domain.path("records")
    rows = None if selection.stop is None else selection.stop - selection.start
    query = compile_query(
        selection.condition,
        order=selection.order,
        limit=selection.size if rows is None else min(selection.size, rows),
        offset=selection.start,
    )
    params = {"app": selection.app, "query": query, "fields": selection.fields}
    sent = encode(Request("GET", path, params), domain.base_url).method
    notes = list(_of_conditions(selection.condition))
    notes += [
        f"{code}: kintone compares {COMPARED_CHARACTERS} characters of a text, so what it finds is "
        "compared again here; records whose texts only begin alike are left out"
        for code in again
    ]
    notes += [
        f"{name}: read with each page, 1 request for each {KEYS_PER_REQUEST} distinct keys that no "
        "earlier page had"
        for name in related
    ]
    if sent == "POST":
        long = (
            "fields are too many"
            if len(selection.fields) > ITEMS_PER_URL_ARRAY
            else "query is too long"
        )
        notes.append(f"the {long} for a URL, so the request is sent as POST; it still only reads")
    notes += _of_way(way, selection, domain)
    if way in (Paging.SINGLE, Paging.OFFSET) and selection.start:
        notes.append(
            f"kintone's offset ends at {MAX_OFFSET:,}; a filter such as pk__gt has no limit"
        )
    return Explanation(
        endpoint=f"{sent} {path}",
        query=query,
        fields=tuple(selection.fields),
        paging=way,
        reason=_reason(way, selection),
        requests=_requests(way, selection, rows) + _requests_before(selection, domain),
        notes=tuple(notes),
        size=selection.size,
        start=selection.start,
        most=rows,
    )


def explain_nothing(query: str) -> Explanation:
    """Explain a query that no record can satisfy."""
    reason = "no record can satisfy the conditions"
    return Explanation("", query, (), None, reason, "0")


def _reason(way: Paging, selection: Selection) -> str:
    if selection.paging is not None:
        return "it was asked for"
    takes_the_place_of_a_cursor = way is Paging.OFFSET and exceeds_offsets(selection.stop)
    return WHY_NOT_CURSOR if takes_the_place_of_a_cursor else WHY[way]


def _of_way(way: Paging, selection: Selection, domain: Domain) -> Iterator[str]:
    """Yield the notes on the guarantees and the limits of the way of reading."""
    if way is not Paging.OFFSET:
        return
    third_time = (
        "and NotSupportedError is raised if it moves again"
        if domain.by_oauth
        else "the third time by a cursor"
    )
    yield (
        "while others write, no row comes twice, and between the first row and the last every row "
        "that nobody changes is read; to check this, two pages share a row, and if it moved, the "
        f"slice is read again, {third_time}"
    )
    if exceeds_offsets(selection.stop):
        yield (
            f"with an OAuth token, at most {OFFSET_ROWS:,} records can be read in this order; if "
            "there are more, the first request tells, and NotSupportedError is raised before a "
            "record is returned"
        )


def _requests_before(selection: Selection, domain: Domain) -> str:
    """Describe in words the requests that read the inner querysets before the query itself."""
    inner: dict[str, None] = {}
    for leaf in leaves(selection.condition):
        if isinstance(leaf, Pending):
            inner[f"; before, for {leaf.code}: {leaf.source.requests(domain)}"] = None
    return "".join(inner)


def _requests(way: Paging, selection: Selection, rows: int | None) -> str:
    size = selection.size
    most = None if rows is None else -(-rows // size)
    if way is Paging.SINGLE or most == 1:
        return "1"
    if way is Paging.CURSOR:
        skipped = f" (the {selection.start:,} before the slice are also read)"
        return (
            f"1 for less than {size} records; else 2, and 1 for each {size}"
            f"{skipped if selection.start else ''}, and one of the ten cursors of the domain is "
            "in use meanwhile"
        )
    if way is Paging.OFFSET:
        stop = OFFSET_ROWS if selection.stop is None else min(selection.stop, OFFSET_ROWS)
        most = len(list(overlapping_pages(selection.start, stop, size)))
        return f"1, and 1 more after each full page, which shares a row with it; {most} at most"
    return f"1, and 1 more after each full {size} records" + (f"; {most} at most" if most else "")


def _of_conditions(condition: Condition) -> Iterator[str]:
    """Yield the notes on the conditions, each once."""
    yield from dict.fromkeys(note for leaf in leaves(condition) if (note := _of_leaf(leaf)))


def _of_leaf(leaf: Predicate | Text | Pending) -> str:
    if isinstance(leaf, Pending):
        return f"{leaf.code}: the other queryset is read first, with requests of its own"
    if isinstance(leaf, Text):
        return "a condition in kintone's own language is sent as it is written"
    if leaf.operator in ("like", "not like"):
        return f"{leaf.code}: {leaf.operator} is a search for words, not for parts of a text"
    return ""
