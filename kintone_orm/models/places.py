"""Where in a record the value stands that kintone refused: its refusal gives no place.

It names the value, in the user's own language, of which nothing but that value is looked at.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from kintone_orm.exceptions import LookupSourceNotFound
from kintone_orm.fields.base import UNSET
from kintone_orm.fields.entity import EntitiesField
from kintone_orm.fields.lookup import LookupField
from kintone_orm.http.codes import Meaning, meaning_of
from kintone_orm.models.held import at_hand
from kintone_orm.models.keys import is_blank

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from kintone_orm.exceptions import APIError
    from kintone_orm.fields.base import Field
    from kintone_orm.models.base import Model

__all__ = ["name_the_places", "named_in"]

_SHOWN = 5
_RECORDS = ("/record.json", "/records.json", "/bulkRequest.json")  # not comments and assignees


def name_the_places(
    error: APIError, sent: Iterable[tuple[Model, Mapping[str, Any] | None]]
) -> None:
    """Say where the user stands that does not exist, or the lookup's key that no record has.

    `sent` are the records with the values that were sent of them; None: all that they hold.
    """
    error.places = _places_of(error, sent)
    for record, place in error.places[:_SHOWN]:
        error.message += f" It is in {place} of {record!r}."
    if (more := len(error.places) - _SHOWN) > 0:
        error.message += f" And in {more} more."


def _places_of(
    error: APIError, sent: Iterable[tuple[Model, Mapping[str, Any] | None]]
) -> list[tuple[Model, str]]:
    if not error.path.endswith(_RECORDS):
        return []
    if isinstance(error, LookupSourceNotFound):
        held = _lookups
    elif meaning_of(error) is Meaning.UNKNOWN_PERSON:
        held = _people
    else:
        return []
    return [
        (record, place)
        for record, values in sent
        for place, value in held(record, values)
        if named_in(error.message, value)
    ]


def named_in(text: str, value: str) -> bool:
    """Whether the value stands in the text as a word of its own."""
    return re.search(rf"(?<!\w){re.escape(value)}(?!\w)", text) is not None


def _people(record: Model, values: Mapping[str, Any] | None) -> Iterator[tuple[str, str]]:
    for place, people in _values(record, values, EntitiesField):
        for each in people:
            if isinstance(code := getattr(each, "code", None), str):
                yield place, code


def _lookups(record: Model, values: Mapping[str, Any] | None) -> Iterator[tuple[str, str]]:
    for place, key in _values(record, values, LookupField):
        if not is_blank(key):
            yield place, str(key)


def _values(
    record: Model, values: Mapping[str, Any] | None, kind: type[Field[Any, Any]]
) -> Iterator[tuple[str, Any]]:
    """The values of some kind of fields, in the record and in its rows, by where they are."""
    for field in record._meta.fields.values():
        value = at_hand(record, field) if values is None else values.get(field.name, UNSET)
        if value is UNSET:
            continue
        if isinstance(field, kind):
            yield str(field), value
        rows: Any = value if field.columns is not None else ()
        for index, row in enumerate(rows):
            for name, column in row._fields.items():
                cell = column.peek(row)
                if isinstance(column, kind) and cell is not UNSET:
                    yield f"{field}[{index}].{name}", cell
