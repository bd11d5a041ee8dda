"""Subquery: the query that ``filter(field__in=queryset)`` compares with, read when needed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from kintone_orm.exceptions import FieldError
from kintone_orm.fields.related_record import Refers
from kintone_orm.models.reading.running import explain_query, read_rows
from kintone_orm.models.record.row_shapes import Instances, Values
from kintone_orm.query.conditions import is_nothing

if TYPE_CHECKING:
    from kintone_orm.connection import Connection
    from kintone_orm.fields.base import Field
    from kintone_orm.models.reading.destination import Destination
    from kintone_orm.models.reading.query import Query

__all__ = ["Subquery", "subquery"]


@dataclass(frozen=True, slots=True)
class Subquery:
    """One value of each record of a query, for another query to compare with.

    `shown_as` is the name of the queryset's class, for the placeholder in the outer query's text.
    """

    query: Query[Any]
    destination: Destination
    shown_as: str = field(default="QuerySet", compare=False)

    def values_to_compare(self, using: Connection) -> list[Any]:
        """Read the values and return each once, without blanks.

        The values are read from `using`, the connection of the outer query, unless the inner query
        or its model names a connection.
        """
        values = read_rows(self.query, self.destination.or_else(using))
        return list(dict.fromkeys(value for value in values if value not in (None, "")))

    def requests(self, using: Connection) -> str:
        """Return the number of requests that reading takes, in words; nothing is sent."""
        return explain_query(self.query, self.destination.or_else(using)).requests

    def __repr__(self) -> str:
        return shown(self.query, self.shown_as)


def subquery(
    query: Query[Any], destination: Destination, compared: Field, shown_as: str
) -> Subquery:
    """Return the subquery of the values that the field `compared` is compared with."""
    name = _name_to_compare(query, compared)
    return Subquery(query.values("values_list", [name], "flat"), destination, shown_as)


def shown(query: Query[Any], class_name: str) -> str:
    """Return the text of an unread queryset, for its repr and for an outer query's text."""
    text = "no record" if is_nothing(query.condition) else query.compile()
    return f"<{class_name} of {query.model.__name__}: {text} (not fetched)>"


def _name_to_compare(query: Query[Any], compared: Field) -> str:
    """Return the name of the field to compare with `compared`; FieldError if it is unclear.

    Ids are compared with ids, and a lookup with the keys of the model that it looks up. Any other
    field is compared with the one field that `values_list` or `values` names.
    """
    if isinstance(query.shape, Values) and len(query.shape.names) == 1:
        return query.shape.names[0]
    if isinstance(query.shape, Instances):
        if compared.kintone_type == "__ID__":
            return "pk"
        refers_to = compared.refers_to
        if isinstance(refers_to, Refers) and refers_to.target is query.model:
            name: str = refers_to.name_of_key(compared.kintone_type)
            return name
    raise FieldError(
        f"{compared}__in needs one value from each {query.model.__name__}. Add "
        '.values_list("name", flat=True) to the queryset, with the name of the field to compare '
        "with."
    )
