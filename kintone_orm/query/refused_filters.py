"""Filters of Django that are refused, as data: lookups without an operator in kintone, and XOR.

kintone's `like`, behind `contains`, finds whole words (or two characters of Japanese). So it cannot
even narrow a search by a prefix, a suffix or a pattern. `kintone_orm.models.ground.refused` has
the tables for models and querysets.
"""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["CONDITIONS", "LOOKUPS", "NO_XOR", "Refusal"]


class Refusal(NamedTuple):
    """The reason why a Django feature is refused, and what to write instead, in Markdown."""

    why: str
    instead: str

    def sentence(self, subject: str) -> str:
        """Return the error message for a `subject` such as ``QuerySet.annotate()``."""
        return f"{subject} is not supported: {self.why}. {self.instead}.".replace("`", "")


NO_XOR = Refusal("kintone has no exclusive or", "Write `(a & ~b) | (~a & b)`")

CONDITIONS = {"XOR": NO_XOR, "__xor__": NO_XOR}

_TEXT = "Write `[record for record in queryset if {}]`"
_DAY = "Write `[record for record in queryset if record.due and {}]`"
_INSTANT = "Write `[record for record in queryset if record.at and {}]`"
_BOUNDS = "Compare with its start and its end, by `__gte` and `__lt`, or filter in Python"

_INSTEAD_OF_LOOKUPS = {
    "day": _DAY.format("record.due.day == ..."),
    "endswith": _TEXT.format("record.name.endswith(...)"),
    "hour": _INSTANT.format("record.at.hour == ..."),
    "icontains": "Write `__contains`, kintone's word search",
    "iendswith": _TEXT.format("record.name.lower().endswith(...)"),
    "iexact": _TEXT.format("record.name.lower() == ..."),
    "iregex": _TEXT.format("re.search(..., record.name, re.IGNORECASE)"),
    "iso_week_day": _DAY.format("record.due.isoweekday() == ..."),
    "iso_year": _BOUNDS,
    "istartswith": _TEXT.format("record.name.lower().startswith(...)"),
    "minute": _INSTANT.format("record.at.minute == ..."),
    "quarter": _BOUNDS,
    "regex": _TEXT.format("re.search(..., record.name)"),
    "second": _INSTANT.format("record.at.second == ..."),
    "startswith": _TEXT.format("record.name.startswith(...)"),
    "time": _INSTANT.format("record.at.time() == ..."),
    "week": _BOUNDS,
    # Django numbers weekdays from 1 for Sunday, Python's isoweekday() from 1 for Monday.
    "week_day": _DAY.format("record.due.isoweekday() % 7 + 1 == ..."),
}

LOOKUPS = {
    name: Refusal("kintone has no operator for it", instead)
    for name, instead in _INSTEAD_OF_LOOKUPS.items()
}
