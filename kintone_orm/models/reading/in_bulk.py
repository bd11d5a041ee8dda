"""`QuerySet.in_bulk`: records by their ids, or by another unique field."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain
from typing import TYPE_CHECKING, Any

from kintone_orm.exceptions import FieldError
from kintone_orm.limits import RECORDS_PER_PAGE
from kintone_orm.models.ground.chunks import cut
from kintone_orm.models.reading.running import read_rows
from kintone_orm.query.long_texts import as_compared

if TYPE_CHECKING:
    from collections.abc import Callable

    from kintone_orm.models.reading.destination import Destination
    from kintone_orm.models.reading.query import Query
    from kintone_orm.models.reading.results import Owner

__all__ = ["read_in_bulk"]


class _NotUnique(FieldError, ValueError):
    """The refusal of a field that several records may share; also a ValueError, as in Django."""


def read_in_bulk(
    query: Query[Any],
    find: Callable[..., Query[Any]],
    to: Destination,
    owner: Owner,
    values: Iterable[Any] | None,
    field_name: str,
) -> dict[Any, Any]:
    """Return the instances of `query` by the value of a unique field; one request for 499 `values`.

    `find` is the `filter` of the queryset. Without `values`, return every instance. Values that no
    record has are left out.
    """
    query.require_unsliced("use in_bulk() on")
    query.instances("in_bulk")
    field = query.meta.get_field(field_name)
    if field is not query.meta.id_field and not field.unique:
        raise _NotUnique(
            f"in_bulk() needs a unique field, and {field} is not unique. Declare it with "
            "unique=True if the app prohibits duplicates in it."
        )
    reads: list[tuple[Query[Any], int | None]] = [(query, None)]
    if values is not None:
        # This is a list, so that every value is checked before the first request. Each request asks
        # for one record more than it names values: if that record comes, two records share a value.
        reads = [
            (find(**{f"{field_name}__in": values_of_page}), len(values_of_page) + 1)
            for values_of_page in cut(_distinct(values, str(field)), RECORDS_PER_PAGE - 1)
        ]
    records = chain.from_iterable(
        read_rows(
            page.order_by(()).including(field.name),
            to,
            owner=owner,
            most=most,
            in_any_order=most is not None,
        )
        for page, most in reads
    )
    by_key: dict[Any, Any] = {}
    for record in records:
        key = as_compared(getattr(record, field.name))
        if by_key.setdefault(key, record) is not record:
            raise query.model.MultipleObjectsReturned(
                f"{field} is not unique in the app: {by_key[key]!r} and {record!r} share a value."
            )
    return {getattr(record, field.name): record for record in by_key.values()}


def _distinct(values: object, field: str) -> list[Any]:
    """Return each value once; TypeError if `values` is a text, FieldError for a blank value."""
    if isinstance(values, str) or not isinstance(values, Iterable):
        raise TypeError(f"in_bulk() takes several values, not {values!r:.80}.")
    distinct = dict.fromkeys(values)
    if None in distinct or "" in distinct:
        raise FieldError(f"in_bulk() cannot find blanks, because they are not unique: {field}.")
    return list(distinct)
