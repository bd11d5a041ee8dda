"""Cursors: the record ids of a frozen result, kept for ten minutes."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from ..ground import limits
from ..ground.errors import fault

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence
    from datetime import datetime

__all__ = ["Cursor", "Cursors"]

_LIFETIME = timedelta(seconds=limits.CURSOR_LIFETIME_SECONDS)


@dataclass(slots=True)
class Cursor:
    """A frozen list of record ids and a position in the list. A page has the current values."""

    app: int
    fields: Sequence[str]
    ids: Sequence[int]
    size: int
    owner: Hashable = field(repr=False)
    expires: datetime
    position: int = 0

    def advance(self, now: datetime) -> Sequence[int]:
        """Return the ids of the next page. The cursor then expires in ten minutes."""
        page = self.ids[self.position : self.position + self.size]
        self.position += len(page)
        self.expires = now + _LIFETIME
        return page

    @property
    def is_exhausted(self) -> bool:
        """True if all pages were read."""
        return self.position >= len(self.ids)


class Cursors:
    """The open cursors of a domain, at most ten, by id."""

    def __init__(self) -> None:
        self._cursors: dict[str, Cursor] = {}

    def open(
        self,
        *,
        app: int,
        fields: Sequence[str],
        ids: Sequence[int],
        size: int,
        owner: Hashable,
        now: datetime,
    ) -> str:
        """Open a cursor, and return its id. Raises GAIA_TM12 if ten are open already."""
        self._drop_expired(now)
        if len(self._cursors) >= limits.CURSORS_PER_DOMAIN:
            raise fault("GAIA_TM12")
        key = str(uuid.uuid4())
        self._cursors[key] = Cursor(app, fields, ids, size, owner, now + _LIFETIME)
        return key

    def get(self, key: str, owner: Hashable, now: datetime) -> Cursor:
        """Return an open cursor.

        Raises GAIA_CN01 if there is no such cursor, and CB_NO02 if another caller opened it.
        """
        self._drop_expired(now)
        cursor = self._cursors.get(key)
        if cursor is None:
            raise fault("GAIA_CN01")
        if cursor.owner != owner:
            raise fault("CB_NO02")
        return cursor

    def close(self, key: str) -> None:
        """Close a cursor."""
        del self._cursors[key]

    def app_of(self, key: str) -> int | None:
        """Return the app that a cursor reads, or None if there is no such cursor."""
        cursor = self._cursors.get(key)
        return cursor.app if cursor else None

    def expire(self, key: str) -> None:
        """Expire the cursor with this id, if it exists."""
        self._cursors.pop(key, None)

    def _drop_expired(self, now: datetime) -> None:
        self._cursors = {
            key: cursor for key, cursor in self._cursors.items() if cursor.expires > now
        }
