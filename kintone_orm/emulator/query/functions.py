"""The functions of queries: periods of time, the current instant, and the caller.

Source: kintone REST API, "Query String": functions.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from typing import TYPE_CHECKING, NamedTuple

from ..ground.errors import fault
from .invalid_query import invalid_query

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import tzinfo

    from .syntax import Call

__all__ = ["Context", "Span", "evaluate", "instant"]


@dataclass(frozen=True, slots=True)
class Context:
    """The caller and the time of a query. Functions such as TODAY() depend on both.

    `now` is an aware datetime. `timezone` is the caller's, and decides when a day begins. `user` is
    the caller's login name, `organization` the code of the caller's primary organization.
    `accounts` are the login names of the domain, the oldest account first: the order of users in
    `order by`.
    `exists(kind, code)` is true if the domain has this "USER", "ORGANIZATION" or "GROUP".
    """

    now: datetime
    timezone: tzinfo
    user: str
    organization: str | None = None
    accounts: tuple[str, ...] = ()
    exists: Callable[[str, str], bool] = lambda _kind, _code: True


class Span(NamedTuple):
    """A period from `start` (included) to `end` (excluded), spelled as dates or instants."""

    start: str
    end: str


class _Days(NamedTuple):
    """A period of whole days, both included."""

    first: date
    last: date


_WEEK_DAYS = ("SUNDAY", "MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY")
_MONTHS_IN = {"MONTHS": 1, "YEARS": 12}
_DAYS_IN = {"DAYS": 1, "WEEKS": 7}
# Seven digits are enough for the days of 10,000 years. The count is limited, because int() refuses
# thousands of digits.
_INTEGER = re.compile(r"[+-]?[0-9]{1,7}")


def _day(offset: int) -> Callable[..., _Days]:
    def find(today: date) -> _Days:
        day = today + timedelta(days=offset)
        return _Days(day, day)

    return find


def _week(offset: int) -> Callable[..., _Days]:
    def find(today: date, name: str | None = None) -> _Days:
        sunday = today - timedelta(days=today.isoweekday() % 7) + timedelta(weeks=offset)
        if name is None:
            return _Days(sunday, sunday + timedelta(days=6))
        if name not in _WEEK_DAYS:
            days = ", ".join(_WEEK_DAYS)
            raise invalid_query(f"The day of the week must be one of {days}, not {name}.")
        day = sunday + timedelta(days=_WEEK_DAYS.index(name))
        return _Days(day, day)

    return find


def _month(offset: int) -> Callable[..., _Days]:
    def find(today: date, number: str | None = None) -> _Days:
        first = _months_later(today.replace(day=1), offset)
        last = first.replace(day=_length(first))
        if number is None:
            return _Days(first, last)
        if number == "LAST":
            return _Days(last, last)
        if not _INTEGER.fullmatch(number) or not 1 <= int(number) <= 31:
            raise fault("GAIA_IQ23", day=number)
        # If the month lacks the day, kintone takes the 1st of the next month, also for
        # February 31.
        day = first + timedelta(days=min(int(number) - 1, _length(first)))
        return _Days(day, day)

    return find


def _year(offset: int) -> Callable[..., _Days]:
    def find(today: date) -> _Days:
        year = today.year + offset
        return _Days(date(year, 1, 1), date(year, 12, 31))

    return find


def _from_today(today: date, number: str, unit: str) -> _Days:
    if not _INTEGER.fullmatch(number):
        raise invalid_query(f"FROM_TODAY() must have a whole number, not {number}.")
    if unit in _DAYS_IN:
        day = today + timedelta(days=int(number) * _DAYS_IN[unit])
    elif unit in _MONTHS_IN:
        day = _months_later(today, int(number) * _MONTHS_IN[unit])
    else:
        raise fault("GAIA_IQ25")
    return _Days(day, day)


def _months_later(day: date, months: int) -> date:
    years, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    first = date(years, month + 1, 1)
    return first.replace(day=min(day.day, _length(first)))


def _length(month: date) -> int:
    return calendar.monthrange(month.year, month.month)[1]


# The query functions that give days. Each has its possible numbers of arguments, and the Python
# function that finds the days.
_PERIODS: dict[str, tuple[tuple[int, ...], Callable[..., _Days]]] = {
    "TODAY": ((0,), _day(0)),
    "YESTERDAY": ((0,), _day(-1)),
    "TOMORROW": ((0,), _day(1)),
    "FROM_TODAY": ((2,), _from_today),
    "THIS_WEEK": ((0, 1), _week(0)),
    "LAST_WEEK": ((0, 1), _week(-1)),
    "NEXT_WEEK": ((0, 1), _week(1)),
    "THIS_MONTH": ((0, 1), _month(0)),
    "LAST_MONTH": ((0, 1), _month(-1)),
    "NEXT_MONTH": ((0, 1), _month(1)),
    "THIS_YEAR": ((0,), _year(0)),
    "LAST_YEAR": ((0,), _year(-1)),
    "NEXT_YEAR": ((0,), _year(1)),
}

# The other functions, which take no arguments.
_VALUES: dict[str, Callable[[Context], str | None]] = {
    "NOW": lambda context: instant(context.now),
    "LOGINUSER": lambda context: context.user,
    "PRIMARY_ORGANIZATION": lambda context: context.organization,
}

_DATE_FUNCTIONS = frozenset(_PERIODS)
_COMPARISONS = frozenset(("=", "!=", ">", "<", ">=", "<="))
_LISTS = frozenset(("in", "not in"))

# The functions that a field type allows, and the operators that they may follow.
_ALLOWED: dict[str, tuple[frozenset[str], frozenset[str]]] = {
    "DATE": (_DATE_FUNCTIONS, _COMPARISONS),
    "DATETIME": (_DATE_FUNCTIONS | {"NOW"}, _COMPARISONS),
    "CREATED_TIME": (_DATE_FUNCTIONS | {"NOW"}, _COMPARISONS),
    "UPDATED_TIME": (_DATE_FUNCTIONS | {"NOW"}, _COMPARISONS),
    "CREATOR": (frozenset(("LOGINUSER",)), _LISTS),
    "MODIFIER": (frozenset(("LOGINUSER",)), _LISTS),
    "USER_SELECT": (frozenset(("LOGINUSER",)), _LISTS),
    "STATUS_ASSIGNEE": (frozenset(("LOGINUSER",)), _LISTS),
    "ORGANIZATION_SELECT": (frozenset(("PRIMARY_ORGANIZATION",)), _LISTS),
}


def evaluate(call: Call, context: Context, *, field_type: str, operator: str) -> str | Span | None:
    """Return the value of this function in a condition on a field of this type.

    The value is a Span for days, otherwise an instant or a code as text. It is None for the primary
    organization of a caller without one: then kintone drops the condition. Raises GAIA_IL08
    for wrong arguments, GAIA_IQ23 for a wrong day, GAIA_IQ25 for a wrong unit, and CB_VA01 for a
    function that this field type or operator does not allow.
    """
    functions, operators = _ALLOWED.get(field_type, (frozenset[str](), frozenset[str]()))
    if call.name not in functions or operator not in operators:
        raise invalid_query(f"{call.name}() cannot follow {operator} on a {field_type} field.")
    if call.name in _VALUES:
        if call.arguments:
            raise fault("GAIA_IL08")
        return _VALUES[call.name](context)
    counts, find = _PERIODS[call.name]
    if len(call.arguments) not in counts:
        raise fault("GAIA_IL08")
    try:
        days = find(context.now.astimezone(context.timezone).date(), *call.arguments)
        return _span(days, context.timezone, dates=field_type == "DATE")
    except (OverflowError, ValueError) as error:
        raise invalid_query(f"{call.name}() is outside the years 1 to 9999.") from error


def _span(days: _Days, zone: tzinfo, *, dates: bool) -> Span:
    after = days.last + timedelta(days=1)
    if dates:
        return Span(days.first.isoformat(), after.isoformat())
    midnight = time(tzinfo=zone)
    return Span(
        instant(datetime.combine(days.first, midnight)), instant(datetime.combine(after, midnight))
    )


def instant(moment: datetime) -> str:
    """Return an aware datetime as text that sorts by time: "2024-02-06T12:59:00Z"."""
    return moment.astimezone(timezone.utc).replace(tzinfo=None).isoformat("T", "seconds") + "Z"
