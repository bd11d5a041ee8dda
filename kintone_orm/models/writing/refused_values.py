"""Where in a record the value stands that kintone refused: its refusal gives no place.

It names the value, in the user's own language, of which nothing but that value is looked at, and
for a lookup the field's name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kintone_orm.exceptions import LookupSourceNotFound
from kintone_orm.fields.base import UNSET
from kintone_orm.fields.entity import EntitiesField
from kintone_orm.fields.lookup import LookupField
from kintone_orm.http.codes import Meaning, meaning_of
from kintone_orm.models.ground.named_values import named_in
from kintone_orm.models.record.relation_keys import is_blank
from kintone_orm.models.record.tracked_lists import at_hand

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from kintone_orm.exceptions import APIError
    from kintone_orm.fields.base import Field
    from kintone_orm.models.base import Model

__all__ = ["name_the_keys", "places_of_people"]

_SHOWN = 5
_RECORDS = ("/record.json", "/records.json", "/bulkRequest.json")  # not comments and assignees


def name_the_keys(
    error: APIError, sent: Iterable[tuple[str, Model, Mapping[str, Any] | None]]
) -> None:
    """Say where the lookup's key stands that no record has.

    `sent` are the records with what is to stand before their fields' names, and with the values
    that were sent of them; None: all that they hold.
    """
    if not isinstance(error, LookupSourceNotFound) or not error.path.endswith(_RECORDS):
        return
    told = error.message
    keys = [
        (before, record, place, field, str(key))
        for before, record, values in sent
        for place, field, key in _values(record, values, LookupField)
        if not is_blank(key)
    ]
    named = named_in(told, {key for *_, key in keys})
    found = [each for each in keys if each[-1] in named]
    found = [each for each in found if _is_named(told, each[3])] or found
    error.places = {before + place: [told] for before, _, place, *_ in found}
    for _, record, place, *_ in found[:_SHOWN]:
        error.message += f" It is in {record._meta.label}.{place} of {record!r}."
    if (more := len(found) - _SHOWN) > 0:
        error.message += f" And in {more} more."


def places_of_people(
    error: APIError, sent: Mapping[int, tuple[Model, Mapping[str, Any]]]
) -> list[tuple[int, str]]:
    """Where the user, group or organization stands that does not exist, by (index, place).

    `sent` are the records with the values that were sent of them, by index.
    """
    if meaning_of(error) is not Meaning.UNKNOWN_PERSON or not error.path.endswith(_RECORDS):
        return []
    found = [
        (index, place, each.code)
        for index, (record, values) in sent.items()
        for place, _, people in _values(record, values, EntitiesField)
        for each in people
    ]
    named = named_in(error.message, {code for *_, code in found})
    return [(index, place) for index, place, code in found if code in named]


def _is_named(text: str, field: Field[Any, Any]) -> bool:
    return bool(named_in(text, {name for name in (field.code, field.verbose_name) if name}))


def _values(
    record: Model, values: Mapping[str, Any] | None, kind: type[Field[Any, Any]]
) -> Iterator[tuple[str, Field[Any, Any], Any]]:
    """Fields of some kind, in the record and in its rows: "lines[1].item", the field, its value."""
    for name, field in record._meta.fields.items():
        value = at_hand(record, field) if values is None else values.get(name, UNSET)
        if value is UNSET:
            continue
        if isinstance(field, kind):
            yield name, field, value
        rows: Any = value if field.columns is not None else ()
        for index, row in enumerate(rows):
            for inner, column in row._fields.items():
                cell = column.peek(row)
                if isinstance(column, kind) and cell is not UNSET:
                    yield f"{name}[{index}].{inner}", column, cell
