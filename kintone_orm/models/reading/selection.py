"""Which records are read, and one page of them, which must be what was asked for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from kintone_orm.api.answers import checked
from kintone_orm.api.records import get_records
from kintone_orm.limits import RECORDS_PER_PAGE
from kintone_orm.models.ground.answer_checks import not_what_was_asked, record_ids
from kintone_orm.query.compiler import OrderKey, compile_query
from kintone_orm.query.conditions import All, Condition, Predicate
from kintone_orm.query.planner import Paging, choose_paging

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kintone_orm.connection import Connection
    from kintone_orm.models.ground.answer_checks import Page

__all__ = ["Selection", "get_page"]

_ID = re.compile(r"\d+")


class Domain(Protocol):
    """The kintone that a plan is made for: a connection, which sends nothing for it."""

    short_texts: dict[int, frozenset[str]]

    @property
    def base_url(self) -> str:
        """Such as ``https://example.cybozu.com``."""
        ...

    def path(self, endpoint: str, /) -> str:
        """The path of an endpoint, with the guest space if there is one."""
        ...


@dataclass(frozen=True, slots=True)
class Selection:
    """Which records of an app, in which order, from which row to which, and which fields.

    `order` is total: it ends with `$id`. `stop` None means to the end. A page has `size` records;
    `paging` is the way to read them, if not the cheapest.
    """

    app: int
    condition: Condition
    order: tuple[OrderKey, ...]
    fields: Sequence[str]
    start: int = 0
    stop: int | None = None
    size: int = RECORDS_PER_PAGE
    paging: Paging | None = None

    def way(self) -> Paging:
        """How it is read; NotSupportedError if it cannot be, or not in the way that is wanted."""
        return choose_paging(
            self.order, start=self.start, stop=self.stop, size=self.size, wanted=self.paging
        )


def get_page(
    connection: Connection,
    selection: Selection,
    *,
    limit: int,
    offset: int,
    condition: Condition | None = None,
) -> Page:
    """The records of one page; TransportError for one that is not what was asked for."""
    asked = selection.condition if condition is None else condition
    query = compile_query(asked, order=selection.order, limit=limit, offset=offset)
    answer = get_records(
        checked(connection), app=selection.app, query=query, fields=selection.fields
    )
    page: Page = answer["records"]
    ids = record_ids(connection, page, limit=limit)
    wanted = _ids_asked_for(asked)
    if wanted is not None and not wanted.issuperset(map(int, ids)):
        other = next(id_ for id_ in ids if int(id_) not in wanted)
        not_what_was_asked(connection, f"it has the record {other}, which was not asked for")
    return page


def _ids_asked_for(condition: Condition) -> frozenset[int] | None:
    """The ids that alone satisfy the condition; None if it does not name them."""
    if isinstance(condition, All):
        found = (_ids_asked_for(part) for part in condition.parts)
        return next((ids for ids in found if ids is not None), None)
    if (
        isinstance(condition, Predicate)
        and (condition.code, condition.table) == ("$id", None)
        and condition.operator in ("=", "in")
    ):
        return frozenset(map(int, _ID.findall(condition.operand)))
    return None
