"""Finding the field and row of a value that kintone refused without naming its place.

kintone's message names the value, and for a lookup also the field. The message is in the user's
language, so only the value and the field's name are searched in it.
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
from kintone_orm.models.record.tracked_lists import value_at_hand

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from kintone_orm.exceptions import APIError
    from kintone_orm.fields.base import Field
    from kintone_orm.models.ground.values import Values
    from kintone_orm.models.record.instance import Instance

__all__ = ["name_the_keys", "places_of_people"]

_SHOWN = 5
# The requests that write values, unlike the requests that write comments or assignees.
_RECORDS = ("/record.json", "/records.json", "/bulkRequest.json")


def name_the_keys(error: APIError, sent: Iterable[tuple[str, Instance, Values | None]]) -> None:
    """Name in the error each place of a lookup's key that no record of the other app has.

    `sent` holds for each record a prefix for its field names, the record, and the sent values. None
    in place of the sent values means every value of the record.
    """
    if not isinstance(error, LookupSourceNotFound) or not error.path.endswith(_RECORDS):
        return
    message = error.message
    keys = [
        (prefix, record, place, field, str(key))
        for prefix, record, values in sent
        for place, field, key in _values(record, values, LookupField)
        if not is_blank(key)
    ]
    named = named_in(message, {key for *_, key in keys})
    matches = [match for match in keys if match[-1] in named]
    matches = [match for match in matches if _is_named(message, match[3])] or matches
    error.places = {prefix + place: [message] for prefix, _, place, *_ in matches}
    for _, record, place, *_ in matches[:_SHOWN]:
        error.message += f" The key is in {record._meta.label}.{place} of {record!r}."
    if (more := len(matches) - _SHOWN) > 0:
        error.message += f" The key is in {more} more places."


def places_of_people(
    error: APIError, sent: Mapping[int, tuple[Instance, Values]]
) -> list[tuple[int, str]]:
    """Return the (index, place) of each user, group or organization that does not exist.

    `sent` are the records and their sent values, by index.
    """
    if meaning_of(error) is not Meaning.UNKNOWN_PERSON or not error.path.endswith(_RECORDS):
        return []
    people = [
        (index, place, entity.code)
        for index, (record, values) in sent.items()
        for place, _, entities in _values(record, values, EntitiesField)
        for entity in entities
    ]
    named = named_in(error.message, {code for *_, code in people})
    return [(index, place) for index, place, code in people if code in named]


def _is_named(text: str, field: Field) -> bool:
    return bool(named_in(text, {name for name in (field.code, field.verbose_name) if name}))


def _values(
    record: Instance, values: Values | None, kind: type[Field]
) -> Iterator[tuple[str, Field, Any]]:
    """Yield the place ("lines[1].item"), field and value of each field of the class `kind`."""
    for name, field in record._meta.fields.items():
        value = value_at_hand(record, field) if values is None else values.get(name, UNSET)
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
