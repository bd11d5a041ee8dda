"""What a query needs to know of a field.

Source: kintone REST API, "Query String": codes stand unquoted, and no escape is documented for
one that reads like a word of the language.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Protocol

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
    """Whose key a field holds, as far as filters need to know it."""

    def plain(self, value: Any) -> Any:
        """What is compared with: of a record its key, anything else as it is."""
        ...

    def elsewhere(self, asked: Comparable, lookup: str) -> str:
        """Where to ask for `lookup`, if that is a field of the other model; "" if not."""
        ...


class Comparable(Protocol):
    """A field, as far as filters and orders need to know it.

    `table` is the code of the subtable, or of the related records, that the field is a column of.
    """

    code: str
    kintone_type: ClassVar[str]
    table: str | None
    refers_to: Reference | None

    @property
    def most_characters(self) -> int | None:
        """How long a text in the field can be, as far as the model says; None: any length."""
        ...

    @property
    def asked_as(self) -> str:
        """The type whose lookups the field has: its kintone type, where that says enough."""
        ...

    @property
    def columns(self) -> Mapping[str, Comparable] | None:
        """The columns of a table by name; None for any other field."""
        ...

    def operand(self, lookup: str, value: Any, zone: Zone) -> str:
        """The literal to compare with; FieldError for a value that does not fit.

        `zone` gives the time zone that naive datetimes are in, and is only asked for one.
        """
        ...


def require_no_keyword(field: Comparable) -> None:
    """Raise FieldError for a field whose code is a word of kintone's query language."""
    if field.code in _KEYWORDS:
        raise FieldError(
            f"{field} cannot be filtered or sorted by: its code {field.code!r} is a word of "
            "kintone's query language, which has no way to quote it. Rename the field in the app."
        )
