"""How the values of a field type compare: what a literal must look like, and what a cell holds.

A literal and a cell become the same kind of thing, made to be compared fast: a Decimal for a
number, an int for an id or a length of time, text for the rest. Dates, times and instants stay
text: as kintone spells them, "2024-02-06T12:59:00Z", their order is that of their characters.
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
    from collections.abc import Callable, Mapping

__all__ = ["STAMPS", "TEXT_COMPARED", "Kind", "kind_of", "with_seconds"]

STAMPS = frozenset(("CREATED_TIME", "UPDATED_TIME"))
TEXT_COMPARED = 64


@dataclass(frozen=True, slots=True)
class Kind:
    """How one kind of value compares.

    `literal` reads what a query says and raises ValueError for a wrong shape. `read` reads what
    a record holds under "value" (Any: JSON) and gives None for a blank, or a list of texts for
    a field of several values. `sorts_by` reads it for an order, where that differs. `lowest` sorts
    before every value: the place of blanks. `tolerant`: a literal of a wrong shape is no error.
    `entity` is what a literal is the code of: "USER", "ORGANIZATION" or "GROUP".
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


def _matching(pattern: str) -> Callable[[str], re.Match[str]]:
    compiled = re.compile(pattern)

    def match(text: str) -> re.Match[str]:
        found = compiled.fullmatch(text)
        if found is None:
            raise ValueError(text)
        return found

    return match


# Digits may be full-width, signs and points may not; an id has no minus and no point. Measured
# (SonicGarden, September 2026). int() refuses thousands of digits, Decimal huge exponents.
_DIGIT = "[0-9\uff10-\uff19]"
_id_shape = _matching(rf"\+?{_DIGIT}{{1,1000}}")
_number_shape = _matching(
    rf"[+-]?(?:{_DIGIT}+(?:\.{_DIGIT}+)?|\.{_DIGIT}+)(?:[eE][+-]?{_DIGIT}{{1,9}})?"
)
_date_shape = _matching(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_time_shape = _matching(r"[0-9]{2}:[0-9]{2}")
_instant_shape = _matching(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2})(?:Z|([+-][0-9]{2}):?([0-9]{2}))"
)
_duration_shape = _matching(r"(-?)([0-9]+):([0-5][0-9])")


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


def _as_it_is(value: Any) -> Any:
    return value or None


def _codes(value: Any) -> list[str]:
    return [entity["code"] for entity in value or ()]


def _compared(value: str | None) -> str:
    """What of a text counts in a comparison: its first 64 characters, without blanks at the end.

    Measured twice (SonicGarden, September 2026; kSQL, August 2026), in values and in literals.
    """
    return (value or "")[:TEXT_COMPARED].rstrip(" ")


_TEXT = Kind(_compared, lambda value: _compared(value) or None, sorts_by=_as_it_is)
_OPTION = Kind(str, _as_it_is)
_NUMBER = Kind(
    _number,
    _unless_blank(Decimal),
    Decimal("-Infinity"),
    "a number",
    bare_numbers=True,
    tolerant=True,
)
_DATE = Kind(_date, _as_it_is, shape="a date like 2024-02-06")
_TIME = Kind(_time, _as_it_is, shape="a time like 23:59")
_INSTANT = Kind(_instant, _as_it_is, shape="an instant like 2024-02-06T12:59:00Z")
_DURATION = Kind(_duration, _unless_blank(_duration), float("-inf"), "a length of time like 49:30")
_STAMP = Kind(_instant, _as_it_is, shape=_INSTANT.shape, has_blank=False)
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


def with_seconds(cell: Mapping[str, Any]) -> str:
    """When a record was written, with the seconds that the cell of it keeps and does not show."""
    return f"{cell['value'][:17]}{cell.get('seconds', '00')}Z"


def kind_of(definition: Mapping[str, Any]) -> Kind:
    """The kind of a field, from its definition as the form gives it; a CALC's is its format's."""
    if definition["type"] == "CALC":
        return _KIND_OF_FORMAT.get(definition.get("format", "NUMBER"), _NUMBER)
    return _KINDS.get(definition["type"], _TEXT)
