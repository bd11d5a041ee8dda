"""Finding the records that match a query, in its order, with few records in memory at once."""

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
    """One query of one caller to one app."""

    def __init__(self, call: Call, app: LiveApp, text: str) -> None:
        self._access = call.access(app)
        properties = self._access.visible(app.form.properties)
        self.query = compile_query(
            text, properties, call.query_context, related=relations_of(call, app)
        )
        self._store = call.domain.store
        self._app = app

    def page(self, *, with_total: bool) -> tuple[list[str], int | None]:
        """Return the texts of the records in the query's page, and the number of all matches.

        `limit` and `offset` select the page. Without `with_total`, the number is None, and a query
        in the order of `$id` reads no record after the page.
        """
        start = self.query.offset or 0
        stop = start + (limits.DEFAULT_PAGE if self.query.limit is None else self.query.limit)
        if self.query.by_id is None:
            ids = self._sorted_ids()
            page = self._store.some_records(self._app.id, ids[start:stop])
            texts = [self._access.visible_text(stored(record)) for record in page]
            return texts, len(ids) if with_total else None
        matches = self._matches()
        skipped = sum(1 for _ in islice(matches, start))
        texts = [self._access.visible_text(record) for record in islice(matches, stop - start)]
        if not with_total:
            return texts, None
        if self.query.finds_all and not self._access.limits_records:
            return texts, self._store.count_records(self._app.id)
        return texts, skipped + len(texts) + sum(1 for _ in matches)

    def ids(self) -> Sequence[int]:
        """Return the ids of all matches, in the query's order."""
        if self.query.by_id is None:
            return self._sorted_ids()
        return array("q", (record.id for record in self._matches()))

    def _sorted_ids(self) -> Sequence[int]:
        return array("q", self.query.sort(self._matches(), keep=attrgetter("id")))

    def _matches(self) -> Iterator[StoredRecord]:
        """Iterate over the matching records that the caller may view, in the order of `$id`.

        The order is descending, unless the query asks for the ascending order.
        """
        matches = filter(self.query.matches, map(stored, self._candidates()))
        return filter(self._access.may_view, matches) if self._access.limits_records else matches

    def _candidates(self) -> Iterator[tuple[int, str]]:
        """Iterate over the ids and texts of the records that can match the query.

        If the query asks for a unique value or a range of `$id`, the store finds them with its
        index. Otherwise every record of the app can match.
        """
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
