"""Checking conditions in kintone's language, and filling values into them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kintone_orm.exceptions import FieldError
from kintone_orm.query.literals import literal

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["filled", "whole"]

_STRING = re.compile(r'"(?:[^"\\]|\\.)*"')
_PLACE = re.compile(r"\{\{|\}\}|\{(\w*)\}|[{}]")
_TEXT = re.compile(f"{_STRING.pattern}|{_PLACE.pattern}")
_NO_CONDITION = re.compile(r"(?<!\w)(order\s+by|limit|offset)(?!\w)", re.IGNORECASE)


def filled(text: str, values: Mapping[str, object]) -> str:
    """Return the text with each ``{name}`` replaced by its quoted value, and ``{{`` by ``{``.

    Raises FieldError for a name without a value, for a name inside quotation marks, and for a
    value that cannot be written.
    """

    def fill(place: re.Match[str]) -> str:
        if place[0][0] == '"':
            return _PLACE.sub(unquoted, place[0])
        if place[0] in ("{{", "}}"):
            return place[0][0]
        if place[1] is None:
            raise FieldError(
                f"Raw.format({text!r:.200}) has a single brace. Double it: {{{{ or }}}}."
            )
        if place[1] not in values:
            raise FieldError(
                f"Raw.format() needs a value for {place[1]!r}. It has "
                f"{', '.join(values) or 'no values'}."
            )
        return literal(values[place[1]])

    def unquoted(place: re.Match[str]) -> str:
        if place[1] is not None:
            raise FieldError(
                f"Raw.format({text!r:.200}) has {place[0]} inside quotation marks. Remove them: "
                "the value is quoted."
            )
        return place[0][0]

    return _TEXT.sub(fill, text)


def whole(text: object) -> str:
    """Return the text of one complete condition; FieldError if parentheses cannot enclose it."""
    if not isinstance(text, str):
        raise FieldError(f"Raw() takes a condition in kintone's language, not {text!r:.80}.")
    outside = _STRING.sub("", text)
    if not text.strip() or '"' in outside or not _is_balanced(outside):
        raise FieldError(
            f"Raw({text!r:.200}) is not a complete condition. Close quotation marks and brackets."
        )
    if clause := _NO_CONDITION.search(outside):
        raise FieldError(
            f"Raw({text!r:.200}) is more than a condition. Replace {clause[1]!r} by order_by() or "
            "a slice."
        )
    return text.strip()


def _is_balanced(text: str) -> bool:
    depth = 0
    for character in text:
        depth += {"(": 1, ")": -1}.get(character, 0)
        if depth < 0:
            return False
    return depth == 0
