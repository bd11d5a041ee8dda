"""Compiling the text of a query into functions that match and order records."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeVar

from ..ground.errors import fault
from .checker import check_condition, check_paging
from .columns import Cells, Related, columns_of, related_columns
from .evaluator import matcher
from .hints import equalities, id_range
from .ordering import check_order, direction_of_ids, sort_records
from .parser import parse
from .syntax import fields_in

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from ..ground.json_types import Properties
    from .functions import Context
    from .ordering import Order

__all__ = ["Query", "compile_query"]

_Record = TypeVar("_Record", bound=Cells)
_Kept = TypeVar("_Kept")


@dataclass(frozen=True, slots=True)
class Query:
    """A query that fits its app's form.

    `limit` and `offset` are None if the query does not set them. The last four attributes help a
    store to find the records. `finds_all` is true if there is no condition. `id_range` is the
    least and the greatest `$id` that can match (None: no bound). `equalities` maps field codes to
    texts: in every match, the field has one of its texts. `by_id` is the direction of `$id` if
    `$id` alone decides the order.
    """

    matches: Callable[[Cells], bool]
    order: tuple[Order, ...]
    context: Context
    limit: int | None
    offset: int | None
    finds_all: bool
    id_range: tuple[int | None, int | None]
    equalities: Mapping[str, tuple[str, ...]]
    by_id: Literal["asc", "desc"] | None

    def sort(self, records: Iterable[_Record], *, keep: Callable[[_Record], _Kept]) -> list[_Kept]:
        """Return the result of `keep` for each record, in the order of the query."""
        return sort_records(records, order=self.order, context=self.context, keep=keep)


def _no_relations(code: str) -> Related:
    raise fault("GAIA_IR02", code=code)


def compile_query(
    text: str,
    properties: Properties,
    context: Context,
    *,
    related: Callable[[str], Related] = _no_relations,
) -> Query:
    """Return the query for an app with this form; `properties` as in columns_of.

    `related` opens a field of related records by its code; without it, a query cannot name one.
    Raises KintoneError: CB_VA01 on `query` for bad syntax, GAIA_* for a query that does not fit the
    form. Source: kintone REST API, "Query String".
    """
    statement = parse(text)
    columns = columns_of(properties)
    columns |= related_columns(fields_in(statement), properties, related)
    condition = check_condition(statement.condition, columns=columns, context=context)
    order = check_order(statement.order, columns=columns)
    limit, offset = check_paging(statement.limit, statement.offset)
    return Query(
        matches=matcher(condition),
        order=order,
        context=context,
        limit=limit,
        offset=offset,
        finds_all=condition is None,
        id_range=id_range(condition),
        equalities=equalities(condition),
        by_id=direction_of_ids(order),
    )
