"""Comparing the values of each field type: reading a query's literals and a record's cells.

A literal and a cell are converted to the same Python type, which compares fast: Decimal for a
number, int for an id or a duration, str for the rest. Dates, times and instants stay text, because
kintone's spelling ("2024-02-06T12:59:00Z") sorts as text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any

from .functions import instant

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from ..ground.json_types import Cell, Definition

__all__ = ["STAMPS", "TEXT_COMPARED", "Kind", "kind_of", "with_seconds"]

STAMPS = frozenset(("CREATED_TIME", "UPDATED_TIME"))
TEXT_COMPARED = 64


@dataclass(frozen=True, slots=True)
class Kind:
    """The comparison of one kind of value.

    `literal` converts a query's literal; it raises ValueError for a wrong shape. `read` converts a
    cell's "value" (Any: JSON): to None for a blank, to a list of texts if `many`. `sorts_by`
    replaces `read` in an order. `lowest` sorts before every value and stands for blanks. `shape`
    describes a literal in errors. `bare_numbers` allows numbers without quotes. If `tolerant`, a
    literal of a wrong shape is not an error. If literals are codes of users, organizations or
    groups, `entity` is "USER", "ORGANIZATION" or "GROUP".
    """

    literal: Callable[[str], Any]
    read: Callable[[Any], Any]
    lowest: Any = ""
    shape: str = "text"
    many: bool = False
    has_blank: bool = True
    bare_numbers: bool = False
    tolerant: bool = False
    entity: str | None = None
    sorts_by: Callable[[Any], Any] | None = None


def _full_matcher(pattern: str) -> Callable[[str], re.Match[str]]:
    compiled = re.compile(pattern)

    def match_all(text: str) -> re.Match[str]:
        match = compiled.fullmatch(text)
        if match is None:
            raise ValueError(text)
        return match

    return match_all


# Measured (SonicGarden, September 2026): digits may be full-width, but signs and points may not. An
# id has neither a minus nor a point. The numbers of digits are limited, because int() refuses
# thousands of digits and Decimal refuses huge exponents.
_DIGIT = "[0-9\uff10-\uff19]"
_id_shape = _full_matcher(rf"\+?{_DIGIT}{{1,1000}}")
_number_shape = _full_matcher(
    rf"[+-]?(?:{_DIGIT}+(?:\.{_DIGIT}+)?|\.{_DIGIT}+)(?:[eE][+-]?{_DIGIT}{{1,9}})?"
)
_date_shape = _full_matcher(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_time_shape = _full_matcher(r"[0-9]{2}:[0-9]{2}")
_instant_shape = _full_matcher(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2})(?:Z|([+-][0-9]{2}):?([0-9]{2}))"
)
_duration_shape = _full_matcher(r"(-?)([0-9]+):([0-5][0-9])")


def _id(text: str) -> int:
    return int(_id_shape(text).group())


def _number(text: str) -> Decimal:
    return Decimal(_number_shape(text).group())


def _date(text: str) -> str:
    return date.fromisoformat(_date_shape(text).group()).isoformat()


def _time(text: str) -> str:
    return time.fromisoformat(_time_shape(text).group()).isoformat("minutes")


def _instant(text: str) -> str:
    if "T" not in text:
        return _date(text) + "T00:00:00Z"
    local, hours, minutes = _instant_shape(text).groups()
    offset = f"{hours}:{minutes}" if hours else "+00:00"
    try:
        return instant(datetime.fromisoformat(local + offset))
    except OverflowError as error:
        raise ValueError(text) from error


def _duration(text: str) -> int:
    sign, hours, minutes = _duration_shape(text).groups()
    length = int(hours) * 60 + int(minutes)
    return -length if sign else length


def _unless_blank(convert: Callable[[str], Any]) -> Callable[[Any], Any]:
    return lambda value: convert(value) if value else None


def _unchanged(value: str | None) -> str | None:
    return value or None


def _codes(entities: Iterable[Mapping[str, str]] | None) -> list[str]:
    return [entity["code"] for entity in entities or ()]


def _compared_text(value: str | None) -> str:
    """Return the compared part of a text: its first 64 characters, without spaces at the end.

    Measured twice (SonicGarden, September 2026; kSQL, August 2026), for values and for literals.
    """
    return (value or "")[:TEXT_COMPARED].rstrip(" ")


_TEXT = Kind(_compared_text, lambda value: _compared_text(value) or None, sorts_by=_unchanged)
_OPTION = Kind(str, _unchanged)
_NUMBER = Kind(
    _number,
    _unless_blank(Decimal),
    Decimal("-Infinity"),
    "a number",
    bare_numbers=True,
    tolerant=True,
)
_DATE = Kind(_date, _unchanged, shape="a date like 2024-02-06")
_TIME = Kind(_time, _unchanged, shape="a time like 23:59")
_INSTANT = Kind(_instant, _unchanged, shape="an instant like 2024-02-06T12:59:00Z")
_DURATION = Kind(_duration, _unless_blank(_duration), float("-inf"), "a length of time like 49:30")
_STAMP = Kind(_instant, _unchanged, shape=_INSTANT.shape, has_blank=False)
_ID = Kind(_id, _unless_blank(int), 0, "a whole number", bare_numbers=True, tolerant=True)
_CHOICES = Kind(str, lambda value: value or [], many=True)
_PERSON = Kind(str, lambda value: value["code"] if value else None, has_blank=False, entity="USER")
_entities = partial(Kind, str, _codes, many=True)

_KINDS: dict[str, Kind] = {
    "__ID__": _ID,
    "RECORD_NUMBER": _ID,
    "CREATOR": _PERSON,
    "MODIFIER": _PERSON,
    "CREATED_TIME": _STAMP,
    "UPDATED_TIME": _STAMP,
    "SINGLE_LINE_TEXT": _TEXT,
    "LINK": _TEXT,
    "NUMBER": _NUMBER,
    "CHECK_BOX": _CHOICES,
    "MULTI_SELECT": _CHOICES,
    "RADIO_BUTTON": _OPTION,
    "DROP_DOWN": _OPTION,
    "DATE": _DATE,
    "TIME": _TIME,
    "DATETIME": _INSTANT,
    "USER_SELECT": _entities(entity="USER"),
    "ORGANIZATION_SELECT": _entities(entity="ORGANIZATION"),
    "GROUP_SELECT": _entities(entity="GROUP"),
    "STATUS": _OPTION,
    "STATUS_ASSIGNEE": _entities(entity="USER"),
}

_KIND_OF_FORMAT: dict[str, Kind] = {
    "DATE": _DATE,
    "TIME": _TIME,
    "DATETIME": _INSTANT,
    "HOUR_MINUTE": _DURATION,
    "DAY_HOUR_MINUTE": _DURATION,
}


def with_seconds(cell: Cell) -> str:
    """Return the instant in a CREATED_TIME or UPDATED_TIME cell, with its hidden seconds."""
    return f"{cell['value'][:17]}{cell.get('seconds', '00')}Z"


def kind_of(definition: Definition) -> Kind:
    """Return the kind of the field with this definition. A CALC's kind depends on its format."""
    if definition["type"] == "CALC":
        return _KIND_OF_FORMAT.get(definition.get("format", "NUMBER"), _NUMBER)
    return _KINDS.get(definition["type"], _TEXT)
