"""Field codes that no query can name.

Source: kintone REST API, "Query String": codes stand unquoted, and no escape is documented for
one that reads like a word of the language.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kintone_orm.exceptions import FieldError

if TYPE_CHECKING:
    from kintone_orm.query.resolve import Comparable

__all__ = ["require_no_keyword"]

_KEYWORDS = frozenset(
    ["and", "or", "not", "in", "like", "is", "empty", "order", "by", "asc", "desc"]
    + ["limit", "offset"]
)


def require_no_keyword(field: Comparable) -> None:
    """Raise FieldError for a field whose code is a word of kintone's query language."""
    if field.code in _KEYWORDS:
        raise FieldError(
            f"{field} cannot be filtered or sorted by: its code {field.code!r} is a word of "
            "kintone's query language, which has no way to quote it. Rename the field in the app."
        )
