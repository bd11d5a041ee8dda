"""Where in a record the value stands that kintone refused: its refusal gives no place.

It names the value, and of a lookup also the field, in the user's own language. These are looked
for, and no other word of it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, TypeAlias

from kintone_orm.exceptions import LookupSourceNotFound
from kintone_orm.fields.base import UNSET
from kintone_orm.fields.entity import EntitiesField
from kintone_orm.fields.lookup import LookupField
from kintone_orm.http.codes import Meaning, meaning_of
from kintone_orm.models.held import at_hand
from kintone_orm.models.keys import is_blank

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

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
    told = error.message
    found = [(record, *each) for record, values in sent for each in held(record, values)]
    named = named_in(told, {value for *_, value in found})
    found = [each for each in found if each[-1] in named]
    if isinstance(error, LookupSourceNotFound):  # which names the field as well
        found = [each for each in found if _is_named(told, each[2])] or found
    return [(record, place) for record, place, *_ in found]


def named_in(text: str, values: Collection[str]) -> set[str]:
    """Those of the values that kintone's text may be about.

    A value is a word of its own, and the text does not begin with it: "A" is no value in "A value
    B in the field F does not exist". Of several the longest are taken: "1" is a part of "C-1", and
    "in" a word of the sentence.
    """
    found = {value for value in values if re.search(rf"(?<=\W){re.escape(value)}(?!\w)", text)}
    longest = max(map(len, found), default=0)
    return {value for value in found if len(value) == longest}


def _is_named(text: str, field: Field[Any, Any]) -> bool:
    return bool(named_in(text, {name for name in (field.code, field.verbose_name) if name}))


# Of a record: the place, the field and the value of each that may be meant.
_Held: TypeAlias = "Iterator[tuple[str, Field[Any, Any], str]]"


def _people(record: Model, values: Mapping[str, Any] | None) -> _Held:
    for place, field, people in _values(record, values, EntitiesField):
        for each in people:
            if isinstance(code := getattr(each, "code", None), str):
                yield place, field, code


def _lookups(record: Model, values: Mapping[str, Any] | None) -> _Held:
    for place, field, key in _values(record, values, LookupField):
        if not is_blank(key):
            yield place, field, str(key)


def _values(
    record: Model, values: Mapping[str, Any] | None, kind: type[Field[Any, Any]]
) -> Iterator[tuple[str, Field[Any, Any], Any]]:
    """Where fields of some kind are, in the record and in its rows, and their values."""
    for field in record._meta.fields.values():
        value = at_hand(record, field) if values is None else values.get(field.name, UNSET)
        if value is UNSET:
            continue
        if isinstance(field, kind):
            yield str(field), field, value
        rows: Any = value if field.columns is not None else ()
        for index, row in enumerate(rows):
            for name, column in row._fields.items():
                cell = column.peek(row)
                if isinstance(column, kind) and cell is not UNSET:
                    yield f"{field}[{index}].{name}", column, cell
