"""The protocols of fields and relations that the query language needs.

Source: kintone REST API, "Query String": field codes are unquoted, and no escape is documented for
a code that is a keyword.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Protocol

from kintone_orm.exceptions import FieldError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import tzinfo
    from typing import TypeAlias

    Zone: TypeAlias = Callable[[], tzinfo | None]

__all__ = ["Comparable", "Reference", "require_no_keyword"]

_KEYWORDS = frozenset(
    ["and", "or", "not", "in", "like", "is", "empty", "order", "by", "asc", "desc"]
    + ["limit", "offset"]
)


class Reference(Protocol):
    """The relation of a field that holds keys of another model's records."""

    def plain(self, value: object) -> object:
        """Return the key of `value` if it is a record; return any other value unchanged."""
        ...

    def elsewhere(self, field: Comparable, lookup: str) -> str:
        """Return advice on how to filter, if `lookup` names a field of the other model; else ""."""
        ...


class Comparable(Protocol):
    """A field, as filters and orders see it.

    `table` is the code of the subtable or reference table that the field is a column of.
    """

    code: str
    kintone_type: ClassVar[str]
    table: str | None
    refers_to: Reference | None

    @property
    def most_characters(self) -> int | None:
        """The maximum length of a text, as the model declares it; None for any length."""
        ...

    @property
    def asked_as(self) -> str:
        """The key of the field's rules in `type_rules.RULES`, usually the kintone type."""
        ...

    @property
    def columns(self) -> Mapping[str, Comparable] | None:
        """The columns of a table by name; None for any other field."""
        ...

    def operand(self, lookup: str, value: object, zone: Zone) -> str:
        """Return the literal to compare with; FieldError for a value that does not fit.

        `zone` returns the time zone of naive datetimes; it is called only for a naive datetime.
        """
        ...


def require_no_keyword(field: Comparable) -> None:
    """Raise FieldError for a field whose code is a keyword of kintone's query language."""
    if field.code in _KEYWORDS:
        raise FieldError(
            f"{field} cannot be filtered or sorted by: its code {field.code!r} is a keyword of "
            "kintone's query language and cannot be quoted. Rename the field code in the app."
        )
