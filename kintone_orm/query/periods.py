"""Comparisons with query functions, in the forms whose meaning is documented.

kintone documents `=` with a period of several days, and `<` of an instant with a day. Other
comparisons with a period have no documented meaning. Each of these comparisons is therefore
composed from `=` with the whole period and from comparisons with its first and last day. Then every
possible meaning gives the same records. Source: kintone REST API, "Query String", functions.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kintone_orm.exceptions import NotSupportedError
from kintone_orm.query.conditions import (
    ANY_RECORD,
    NO_RECORD,
    OPPOSITE,
    Condition,
    Predicate,
    all_of,
    any_of,
)
from kintone_orm.query.functions import (
    SHORTEST_MONTH,
    WEEK_DAYS,
    FromToday,
    Function,
    LastMonth,
    LastWeek,
    Month,
    NextMonth,
    NextWeek,
    Period,
    PrimaryOrganization,
    ThisMonth,
    ThisWeek,
    Today,
    Tomorrow,
    Week,
    Year,
    Yesterday,
)

if TYPE_CHECKING:
    from kintone_orm.query.comparable import Comparable

__all__ = ["MAY_BE_DROPPED", "compare_with_function", "days_of", "is_one_day"]

# kintone drops a condition with this operand for a user without a primary organization.
MAY_BE_DROPPED = f"({PrimaryOrganization()})"


def compare_with_function(
    field: Comparable, operator: str, function: Function, *, negated: bool
) -> Condition:
    """Return the condition for a comparison with a function; if `negated`, its opposite.

    The opposite does not test for blanks. Raises NotSupportedError if the comparison needs a day
    for which kintone has no function.
    """
    if not isinstance(function, Period):
        return _with_one(field, operator, function, negated)
    if negated:
        operator = OPPOSITE[operator]
    if field.kintone_type == "DATE":
        return _of_days(field, operator, function)
    return _of_instants(field, operator, function)


def days_of(field: Comparable, period: Period) -> tuple[Period, Period]:
    """Return the first and the last day of a period; NotSupportedError for a year."""
    if isinstance(period, Year):
        raise NotSupportedError(
            f"{field} cannot be compared with {period!r} by this lookup: the lookup needs the "
            "first or last day of the year, for which kintone has no function. Write the year: "
            "__year=2026."
        )
    if isinstance(period, Week) and not period.arguments:
        return type(period)("SUNDAY"), type(period)("SATURDAY")
    if isinstance(period, Month) and not period.arguments:
        return type(period)(1), type(period)("LAST")
    return period, period


def is_one_day(period: Period) -> bool:
    """Return True if the period is a single day."""
    return not isinstance(period, Year) and (
        not isinstance(period, (Week, Month)) or bool(period.arguments)
    )


def _day_after(day: Period) -> Period | None:
    """Return the next day; None if kintone has no function for it."""
    if isinstance(day, FromToday):
        number, unit = day.arguments
        length = {"DAYS": 1, "WEEKS": 7}.get(unit)
        return None if length is None else FromToday(number * length + 1, "DAYS")
    if isinstance(day, Week):
        (name,) = day.arguments
        if name != "SATURDAY":
            return type(day)(WEEK_DAYS[WEEK_DAYS.index(name) + 1])
        week = _NEXT.get(type(day))
        return week and week("SUNDAY")
    if isinstance(day, Month):
        (number,) = day.arguments
        if number == "LAST":
            month = _NEXT.get(type(day))
            return month and month(1)
        return type(day)(number + 1) if number < SHORTEST_MONTH else None
    return FromToday({Yesterday: 0, Today: 1, Tomorrow: 2}[type(day)], "DAYS")


_NEXT: dict[type[Period], Any] = {
    LastWeek: ThisWeek,
    ThisWeek: NextWeek,
    LastMonth: ThisMonth,
    ThisMonth: NextMonth,
}


def _with_one(field: Comparable, operator: str, function: Function, negated: bool) -> Condition:
    if operator != "in":
        return Predicate(field.code, OPPOSITE[operator] if negated else operator, str(function))
    operand = f"({function})"
    membership = Predicate(field.code, "not in" if negated else "in", operand, field.table)
    if not isinstance(function, PrimaryOrganization):
        return membership
    # For a user without a primary organization, kintone ignores the first predicate. Then the
    # second one decides alone: `in` finds no record, and `not in` finds every record.
    return all_of([membership, ANY_RECORD]) if negated else any_of([membership, NO_RECORD])


def _of_days(field: Comparable, operator: str, period: Period) -> Condition:
    """Return the comparison of a date, for which a day is an exact operand."""
    first_and_last = (period, period) if operator == "=" else days_of(field, period)
    if operator == "!=" and first_and_last != (period, period):
        return any_of([_of_days(field, bound, period) for bound in ("<", ">")])
    day = first_and_last[operator in (">", "<=")]
    return Predicate(field.code, operator, str(day))


def _of_instants(field: Comparable, operator: str, period: Period) -> Condition:
    """Return the comparison of an instant, for which even a day is a range."""
    if operator == "=":
        return Predicate(field.code, "=", str(period))
    first, last = days_of(field, period)
    if operator == "!=":
        return any_of([_of_instants(field, bound, period) for bound in ("<", ">")])
    if operator == "<":
        return Predicate(field.code, "<", str(first))
    if operator == "<=":
        return any_of([Predicate(field.code, symbol, str(last)) for symbol in ("<", "=")])
    start = first if operator == ">=" else _day_after(last)
    if start is None:
        raise NotSupportedError(
            f"{field} cannot be compared with the time after {period!r}: kintone has no function "
            "for the next day. Write a datetime."
        )
    return any_of([Predicate(field.code, symbol, str(start)) for symbol in ("=", ">")])
