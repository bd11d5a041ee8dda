"""Quoting: the only place that writes a quote mark into a query.

Source: kintone REST API, "Query String", escape rules. A raw tab or line feed inside a string is
a syntax error there, and no escape for other control characters is documented.
"""

from __future__ import annotations

import re

from kintone_orm.exceptions import NotSupportedError

__all__ = ["quote"]

_ESCAPES = str.maketrans({'"': '\\"', "\\": "\\\\", "\t": "\\t", "\n": "\\n"})
_UNWRITABLE = re.compile(r"[\x00-\x08\x0b-\x1f]")


def quote(text: str) -> str:
    r"""`text` as a string literal of kintone's query language, quote marks included.

    >>> print(quote('5" \\ x'))
    "5\" \\ x"

    Raises NotSupportedError for a carriage return and other control characters (but not tab and
    line feed), which no query can hold.
    """
    if "\r" in text:
        raise NotSupportedError(
            "kintone's query language has no way to write a carriage return (\\r); "
            "its records hold line feeds (\\n) only: use text.replace('\\r\\n', '\\n')."
        )
    if found := _UNWRITABLE.search(text):
        raise NotSupportedError(
            f"kintone's query language has no way to write the control character {found[0]!r}."
        )
    return f'"{text.translate(_ESCAPES)}"'
