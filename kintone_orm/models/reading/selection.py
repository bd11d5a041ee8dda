"""Selection: the records to read from an app, and one page of them, checked."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from kintone_orm.api.answers import checked
from kintone_orm.api.records import get_records
from kintone_orm.exceptions import NotSupportedError
from kintone_orm.limits import RECORDS_PER_PAGE
from kintone_orm.models.ground.answer_checks import record_ids, refuse_answer
from kintone_orm.query.compiler import OrderKey, compile_query
from kintone_orm.query.conditions import All, Condition, Predicate
from kintone_orm.query.planner import Paging, choose_paging

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kintone_orm.connection import Connection
    from kintone_orm.models.ground.answer_checks import Page

__all__ = ["Domain", "Selection", "get_page"]

_ID = re.compile(r"\d+")


class Domain(Protocol):
    """The domain that a plan is made for, as a connection describes it without a request."""

    short_texts: dict[int, frozenset[str]]

    @property
    def base_url(self) -> str:
        """The URL without a path: ``https://example.cybozu.com``."""
        ...

    @property
    def by_oauth(self) -> bool:
        """True if kintone authenticates by an OAuth token, so that there are no cursors."""
        ...

    def path(self, endpoint: str, /) -> str:
        """Return the path of an endpoint, with the guest space if there is one."""
        ...


@dataclass(frozen=True, slots=True)
class Selection:
    """The records of an app to read: condition, order, slice and fields.

    `order` ends with `$id`, so no two records have the same place in it. The rows go from `start`
    up to `stop`; None means to the end. A page has `size` records. `paging` forces a way of
    reading.
    """

    app: int
    condition: Condition
    order: tuple[OrderKey, ...]
    fields: Sequence[str]
    start: int = 0
    stop: int | None = None
    size: int = RECORDS_PER_PAGE
    paging: Paging | None = None

    def way(self, domain: Domain) -> Paging:
        """Return the way of reading: `paging`, or else the cheapest way that is safe.

        NotSupportedError for a slice that kintone cannot reach, and for a `paging` that would not
        read exactly these records, or that needs a cursor with an OAuth token.
        """
        return choose_paging(
            self.order,
            start=self.start,
            stop=self.stop,
            size=self.size,
            demanded=self.paging,
            has_cursors=not domain.by_oauth,
        )


def get_page(
    connection: Connection,
    selection: Selection,
    *,
    limit: int,
    offset: int,
    condition: Condition | None = None,
    reach: int | None = None,
) -> Page:
    """Read one page, in one request, of the records that satisfy `condition`.

    The default of `condition` is the condition of the selection. With `reach`, kintone also counts
    the records; NotSupportedError if there are more than `reach`. TransportError for a page with
    too many records, the same record twice, or a record whose id was not asked for.
    """
    condition = selection.condition if condition is None else condition
    query = compile_query(condition, order=selection.order, limit=limit, offset=offset)
    answer = get_records(
        checked(connection),
        app=selection.app,
        query=query,
        fields=selection.fields,
        total_count=reach is not None,
    )
    if reach is not None and int(answer["totalCount"]) > reach:
        raise _out_of_reach(selection.app, int(answer["totalCount"]), reach)
    page: Page = answer["records"]
    ids = record_ids(connection, page, limit=limit)
    expected = _ids_asked_for(condition)
    if expected is not None and not expected.issuperset(map(int, ids)):
        other = next(id_ for id_ in ids if int(id_) not in expected)
        refuse_answer(connection, f"the answer has the record {other}, which was not requested")
    return page


def _out_of_reach(app: int, total: int, reach: int) -> NotSupportedError:
    return NotSupportedError(
        f"{total:,} records of app {app} satisfy the conditions, but with an OAuth token only "
        f"{reach:,} can be read in an order other than by id: kintone's offsets end there, and "
        "kintone documents no cursors for OAuth. Order by id, filter further, read a shorter "
        "slice, or connect with a password or an API token."
    )


def _ids_asked_for(condition: Condition) -> frozenset[int] | None:
    """Return the ids to which the condition limits the records; None if it does not list ids."""
    if isinstance(condition, All):
        lists = (_ids_asked_for(part) for part in condition.parts)
        return next((ids for ids in lists if ids is not None), None)
    if (
        isinstance(condition, Predicate)
        and (condition.code, condition.table) == ("$id", None)
        and condition.operator in ("=", "in")
    ):
        return frozenset(map(int, _ID.findall(condition.operand)))
    return None
