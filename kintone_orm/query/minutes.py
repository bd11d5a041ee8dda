"""Comparisons with created and updated times, whose seconds kintone hides.

kintone returns these times without seconds, but was observed to compare them with seconds. So a
comparison with a time becomes comparisons with the start of its minute and the start of the next
minute. They give the same records, with or without seconds.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from kintone_orm.query.conditions import EVERYTHING, NOTHING, Predicate, all_of, any_of
from kintone_orm.query.literals import quote

if TYPE_CHECKING:
    from kintone_orm.query.conditions import Condition

__all__ = ["in_whole_minutes"]

_SHOWN = '"%Y-%m-%dT%H:%M:00Z"'
_LAST = datetime(9999, 12, 31, 23, 59)  # the last minute that a datetime can express


def in_whole_minutes(compared: Predicate) -> Condition:
    """Return the comparison with the whole minute, with ``>=`` and ``<`` only."""
    minute = datetime.strptime(compared.operand, _SHOWN)
    after: Condition = NOTHING
    until: Condition = EVERYTHING
    if minute < _LAST:
        following = minute + timedelta(minutes=1)
        after, until = _edge(compared, ">=", following), _edge(compared, "<", following)
    at_or_after, before = _edge(compared, ">=", minute), _edge(compared, "<", minute)
    return {
        "=": all_of([at_or_after, until]),
        "!=": any_of([before, after]),
        ">": after,
        ">=": at_or_after,
        "<": before,
        "<=": until,
    }[compared.operator]


def _edge(compared: Predicate, operator: str, minute: datetime) -> Condition:
    # strftime would drop the leading zeros of a year before 1000.
    literal = quote(f"{minute.isoformat(timespec='minutes')}:00Z")
    return Predicate(compared.code, operator, literal, compared.table)
