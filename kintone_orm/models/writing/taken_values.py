"""The other record that a refused value belongs to, in a field without duplicates.

kintone says that a value is taken in the user's own language alone, so its texts are not looked at.
For a refusal that names such a field, it is asked in one request which record has the value.
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
    from kintone_orm.models.base import Model
    from kintone_orm.models.definition.options import Options

__all__ = ["say_that_it_may_be_unseen", "taken_values"]


class _Refused(NamedTuple):
    """A value that kintone refused: where the object stands that holds it, and the field's name."""

    place: int
    name: str
    instance: Model
    value: Any


def taken_values(
    meta: Options,
    connection: Connection,
    complaints: Iterable[tuple[int, str]],
    values: Mapping[int, tuple[Model, Mapping[str, Any]]],
) -> dict[tuple[int, str], Model]:
    """The other records that hold refused values, by (index of the object, field name).

    `complaints` are those places; `values` what was sent, by index. Another object that was sent
    along may be the one. At most one request, none if no field without duplicates is among them.
    """
    refused = [
        _Refused(index, name, values[index][0], value)
        for index, name in complaints
        if index in values and name in meta.fields and _is_unique(meta, connection, name)
        if (value := values[index][1].get(name, UNSET)) is not UNSET and not is_blank(value)
    ]
    if not refused:
        return {}
    found = _beside(refused, values)
    if asked := [each for each in refused if (each.place, each.name) not in found]:
        found |= _kept(meta, connection, asked)
    return found


def say_that_it_may_be_unseen(refusal: ValidationError, name: str, value: Any) -> None:
    """Add to a refusal of `name`, whose value no record is seen to have, where it may be."""
    if name in refusal.errors:
        refusal.errors[name].append(
            f"No record that you may see has {value!r}: if a record has it, you need the right to "
            "view that one."
        )


def _is_unique(meta: Options, connection: Connection, name: str) -> bool:
    field = meta.fields[name]
    told = connection.uniques.get(meta.app_id(connection), ())
    return field.unique or field.code in told


def _beside(
    refused: Iterable[_Refused], values: Mapping[int, tuple[Model, Mapping[str, Any]]]
) -> dict[tuple[int, str], Model]:
    """Those whose value another object of the same request has."""
    holders: dict[tuple[str, Any], list[int]] = {}
    for index, (_, sent) in values.items():
        for name in {each.name for each in refused}:
            if (value := sent.get(name, UNSET)) is not UNSET:
                holders.setdefault((name, value), []).append(index)
    found = {}
    for each in refused:
        others = [i for i in holders.get((each.name, each.value), ()) if i != each.place]
        if others:
            found[each.place, each.name] = values[others[0]][0]
    return found


def _kept(
    meta: Options, connection: Connection, asked: Collection[_Refused]
) -> dict[tuple[int, str], Model]:
    """Those whose value a record of kintone's has, in one request."""
    condition = reduce(or_, (Q(**{each.name: each.value}) for each in asked))
    try:
        # Each value has one record at most, and the asking record itself may hold others.
        records = list(meta.model._records(connection).filter(condition)[: 2 * len(asked)])
    except KintoneORMError:  # they may not be read: kintone's own words have to do
        return {}
    found = {}
    for each in asked:
        for record in records:
            held = getattr(record, each.name)
            if record.pk != each.instance.pk and as_compared(held) == as_compared(each.value):
                found[each.place, each.name] = record
    return found
