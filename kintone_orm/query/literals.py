"""Quoting: the only place that writes a quote mark into a query.

Source: kintone REST API, "Query String", escape rules. A raw tab or line feed inside a string is
a syntax error there, and no escape for other control characters is documented.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time, timezone
from decimal import Decimal
from typing import Any

from kintone_orm.exceptions import FieldError, NotSupportedError
from kintone_orm.query.functions import Function

__all__ = ["literal", "quote", "unquoted", "with_line_feeds"]

_ESCAPES = str.maketrans({'"': '\\"', "\\": "\\\\", "\t": "\\t", "\n": "\\n"})
_MEANT = {'\\"': '"', "\\\\": "\\", "\\t": "\t", "\\n": "\n"}
_ESCAPED = re.compile(r"\\.")
_UNWRITABLE = re.compile(r"[\x00-\x08\x0b-\x1f\ud800-\udfff]")


def with_line_feeds(text: str) -> str:
    r"""The text with ``\n`` at the end of each line, where it has ``\r\n`` or ``\r``."""
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def quote(text: str) -> str:
    r"""`text` as a string literal of kintone's query language, quote marks included.

    >>> print(quote('5" \\ x'))
    "5\" \\ x"

    Lines end with ``\n``, however they end in `text`. Raises NotSupportedError for control
    characters (but not tab and line feed), and for half of a surrogate pair: no query can hold
    them.
    """
    text = with_line_feeds(text)
    if found := _UNWRITABLE.search(text):
        raise NotSupportedError(
            f"kintone's query language has no way to write the character {found[0]!r}."
        )
    return f'"{text.translate(_ESCAPES)}"'


def unquoted(literal: str) -> str:
    """The text that `quote` made a literal of."""
    return _ESCAPED.sub(lambda escape: _MEANT[escape[0]], literal[1:-1])


def literal(value: Any) -> str:
    """A Python value as an operand, for a field that is not known: ``"a"``, ``("a", "b")``.

    Takes text, whole numbers, decimals, dates, times and aware datetimes, a query function, None
    for a blank, and lists of these. Raises FieldError for anything else.
    """
    if isinstance(value, list | tuple | set | frozenset) and value:
        return f"({', '.join(map(literal, value))})"
    if isinstance(value, Function):
        return str(value)
    text = _written(value)
    if text is None:
        raise FieldError(
            f"{value!r:.80} cannot be written into a query: give text, a number, a date, a time, "
            "an aware datetime, a query function, None for a blank, or a list of these."
        )
    return quote(text)


def _written(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value or ""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if isinstance(value, Decimal) and value.is_finite():
        return format(value, "f")
    if isinstance(value, datetime):
        if value.tzinfo is None:
            return None
        return value.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time) and value.tzinfo is None:
        return value.isoformat("minutes")
    return None
