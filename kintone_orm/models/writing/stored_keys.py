"""The records that are there, by the key of the objects that are to be upserted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kintone_orm.limits import RECORDS_PER_PAGE
from kintone_orm.models.ground.chunks import cut
from kintone_orm.query.long_texts import as_compared

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from kintone_orm.connection import Connection
    from kintone_orm.fields.base import Field
    from kintone_orm.models.base import Model
    from kintone_orm.models.definition.options import Options

__all__ = ["KnownKeys"]


class KnownKeys:
    """The records that are there, by the key's value: numbers by value, texts letter by letter.

    Whether blanks at the end of a text make another key nobody has measured. So such a key is new
    at first, and names the record of the text without them once kintone has refused it.
    """

    def __init__(
        self,
        meta: Options,
        key: Field[Any, Any],
        lookups: Sequence[str],
        connection: Connection,
    ) -> None:
        self._key = key
        self._records = meta.model._records(connection).order_by().only(key.name, *lookups)
        self._found: dict[Any, Model] = {}
        self._shortened: dict[Any, Model] = {}
        self._refused: set[Any] = set()

    def look_up(self, keys: Iterable[Any], refused: Iterable[Any] = ()) -> None:
        """Read the records of these keys, of which `refused` were not taken as new ones.

        A filter takes texts for equal that differ in blanks at their end, so a page may hold more
        records than keys were asked for, and the next one some of these.
        """
        self._refused.update(refused)
        asked = list(keys)
        for value in asked:
            self._found.pop(value, None)
            self._shortened.pop(as_compared(value), None)
        for part in cut(asked, RECORDS_PER_PAGE - 1):
            for record in self._records.filter(**{f"{self._key.name}__in": part}).iterator():
                value = self._key.peek(record)
                self._found[value] = self._shortened[as_compared(value)] = record

    def record(self, value: Any) -> Model | None:
        """The record that the key names; None if there is none."""
        found = self._found.get(value)
        if found is None and value in self._refused:
            found = self._shortened.get(as_compared(value))
        return found
