"""Quoting values: the only module that writes a quotation mark into a query.

Source: kintone REST API, "Query String", escape rules. A raw tab or line feed in a string literal
is a syntax error in kintone. No escape is documented for other control characters.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time, timezone
from decimal import Decimal

from kintone_orm.exceptions import FieldError, NotSupportedError
from kintone_orm.query.functions import Function

__all__ = ["literal", "quote", "unquoted", "with_line_feeds"]

_ESCAPES = str.maketrans({'"': '\\"', "\\": "\\\\", "\t": "\\t", "\n": "\\n"})
_UNESCAPED = {'\\"': '"', "\\\\": "\\", "\\t": "\t", "\\n": "\n"}
_ESCAPED = re.compile(r"\\.")
_UNWRITABLE = re.compile(r"[\x00-\x08\x0b-\x1f\ud800-\udfff]")


def with_line_feeds(text: str) -> str:
    r"""Return the text with ``\n`` in place of each ``\r\n`` and ``\r``."""
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def quote(text: str) -> str:
    r"""Return `text` as a string literal of kintone's query language, with the quotation marks.

    >>> print(quote('5" \\ x'))
    "5\" \\ x"

    Line ends become ``\n``. Raises NotSupportedError for a control character other than tab and
    line feed, and for half of a surrogate pair: a query cannot contain them.
    """
    text = with_line_feeds(text)
    if unwritable := _UNWRITABLE.search(text):
        raise NotSupportedError(
            f"kintone's query language has no way to write the character {unwritable[0]!r}."
        )
    return f'"{text.translate(_ESCAPES)}"'


def unquoted(literal: str) -> str:
    """Return the text of a literal that `quote` made."""
    return _ESCAPED.sub(lambda escape: _UNESCAPED[escape[0]], literal[1:-1])


def literal(value: object) -> str:
    """Return the operand for a Python value of an unknown field: ``"a"``, ``("a", "b")``.

    Takes str, int, Decimal, date, time, aware datetime, a query function, None for a blank, and
    lists of these. Raises FieldError for any other value.
    """
    if isinstance(value, list | tuple | set | frozenset) and value:
        return f"({', '.join(map(literal, value))})"
    if isinstance(value, Function):
        return str(value)
    text = _written(value)
    if text is None:
        raise FieldError(
            f"{value!r:.80} cannot be written into a query. Use text, a number, a date, a time, "
            "an aware datetime, a query function, None for a blank, or a list of these."
        )
    return quote(text)


def _written(value: object) -> str | None:
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
