"""Which records a query finds, in which order: read from the store, holding no more than needed."""

from __future__ import annotations

from array import array
from itertools import islice
from operator import attrgetter
from typing import TYPE_CHECKING

from ..ground import limits
from ..query import compile_query
from ..store.record_text import stored
from .reference_tables import relations_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ..requests.endpoint import Call
    from ..settings.apps import LiveApp
    from ..store.record_text import StoredRecord

__all__ = ["Search"]


class Search:
    """One query against one app, for one caller."""

    def __init__(self, call: Call, app: LiveApp, text: str) -> None:
        self._access = call.access(app)
        properties = self._access.visible(app.form.properties)
        self.query = compile_query(
            text, properties, call.query_context, related=relations_of(call, app)
        )
        self._store = call.domain.store
        self._app = app

    def page(self, *, with_total: bool) -> tuple[list[str], int | None]:
        """The texts of the records within limit and offset, and how many match in all if asked.

        In the order of `$id`, and without a total, the reading ends with the page.
        """
        start = self.query.offset or 0
        stop = start + (limits.DEFAULT_PAGE if self.query.limit is None else self.query.limit)
        if self.query.by_id is None:
            ids = self._sorted_ids()
            page = self._store.some_records(self._app.id, ids[start:stop])
            texts = [self._access.shown(stored(found)) for found in page]
            return texts, len(ids) if with_total else None
        matches = self._matches()
        skipped = sum(1 for _ in islice(matches, start))
        texts = [self._access.shown(record) for record in islice(matches, stop - start)]
        if not with_total:
            return texts, None
        if self.query.finds_all and not self._access.limits_records:
            return texts, self._store.count_records(self._app.id)
        return texts, skipped + len(texts) + sum(1 for _ in matches)

    def ids(self) -> Sequence[int]:
        """The ids of all matches, in the query's order."""
        if self.query.by_id is None:
            return self._sorted_ids()
        return array("q", (record.id for record in self._matches()))

    def _sorted_ids(self) -> Sequence[int]:
        return array("q", self.query.sort(self._matches(), keep=attrgetter("id")))

    def _matches(self) -> Iterator[StoredRecord]:
        """The matching records by `$id`, descending unless the query asks for ascending.

        Those that the caller may not view are left out.
        """
        matches = filter(self.query.matches, map(stored, self._candidates()))
        return filter(self._access.may_view, matches) if self._access.limits_records else matches

    def _candidates(self) -> Iterator[tuple[int, str]]:
        """Ids and texts of records that may match: no more than the store can tell apart."""
        descending = self.query.by_id != "asc"
        for field in self._app.form.unique:
            if field.code in self.query.equalities:
                values = self.query.equalities[field.code]
                owners = {
                    number
                    for value in values
                    for number in self._store.owners(self._app.id, field.code, value)
                }
                ids = sorted(owners, reverse=descending)
                return self._store.some_records(self._app.id, ids)
        low, high = self.query.id_range
        return self._store.records(
            self._app.id,
            low=min(max(0, low or 0), limits.INTEGER_MAX),
            high=min(max(0, limits.INTEGER_MAX if high is None else high), limits.INTEGER_MAX),
            descending=descending,
        )
