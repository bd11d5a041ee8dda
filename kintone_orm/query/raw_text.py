"""The text of a condition that a person writes in kintone's own language, filled in and checked."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from kintone_orm.exceptions import FieldError
from kintone_orm.query.literals import literal

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["filled", "whole"]

_STRING = re.compile(r'"(?:[^"\\]|\\.)*"')
_PLACE = re.compile(r"\{\{|\}\}|\{(\w*)\}|[{}]")
_TEXT = re.compile(f"{_STRING.pattern}|{_PLACE.pattern}")
_NO_CONDITION = re.compile(r"(?<!\w)(order\s+by|limit|offset)(?!\w)", re.IGNORECASE)


def filled(text: str, values: Mapping[str, Any]) -> str:
    """The text with quoted values in the places ``{name}``; a brace of its own is doubled.

    FieldError for a place without a value or between quotes, and for a value that cannot be
    written.
    """

    def fill(place: re.Match[str]) -> str:
        if place[0][0] == '"':
            return _PLACE.sub(unquoted, place[0])
        if place[0] in ("{{", "}}"):
            return place[0][0]
        if place[1] is None:
            raise FieldError(
                f"Raw.format({text!r:.200}) has a brace alone: double it, {{{{ or }}}}."
            )
        if place[1] not in values:
            raise FieldError(
                f"Raw.format() has a place for {place[1]!r} and was given "
                f"{', '.join(values) or 'nothing'}."
            )
        return literal(values[place[1]])

    def unquoted(place: re.Match[str]) -> str:
        if place[1] is not None:
            raise FieldError(
                f"Raw.format({text!r:.200}) has {place[0]} between quotes: write it without them, "
                "as the value is quoted where it stands."
            )
        return place[0][0]

    return _TEXT.sub(fill, text)


def whole(text: Any) -> str:
    """The text of one condition; FieldError for what would reach beyond brackets around it."""
    if not isinstance(text, str):
        raise FieldError(f"Raw() takes a condition in kintone's language, not {text!r:.80}.")
    outside = _STRING.sub("", text)
    if not text.strip() or '"' in outside or not _is_balanced(outside):
        raise FieldError(f"Raw({text!r:.200}) is no whole condition: close quotes and brackets.")
    if found := _NO_CONDITION.search(outside):
        raise FieldError(
            f"Raw({text!r:.200}) is more than a condition: {found[1]!r} belongs to order_by() and "
            "slices."
        )
    return text.strip()


def _is_balanced(text: str) -> bool:
    depth = 0
    for character in text:
        depth += {"(": 1, ")": -1}.get(character, 0)
        if depth < 0:
            return False
    return depth == 0
