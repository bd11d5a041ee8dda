"""Finding the record that already has a value refused as a duplicate.

kintone's message is in the user's language, so its text is not evaluated. When a refusal names a
field without duplicates, one request asks kintone for the record with that value.
"""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any, NamedTuple

from kintone_orm.exceptions import KintoneORMError
from kintone_orm.fields.base import UNSET
from kintone_orm.models.record.relation_keys import is_blank
from kintone_orm.query.long_texts import as_compared
from kintone_orm.query.q import Q

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from kintone_orm.connection import Connection
    from kintone_orm.exceptions import ValidationError
    from kintone_orm.models.ground.protocols import Meta
    from kintone_orm.models.ground.values import Values
    from kintone_orm.models.record.instance import Instance

__all__ = ["mention_hidden_records", "taken_values"]


class _Refused(NamedTuple):
    """A value that kintone refused, with its object, the object's index and the field's name."""

    place: int
    name: str
    instance: Instance
    value: Any


def taken_values(
    meta: Meta,
    connection: Connection,
    places: Iterable[tuple[int, str]],
    values: Mapping[int, tuple[Instance, Values]],
) -> dict[tuple[int, str], Instance]:
    """Return the other records that hold refused values, by (index of the object, field name).

    `places` are the refused values; `values` are the sent objects and values, by index. The other
    record may be an object of the same request. At most one request; none if no place is in a
    field without duplicates.
    """
    refused = [
        _Refused(index, name, values[index][0], value)
        for index, name in places
        if index in values and name in meta.fields and _is_unique(meta, connection, name)
        if (value := values[index][1].get(name, UNSET)) is not UNSET and not is_blank(value)
    ]
    if not refused:
        return {}
    holders = _holders_sent_along(refused, values)
    if rest := [item for item in refused if (item.place, item.name) not in holders]:
        holders |= _stored_holders(meta, connection, rest)
    return holders


def mention_hidden_records(refusal: ValidationError, name: str, value: object) -> None:
    """Say in the refusal of `name` that a record hidden from the user may have the value."""
    if name in refusal.errors:
        refusal.errors[name].append(
            f"No record that you may view has {value!r}. If another record has it, ask for the "
            "right to view that record."
        )


def _is_unique(meta: Meta, connection: Connection, name: str) -> bool:
    field = meta.fields[name]
    unique_codes = connection.uniques.get(meta.app_id(connection), ())
    return field.unique or field.code in unique_codes


def _holders_sent_along(
    refused: Iterable[_Refused], values: Mapping[int, tuple[Instance, Values]]
) -> dict[tuple[int, str], Instance]:
    """Return the objects of the same request that hold a refused value."""
    holders: dict[tuple[str, Any], list[int]] = {}
    for index, (_, sent) in values.items():
        for name in {item.name for item in refused}:
            if (value := sent.get(name, UNSET)) is not UNSET:
                holders.setdefault((name, value), []).append(index)
    others = {}
    for item in refused:
        indexes = [i for i in holders.get((item.name, item.value), ()) if i != item.place]
        if indexes:
            others[item.place, item.name] = values[indexes[0]][0]
    return others


def _stored_holders(
    meta: Meta, connection: Connection, refused: Collection[_Refused]
) -> dict[tuple[int, str], Instance]:
    """Return the stored records that hold a refused value; one request."""
    condition = reduce(or_, (Q(**{item.name: item.value}) for item in refused))
    try:
        # Each value has at most two matches: one other record, and the refused record itself.
        records = list(meta.records(connection).filter(condition)[: 2 * len(refused)])
    # The user may not read the records, so kintone's own message must be enough.
    except KintoneORMError:
        return {}
    holders = {}
    for item in refused:
        for record in records:
            stored = getattr(record, item.name)
            if record.pk != item.instance.pk and as_compared(stored) == as_compared(item.value):
                holders[item.place, item.name] = record
    return holders
