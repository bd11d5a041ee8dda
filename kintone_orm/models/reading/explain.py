"""Explanation: the requests that reading a queryset takes, and the reason; nothing is sent."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any

from kintone_orm.http.encoding import encode
from kintone_orm.http.messages import Request
from kintone_orm.limits import ITEMS_PER_URL_ARRAY, KEYS_PER_REQUEST, MAX_OFFSET, RECORDS_PER_PAGE
from kintone_orm.models.reading.exact_texts import compared_again
from kintone_orm.models.reading.planning.cost import Cost, cost_of, requests_in_words
from kintone_orm.models.reading.planning.guarantees import GUARANTEES, reading_of
from kintone_orm.models.reading.planning.read_options import require_rows
from kintone_orm.query.compiler import compile_query
from kintone_orm.query.conditions import Pending, Predicate, Text, leaves
from kintone_orm.query.long_texts import COMPARED_CHARACTERS
from kintone_orm.query.planner import (
    OFFSET_ROWS,
    WHY,
    WHY_NOT_CURSOR,
    Paging,
    exceeds_offsets,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from kintone_orm.models.reading.selection import Domain, Selection
    from kintone_orm.query.conditions import Condition

__all__ = ["Explanation", "explain", "explain_nothing"]

_WHOLE_PAGE = "whole page"
_AHEAD = (
    "a loop that stops inside a full page, from the second page on, has sent 1 request more; a "
    "loop does not see what it writes into the next page"
)


@dataclass(frozen=True)
class Explanation:
    """The plan of reading a queryset: ``print(queryset.explain())``.

    `endpoint` and `query` belong to the first request, and `fields` are the codes that are read.
    `paging` is the way of reading (None if nothing is sent), `reason` says why it was chosen, and
    `requests` is the number of requests, in words. `notes` explain conditions and limits. `size` is
    the number of records of a page; `start` and `most` are the first row and the length of a slice.

    `ahead` is the number of pages that are requested before the loop needs them, and `workers` the
    number of pages that are requested at once. `decoder` is "record by record", "msgspec" (the
    extra `fast`), or "whole page" if the answers are compared before they are decoded. `guarantee`
    says which rows come while others write. `cost` is the cost of the rows that were given to
    `explain()`, or None.
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
    ahead: int = 0
    workers: int = 1
    decoder: str = ""
    guarantee: str = ""
    cost: Cost | None = None

    def __setstate__(self, state: dict[str, Any] | list[Any]) -> None:
        # A pickle of an older version has a list of the first ten values.
        values = state if isinstance(state, dict) else dict(zip(_NAMES, state, strict=False))
        self.__dict__.update(values)

    def requests_for(self, rows: int) -> int:
        """Return the number of requests that reading takes if the queryset has `rows` records.

        The number leaves out the requests for inner querysets and related records. It also leaves
        out the requests that read a page again because others wrote in the meantime. With an OAuth
        token, the first request tells if there are more rows than can be read. ValueError unless
        `rows` is a whole number, 0 or greater.
        """
        require_rows(rows)
        cost = _with_cost(self, rows).cost
        return 0 if cost is None else cost.requests

    def __str__(self) -> str:
        plan = "nothing is sent" if self.paging is None else self.paging.value
        facts = [
            ("query", self.query),
            ("fields", ", ".join(self.fields)),
            ("plan", f"{plan}, because {self.reason}"),
            ("requests", self.requests),
        ]
        if self.paging is not None:
            facts += [
                ("ahead", "1 page" if self.ahead else "no page"),
                ("workers", str(self.workers)),
                ("decoder", self.decoder),
                ("guarantee", self.guarantee),
            ]
        if self.cost is not None:
            facts.append(("cost", str(self.cost)))
        facts += [("note", note) for note in self.notes]
        lines = [f"{name + ':':<11}{fact}" for name, fact in facts if fact]
        return "\n".join([self.endpoint, *lines] if self.endpoint else lines)


_NAMES = [field.name for field in fields(Explanation)]


