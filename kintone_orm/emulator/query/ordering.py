"""Ordering records by the keys of `order by`, with the places of blanks and ties.

The sort reads the value of every key once for each record, then sorts once per key, the last key
first. Python's sort is stable, so records that are equal in a key stay in the order of the keys
after it. Each pass may have its own direction. Some values are replaced by ranks: an option or a
status by its place in the form, a user by the time of creation. A blank is replaced by a value
lower than all others.

Source: kintone REST API, "Query String": order by.
"""

from __future__ import annotations

from operator import itemgetter
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeVar

from ..ground import choices
from ..ground.errors import fault
from .columns import Cells, Column, find_column
from .kinds import STAMPS, with_seconds

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from .functions import Context
    from .syntax import SortKey

__all__ = ["Order", "check_order", "direction_of_ids", "sort_records"]

_Record = TypeVar("_Record", bound=Cells)
_Kept = TypeVar("_Kept")

_SORTABLE = frozenset(
    ("__ID__", "RECORD_NUMBER", "CREATOR", "MODIFIER", "CREATED_TIME", "UPDATED_TIME", "STATUS")
    + ("SINGLE_LINE_TEXT", "LINK", "NUMBER", "CALC", "RADIO_BUTTON", "DROP_DOWN")
    + ("DATE", "TIME", "DATETIME")
)


class Order(NamedTuple):
    """One key of an order."""

    column: Column
    descending: bool


def check_order(keys: Iterable[SortKey], *, columns: Mapping[str, Column]) -> tuple[Order, ...]:
    """Return the keys of an order with their columns, up to `$id`.

    Keys after `$id` have no effect, because all ids differ. If the query does not sort by `$id`,
    the key `$id desc` is added at the end. Raises GAIA_IS02 for a field that cannot sort.
    """
    order = [_order(key, columns) for key in keys]
    for count, key in enumerate(order, start=1):
        if key.column.key == "$id":
            return tuple(order[:count])
    return (*order, Order(columns["$id"], descending=True))


def _order(key: SortKey, columns: Mapping[str, Column]) -> Order:
    column = find_column(key.field, columns=columns)
    if column.table is not None or column.type not in _SORTABLE:
        raise fault("GAIA_IS02", label=column.label)
    return Order(column, key.descending)


def direction_of_ids(order: tuple[Order, ...]) -> Literal["asc", "desc"] | None:
    """Return the direction of `$id` if it alone decides the order, else None."""
    first = order[0]
    if first.column.key != "$id":
        return None
    return "desc" if first.descending else "asc"


def sort_records(
    records: Iterable[_Record],
    *,
    order: tuple[Order, ...],
    context: Context,
    keep: Callable[[_Record], _Kept],
) -> list[_Kept]:
    """Return the result of `keep` for each record, in this order.

    Only the kept results and the sort keys are in memory, not the records.
    """
    sort_keys = [_sort_key(key.column, context) for key in order]
    rows = [(keep(record), *[sort_key(record) for sort_key in sort_keys]) for record in records]
    for position, key in reversed(list(enumerate(order, start=1))):
        rows.sort(key=itemgetter(position), reverse=key.descending)
    return [row[0] for row in rows]


def _sort_key(column: Column, context: Context) -> Callable[[Cells], Any]:
    """Return a function that returns the sortable value of this column in a record."""
    key, read = column.key, column.kind.sorts_by or column.kind.read
    rank = _ranking(column, context)
    lowest = column.kind.lowest if rank is None else -1

    seconds = choices.HIDDEN_SECONDS and column.type in STAMPS

    def sort_value(record: Cells) -> Any:
        cell = record.get(key)
        if seconds and cell is not None:
            return with_seconds(cell)
        value = read(cell["value"]) if cell is not None else None
        if value is None:
            return lowest
        return value if rank is None else rank(value)

    return sort_value


def _ranking(column: Column, context: Context) -> Callable[[str], int] | None:
    """Return a function that ranks options, statuses or users; None if the column has no ranks."""
    if column.options is not None:
        options = column.options
        return lambda name: options.get(name, -1)
    if column.type in {"CREATOR", "MODIFIER"}:
        ranks = {code: rank for rank, code in enumerate(context.accounts)}
        return lambda code: ranks.get(code, len(ranks))
    return None
