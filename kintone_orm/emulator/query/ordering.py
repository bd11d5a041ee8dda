"""The order of records: the keys of `order by`, blanks, ties.

Source: kintone REST API, "Query String": order by.
"""

from __future__ import annotations

from operator import itemgetter
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeVar

from .. import choices
from ..errors import fault
from .columns import Column, find_column
from .kinds import STAMPS, with_seconds

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from .functions import Context
    from .syntax import SortKey

__all__ = ["Order", "check_order", "direction_of_ids", "sort_records"]

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
    """The keys of an order with their columns, as far as they decide.

    Nothing ties on `$id`, so the order ends with it: descending if the query does not name it.
    Raises GAIA_IS02 for a field that does not sort.
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
    """How `$id` runs in the records, when it alone decides; None when another key does."""
    first = order[0]
    if first.column.key != "$id":
        return None
    return "desc" if first.descending else "asc"


def sort_records(
    records: Iterable[Any],
    *,
    order: tuple[Order, ...],
    context: Context,
    keep: Callable[[Any], _Kept],
) -> list[_Kept]:
    """What `keep` keeps of each of these records (Any: JSON), in this order of the records.

    A record is held no longer than its keys are read.
    """
    keys = [_key(key.column, context) for key in order]
    rows = [(keep(record), *[key(record) for key in keys]) for record in records]
    # The sort is stable, so the last key goes first.
    for at, key in reversed(list(enumerate(order, start=1))):
        rows.sort(key=itemgetter(at), reverse=key.descending)
    return [row[0] for row in rows]


def _key(column: Column, context: Context) -> Callable[[Any], Any]:
    key, read = column.key, column.kind.sorts_by or column.kind.read
    place = _place(column, context)
    lowest = column.kind.lowest if place is None else -1

    if choices.HIDDEN_SECONDS and column.type in STAMPS:
        return lambda record: with_seconds(record.get(key))

    def of(record: Any) -> Any:
        cell = record.get(key)
        value = read(cell["value"]) if cell is not None else None
        if value is None:
            return lowest
        return value if place is None else place(value)

    return of


def _place(column: Column, context: Context) -> Callable[[str], int] | None:
    """Where a value stands that does not sort by itself: an option, a state or an account."""
    if column.options is not None:
        options = column.options
        return lambda name: options.get(name, -1)
    if column.type in {"CREATOR", "MODIFIER"}:
        accounts = {code: at for at, code in enumerate(context.accounts)}
        return lambda code: accounts.get(code, len(accounts))
    return None
