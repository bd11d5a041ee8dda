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
from kintone_orm.models.keys import is_blank

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from kintone_orm.exceptions import APIError
    from kintone_orm.fields.base import Field
    from kintone_orm.models.base import Model

__all__ = ["name_the_places", "named_in"]

_RECORDS = ("/record.json", "/records.json", "/bulkRequest.json")  # not comments and assignees


def name_the_places(error: APIError, instances: Iterable[Model]) -> None:
    """Say where the user stands that does not exist, or the lookup's key that no record has."""
    error.places = _places_of(error, instances)
    for record, place in error.places:
        error.message += f" It is in {place} of {record!r}."


def _places_of(error: APIError, instances: Iterable[Model]) -> list[tuple[Model, str]]:
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
        for instance in instances
        for record, place, value in held(instance)
        if named_in(error.message, value)
    ]


def named_in(text: str, value: str) -> bool:
    """Whether the value stands in the text as a word of its own."""
    return re.search(rf"(?<!\w){re.escape(value)}(?!\w)", text) is not None


def _people(record: Model) -> Iterator[tuple[Model, str, str]]:
    for place, people in _values(record, lambda field: isinstance(field, EntitiesField)):
        for each in people:
            if isinstance(code := getattr(each, "code", None), str):
                yield record, place, code


def _lookups(record: Model) -> Iterator[tuple[Model, str, str]]:
    for place, key in _values(record, lambda field: isinstance(field, LookupField)):
        if not is_blank(key):
            yield record, place, str(key)


def _values(record: Model, wanted: Callable[[Field[Any, Any]], bool]) -> Iterator[tuple[str, Any]]:
    """The values of some fields of the record and of its rows, by where they are."""
    for field in record._meta.fields.values():
        value = field.peek(record)
        if value is UNSET:
            continue
        if wanted(field):
            yield str(field), value
        if field.columns is None:
            continue
        for index, row in enumerate(value):
            for name, column in row._fields.items():
                cell = column.peek(row)
                if wanted(column) and cell is not UNSET:
                    yield f"{field}[{index}].{name}", cell
