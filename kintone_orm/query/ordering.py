"""Resolving the names of order_by() to the keys of kintone's `order by`.

Source: kintone REST API, "Query String", sortable field types.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kintone_orm.exceptions import FieldError, NotSupportedError
from kintone_orm.query.comparable import require_no_keyword
from kintone_orm.query.compiler import OrderKey

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from kintone_orm.query.comparable import Comparable

__all__ = ["resolve_order", "total_order"]

_SORTABLE = frozenset(
    ["__ID__", "RECORD_NUMBER", "CREATOR", "CREATED_TIME", "MODIFIER", "UPDATED_TIME"]
    + ["SINGLE_LINE_TEXT", "LINK", "NUMBER", "CALC", "DATE", "TIME", "DATETIME"]
    + ["DROP_DOWN", "RADIO_BUTTON", "STATUS"]
)

_TABLES = ("SUBTABLE", "REFERENCE_TABLE")


def resolve_order(
    names: Iterable[object], find: Callable[[str], Comparable]
) -> tuple[OrderKey, ...]:
    """Return the keys for names such as ``"-due"``; `find` returns a field or raises FieldError."""
    keys = []
    for name in names:
        if not isinstance(name, str):
            raise FieldError(f"order_by() takes field names, not {name!r:.80}.")
        if name == "?":
            raise NotSupportedError(
                "kintone has no random order. Write random.sample(list(queryset), n)."
            )
        path = name[1:] if name[:1] in ("-", "+") else name
        outer, separator, _ = path.partition("__")
        if separator and find(outer).kintone_type in _TABLES:
            raise FieldError(f"{path!r} is in a table; kintone does not sort by its columns.")
        field = find(path)
        require_no_keyword(field)
        if field.kintone_type not in _SORTABLE:
            raise FieldError(f"{field} ({field.kintone_type}) cannot be sorted by in kintone.")
        # Record numbers sort like ids, and an order by `$id` allows seek paging.
        code = "$id" if field.kintone_type == "RECORD_NUMBER" else field.code
        keys.append(OrderKey(code, descending=name.startswith("-")))
    return tuple(keys)


def total_order(keys: Sequence[OrderKey], *, backwards: bool = False) -> tuple[OrderKey, ...]:
    """Return `keys` followed by `$id`, so that ties have a fixed order from page to page.

    With `backwards`, the order is the exact reverse. Without keys, the order is by `$id`.
    """
    by_code: dict[str, OrderKey] = {}
    for key in (*keys, OrderKey("$id")):
        by_code.setdefault(key.code, key)  # a second key of the same field has no effect
        if key.code == "$id":
            break  # ids are unique, so later keys decide nothing
    total = tuple(by_code.values())
    if not backwards:
        return total
    return tuple(OrderKey(key.code, not key.descending) for key in total)
