"""The lookups of each kintone field type, and the operators that they need.

Source: kintone REST API, "Query String", operators by field type.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass, replace
from functools import cached_property

__all__ = ["ORDER", "RULES", "Blank", "Functions", "Rules"]

ORDER = {"gt": ">", "gte": ">=", "lt": "<", "lte": "<="}


class Blank(enum.Enum):
    """The comparison that finds records with a blank field, as (operator, operand)."""

    EQUALS = ("=", '""')
    MEMBER = ("in", '("")')
    EMPTY = ("is", "empty")
    NEVER = ("", "")  # the field always has a value
    UNKNOWN = ("?", "")  # kintone's documents contradict each other


class Functions(enum.Enum):
    """The query functions that a type can be compared with."""

    NONE = "no query functions"
    DAYS = "the functions for days"
    INSTANTS = "the functions for days and Now()"
    USER = "LoginUser()"
    ORGANIZATION = "PrimaryOrganization()"


@dataclass(frozen=True)
class Rules:
    """The comparisons of a field type.

    `lowest` is the literal of the type's lowest value. ``>= lowest`` finds every value and no
    blank; it replaces ``!= ""``, which kintone does not have for the columns of tables.
    """

    blank: Blank
    equals: str = ""  # the operator for one value: "=", "in", or "" for no equality
    membership: str = ""  # the operator for several values: "in", or "=" joined by or
    ordered: bool = False
    begins_alike: bool = False  # only the beginnings of texts are compared (see `long_texts`)
    words: bool = False  # the field has `like`, kintone's word search
    several: bool = False  # the value is a list, and the blank is the empty list
    blank_is_never_greater: bool = False  # measured: > and >= find no blanks
    seconds_are_hidden: bool = False  # kintone sends no seconds, but may compare them
    calendar: tuple[str, ...] = ()  # the lookups by year, month or day
    functions: Functions = Functions.NONE
    lowest: str = ""

    @cached_property
    def lookups(self) -> tuple[str, ...]:
        """The names of the lookups, in alphabetical order."""
        names = ["exact", "in"] * bool(self.equals) + [*ORDER, "range"] * self.ordered
        names += ["contains", "like"] * self.words + list(self.calendar)
        names += ["isnull"] * (self.blank is not Blank.UNKNOWN)
        return tuple(sorted(names))


_DATE, _INSTANT = ("year", "month"), ("year", "month", "date")
_LOWEST_NUMBER = f'"-{"9" * 30}"'  # 30 digits are the maximum precision of an app
_LOWEST_DATE, _LOWEST_TIME, _LOWEST_INSTANT = '"0001-01-01"', '"00:00"', '"0001-01-01T00:00:00Z"'

_TEXT = Rules(Blank.EQUALS, equals="=", membership="in", words=True, begins_alike=True)
_TEMPORAL = Rules(
    Blank.EQUALS, equals="=", membership="=", ordered=True, blank_is_never_greater=True
)
_MOMENT = replace(
    _TEMPORAL, calendar=_INSTANT, functions=Functions.INSTANTS, lowest=_LOWEST_INSTANT
)
_STAMP = replace(_MOMENT, blank=Blank.NEVER, seconds_are_hidden=True)
_CHOICE = Rules(Blank.MEMBER, equals="in", membership="in")
_CHOICES = replace(_CHOICE, several=True)
_PEOPLE = replace(_CHOICES, functions=Functions.USER)
_WHO = replace(_PEOPLE, blank=Blank.NEVER, several=False)
_CALC = Rules(Blank.EQUALS, equals="=", membership="in", ordered=True)

RULES = {
    "__ID__": replace(_CALC, blank=Blank.NEVER, lowest='"0"'),
    "SINGLE_LINE_TEXT": _TEXT,
    "LINK": _TEXT,
    "MULTI_LINE_TEXT": Rules(Blank.EMPTY, words=True),
    "RICH_TEXT": Rules(Blank.UNKNOWN, words=True),
    "FILE": Rules(Blank.EMPTY, words=True, several=True),
    "NUMBER": replace(_CALC, blank_is_never_greater=True, lowest=_LOWEST_NUMBER),
    "CALC": _CALC,
    "DATE": replace(_TEMPORAL, calendar=_DATE, functions=Functions.DAYS, lowest=_LOWEST_DATE),
    "TIME": replace(_TEMPORAL, lowest=_LOWEST_TIME),
    "DATETIME": _MOMENT,
    "CREATED_TIME": _STAMP,
    "UPDATED_TIME": _STAMP,
    "DROP_DOWN": _CHOICE,
    "RADIO_BUTTON": _CHOICE,
    "CHECK_BOX": _CHOICES,
    "MULTI_SELECT": _CHOICES,
    "USER_SELECT": _PEOPLE,
    "STATUS_ASSIGNEE": _PEOPLE,
    "GROUP_SELECT": _CHOICES,
    "ORGANIZATION_SELECT": replace(_CHOICES, functions=Functions.ORGANIZATION),
    "CREATOR": _WHO,
    "MODIFIER": _WHO,
    "STATUS": Rules(Blank.NEVER, equals="=", membership="in"),
}