def explain(
    domain: Domain,
    selection: Selection,
    *,
    decoder: str,
    ahead: int,
    workers: int,
    rows: int | None = None,
    related: Iterable[str] = (),
) -> Explanation:
    """Explain how the selection is read; NotSupportedError for a slice that kintone cannot reach.

    `decoder` is what decodes the pages of these rows, unless they are compared first. `ahead` and
    `workers` are options of `iterator()`. With `rows`, the cost of so many rows is computed.
    `related` are the relations that are read after each page.
    """
    again = compared_again(domain, selection)
    selection = replace(selection, fields=list(dict.fromkeys([*selection.fields, *again])))
    way, path = selection.way, domain.path("records")
    most = None if selection.stop is None else selection.stop - selection.start
    if again or way is Paging.OFFSET:
        decoder = _WHOLE_PAGE
    # The third page is the first that is requested ahead.
    has_third = way is Paging.CURSOR or most is None or most > 2 * selection.size
    if decoder == _WHOLE_PAGE or workers > 1 or not has_third:
        ahead = 0
    query = compile_query(
        selection.condition,
        order=selection.order,
        limit=selection.size if most is None else min(selection.size, most),
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
    if ahead:
        notes.append(_AHEAD)
    if way is Paging.OFFSET and exceeds_offsets(selection.stop):
        notes.append(
            f"with an OAuth token, at most {OFFSET_ROWS:,} records can be read in this order; if "
            "there are more, the first request tells, and NotSupportedError is raised before a "
            "record is returned"
        )
    if way in (Paging.SINGLE, Paging.OFFSET) and selection.start:
        notes.append(
            f"kintone's offset ends at {MAX_OFFSET:,}; a filter such as pk__gt has no limit"
        )
    at_once = min(workers, domain.max_concurrency) if workers > 1 else 1
    if at_once < workers:
        notes.append(
            f"the connection sends at most {at_once:,} requests at once; "
            f"connect(max_concurrency={workers}) makes it {workers:,}"
        )
    reading = reading_of(way, ahead=ahead, workers=workers, has_cursors=not domain.by_oauth)
    explanation = Explanation(
        endpoint=f"{sent} {path}",
        query=query,
        fields=tuple(selection.fields),
        paging=way,
        reason=_reason(way, selection, workers),
        requests=requests_in_words(way, selection, workers, at_once)
        + _requests_before(selection, domain),
        notes=tuple(notes),
        size=selection.size,
        start=selection.start,
        most=most,
        ahead=ahead,
        workers=workers,
        decoder=decoder,
        guarantee=GUARANTEES[reading].text,
    )
    return _with_cost(explanation, rows, at_once)


def explain_nothing(query: str, rows: int | None = None) -> Explanation:
    """Explain a query that no record can satisfy."""
    reason = "no record can satisfy the conditions"
    return _with_cost(Explanation("", query, (), None, reason, "0"), rows)


def _with_cost(explanation: Explanation, rows: int | None, at_once: int = 1) -> Explanation:
    if rows is None:
        return explanation
    cost = cost_of(
        explanation.paging,
        rows,
        size=explanation.size,
        start=explanation.start,
        most=explanation.most,
        workers=explanation.workers,
        at_once=at_once,
    )
    return replace(explanation, cost=cost)


def _reason(way: Paging, selection: Selection, workers: int) -> str:
    if workers > 1:
        return "the order is by $id, so several ranges of ids can be read at once"
    if selection.paging is not None:
        return "it was asked for"
    takes_the_place_of_a_cursor = way is Paging.OFFSET and exceeds_offsets(selection.stop)
    return WHY_NOT_CURSOR if takes_the_place_of_a_cursor else WHY[way]


def _requests_before(selection: Selection, domain: Domain) -> str:
    """Describe in words the requests that read the inner querysets before the query itself."""
    inner: dict[str, None] = {}
    for leaf in leaves(selection.condition):
        if isinstance(leaf, Pending):
            inner[f"; before, for {leaf.code}: {leaf.source.requests(domain)}"] = None
    return "".join(inner)


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
