"""The stored records that match the keys of an upsert."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kintone_orm.limits import RECORDS_PER_PAGE
from kintone_orm.models.ground.chunks import cut
from kintone_orm.query.long_texts import as_compared

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from kintone_orm.connection import Connection
    from kintone_orm.fields.base import Field
    from kintone_orm.models.ground.protocols import Meta
    from kintone_orm.models.record.instance import Instance

__all__ = ["KnownKeys"]


class KnownKeys:
    """The stored records by their key: numbers compare by value, texts letter by letter.

    It is unknown if kintone takes texts that differ only in trailing blanks for the same key. So a
    text with trailing blanks counts as a new key at first. If kintone refuses the text as taken,
    the text counts as the key of the record that has the text without the blanks.
    """

    def __init__(
        self,
        meta: Meta,
        key: Field,
        lookups: Sequence[str],
        connection: Connection,
    ) -> None:
        self._key = key
        self._records = meta.records(connection).order_by().only(key.name, *lookups)
        self._records_by_key: dict[Any, Instance] = {}
        self._shortened: dict[Any, Instance] = {}
        self._refused: set[Any] = set()

    def look_up(self, keys: Iterable[object], refused: Iterable[object] = ()) -> None:
        """Read the records of these keys; `refused` are the keys that kintone refused as taken.

        A filter ignores trailing blanks. So a page may hold more records than the keys asked for,
        and a later page may hold the same record again.
        """
        self._refused.update(refused)
        values = list(keys)
        for value in values:
            self._records_by_key.pop(value, None)
            self._shortened.pop(as_compared(value), None)
        for page in cut(values, RECORDS_PER_PAGE - 1):
            for record in self._records.filter(**{f"{self._key.name}__in": page}).iterator():
                value = self._key.peek(record)
                self._records_by_key[value] = self._shortened[as_compared(value)] = record

    def record(self, value: object) -> Instance | None:
        """Return the record with this key, or None."""
        record = self._records_by_key.get(value)
        if record is None and value in self._refused:
            record = self._shortened.get(as_compared(value))
        return record

    def may_be_stored(self, value: object) -> bool:
        """Return True if a stored record has this key, or a key that kintone may take for it."""
        return as_compared(value) in self._shortened
