"""Which records are read, and one page of them, which must be what was asked for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NoReturn, TypeAlias

from kintone_orm.api.answers import checked
from kintone_orm.api.records import get_records
from kintone_orm.exceptions import TransportError
from kintone_orm.limits import RECORDS_PER_PAGE
from kintone_orm.query.compiler import OrderKey, compile_query
from kintone_orm.query.conditions import All, Condition, Predicate
from kintone_orm.query.planner import Paging, choose_paging

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from kintone_orm.connection import Connection

__all__ = ["Page", "Selection", "get_page", "not_what_was_asked", "record_ids"]

Page: TypeAlias = "list[dict[str, Any]]"

_ID = re.compile(r"\d+")
_DIGITS = 19  # of a whole number of eight bytes; Python refuses texts of thousands


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
    ids = record_ids(connection, page, fields=selection.fields, limit=limit)
    wanted = _ids_asked_for(asked)
    if wanted is not None and not wanted.issuperset(ids):
        other = next(id_ for id_ in ids if id_ not in wanted)
        not_what_was_asked(connection, f"it has the record {other}, which was not asked for")
    return page


def record_ids(
    connection: Connection, page: Page, *, fields: Collection[str], limit: int
) -> list[int]:
    """The ids of the records of a page; TransportError if they cannot be those of a page.

    Whole columns are looked at, at once: this is done for every page.
    """
    if len(page) > limit:
        not_what_was_asked(connection, f"it has {len(page):,} records where {limit:,} were to come")
    ids = _numbers(connection, page, "$id")
    if "$revision" in fields:
        _numbers(connection, page, "$revision")
    if len(set(ids)) != len(ids):
        twice = next(id_ for id_ in ids if ids.count(id_) > 1)
        not_what_was_asked(connection, f"it has the record {twice} twice")
    return ids


def not_what_was_asked(connection: Connection, why: str, *, path: str = "records") -> NoReturn:
    """Raise the TransportError of an answer that is no answer of kintone's to what was asked."""
    raise TransportError(
        f"The answer is JSON, but not kintone's: {why}. A proxy, a cache or another server may "
        "stand in between",
        status=200,
        method="GET",
        path=connection.path(path),
    )


def _numbers(connection: Connection, page: Page, code: str) -> list[int]:
    try:
        texts = [record[code]["value"] for record in page]
        joined = "".join(texts)
        plain = joined.isdecimal() and joined.isascii() and len(max(texts, key=len)) <= _DIGITS
        numbers = list(map(int, texts)) if plain or not texts else [0]
    except (KeyError, IndexError, TypeError, ValueError):
        numbers = [0]
    if numbers and min(numbers) < 1:
        not_what_was_asked(connection, f"a record has no {code}, or one that is no number")
    return numbers


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
