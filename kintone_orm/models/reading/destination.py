"""The connection that a queryset uses: named by `using()`, or resolved at each request."""

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
    """Where the requests of a queryset go: `using`, or else the connection that is meant then.

    `meta` is that of the model, whose Meta may name a connection.
    """

    meta: Any
    using: Connection | str | None = None

    def connection(self) -> Connection:
        """The connection; ImproperlyConfigured if there is none."""
        return connections.resolve(self.using, default=self.meta.using)

    def zone(self) -> tzinfo | None:
        """The time zone of naive datetimes; None for UTC."""
        return self.connection().timezone

    def may_be_short(self, code: str) -> bool:
        """True if the field holds at most 64 characters in the app, or its form is unknown yet."""
        try:
            connection = self.connection()
            short = connection.short_texts.get(self.meta.app_id(connection))
        except ImproperlyConfigured:
            return False
        return short is None or code in short

    def or_else(self, using: Connection) -> Destination:
        """This destination if it is named, by `using()` or by the model; else `using`."""
        return self if self.using or self.meta.using else Destination(self.meta, using)
