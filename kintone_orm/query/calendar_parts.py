"""Lookups by year, month or day, as bounds at the start and the end of the period.

``due__year=2024`` becomes "from 2024-01-01, and before 2025-01-01". For an instant, a day begins at
midnight in the connection's time zone, or in UTC if the connection has no time zone. Instants are
read in the same zone. A period that ends on 9999-12-31, the last day of Python and kintone, has no
upper bound.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

from kintone_orm.exceptions import FieldError, NotSupportedError
from kintone_orm.query.comparisons import EqualsOneOf, IsBlank, Within

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import TypeGuard

    from kintone_orm.query.comparable import Comparable, Zone
    from kintone_orm.query.comparisons import Comparison

__all__ = ["PARTS", "join_month_to_year", "within_calendar"]

_LAST_YEAR = 9999


# Each of these functions returns the first day and the last day of a part of the calendar.
def _year(field: Comparable, value: object) -> tuple[date, date]:
    if not _is_year(value):
        raise FieldError(f"{field}__year takes a year from 1 to {_LAST_YEAR}, not {value!r:.80}.")
    return date(value, 1, 1), date(value, 12, 31)


def _month(field: Comparable, value: object) -> tuple[date, date]:
    if _is_whole(value):
        raise NotSupportedError(
            f"{field}__month={value!r} alone means that month of every year, which kintone cannot "
            f"filter by. Add the year: __year=2024 beside it, or __month=(2024, {value!r})."
        )
    match value:
        case (year, month) if _is_year(year) and _is_whole(month) and 1 <= month <= 12:
            return date(year, month, 1), date(year, month, monthrange(year, month)[1])
    raise FieldError(f"{field}__month takes (year, month), such as (2024, 2), not {value!r:.80}.")


def _day(field: Comparable, value: object) -> tuple[date, date]:
    day = value
    if isinstance(value, str):
        try:
            day = date.fromisoformat(value)
        except ValueError:
            day = None
    if not isinstance(day, date) or isinstance(day, datetime):
        raise FieldError(f'{field}__date takes a date, or "2024-02-06", not {value!r:.80}.')
    return day, day


PARTS: dict[str, Callable[[Comparable, Any], tuple[date, date]]] = {
    "year": _year,
    "month": _month,
    "date": _day,
}


def within_calendar(
    field: Comparable, part: str, lookup: str, value: Any, zone: Zone
) -> Comparison:
    """Return the bounds for `lookup` (exact, range, gt, gte, lt or lte) with a calendar part."""
    first, last = value if lookup == "range" else (value, value)
    start = _beginning(field, PARTS[part](field, first)[0], zone)
    end = _end(field, PARTS[part](field, last)[1], zone)
    if end is None and lookup in ("gt", "lte"):
        return EqualsOneOf(()) if lookup == "gt" else IsBlank(False)
    # `end` is the first day after the period: "gt" starts on `end`, "lte" stops before `end`.
    by_lookup: dict[str, list[tuple[str, date | None]]] = {
        "gt": [("gte", end)],
        "gte": [("gte", start)],
        "lt": [("lt", start)],
        "lte": [("lt", end)],
    }
    edges = by_lookup.get(lookup, [("gte", start), ("lt", end)])
    operators = {"gte": ">=", "lt": "<"}
    return Within(
        tuple(
            (operators[edge], field.operand(edge, bound, zone))
            for edge, bound in edges
            if bound is not None
        )
    )


def join_month_to_year(children: Sequence[object]) -> Sequence[Any]:
    """Replace ``due__year=2024, due__month=2`` in one *and* by a single lookup of that month."""
    named = [child for child in children if isinstance(child, tuple)]
    months = [child for child in named if child[0][-7:] == "__month"]
    if not months:
        return children
    joined = list(children)
    for name, month in months:
        year_name = name.removesuffix("month") + "year"
        years = [child for child in named if child[0] == year_name]
        if _is_whole(month) and len(years) == 1 and _is_year(years[0][1]):
            joined[joined.index((name, month))] = (name, (years[0][1], month))
            if years[0] in joined:
                joined.remove(years[0])
    return joined


def _beginning(field: Comparable, day: date, zone: Zone) -> date:
    if field.kintone_type == "DATE":
        return day
    return datetime(day.year, day.month, day.day, tzinfo=zone() or timezone.utc)


def _end(field: Comparable, day: date, zone: Zone) -> date | None:
    """Return the beginning of the next day; None after the last day of the calendar."""
    if day < date.max:
        return _beginning(field, day + timedelta(days=1), zone)
    if field.kintone_type == "DATE":
        return None
    # East of Greenwich, the last day of 9999 ends before the year 9999 ends in UTC. So UTC can
    # express its end.
    beginning = datetime(day.year, day.month, day.day, tzinfo=zone() or timezone.utc)
    try:
        return beginning.astimezone(timezone.utc) + timedelta(days=1)
    except OverflowError:
        return None


def _is_year(value: object) -> TypeGuard[int]:
    return _is_whole(value) and 1 <= value <= _LAST_YEAR


def _is_whole(value: object) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool)
