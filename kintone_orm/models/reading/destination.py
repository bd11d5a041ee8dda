"""The connection of a queryset: named by `using()`, or else resolved at each request."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kintone_orm.connection import connections
from kintone_orm.exceptions import ImproperlyConfigured

if TYPE_CHECKING:
    from datetime import tzinfo

    from kintone_orm.connection import Connection

__all__ = ["Destination"]


@dataclass(frozen=True, slots=True)
class Destination:
    """The connection that a queryset's requests go to: `using`, or else resolved at each request.

    `meta` is the `_meta` of the model, whose Meta may name a connection.
    """

    meta: Any
    using: Connection | str | None = None

    def connection(self) -> Connection:
        """Return the connection; ImproperlyConfigured if there is none."""
        return connections.resolve(self.using, default=self.meta.using)

    def zone(self) -> tzinfo | None:
        """Return the time zone of naive datetimes; None for UTC."""
        return self.connection().timezone

    def may_be_short(self, code: str) -> bool:
        """Return True if the field holds at most 64 characters, or the app's form is unknown.

        False if there is no connection.
        """
        try:
            connection = self.connection()
            short = connection.short_texts.get(self.meta.app_id(connection))
        except ImproperlyConfigured:
            return False
        return short is None or code in short

    def or_else(self, using: Connection) -> Destination:
        """Return this destination if `using()` or the model names a connection, else `using`."""
        return self if self.using or self.meta.using else Destination(self.meta, using)
