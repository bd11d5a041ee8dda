"""What of Django's filters is refused, as data: lookups that kintone has no operator for, and XOR.

kintone's `like`, behind `contains`, finds whole words (or two characters of Japanese), so it cannot
even narrow a search by a beginning, an ending or a pattern. `kintone_orm.models.ground.refused` has
the tables for models and querysets.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["CONDITIONS", "LOOKUPS", "NO_XOR", "Refusal"]


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why kintone cannot do it exactly, and what to write instead, in Markdown."""

    why: str
    instead: str

    def sentence(self, subject: str) -> str:
        """The message of the error, for `subject` such as ``QuerySet.annotate()``."""
        return f"{subject} is not supported: {self.why}. {self.instead}.".replace("`", "")


NO_XOR = Refusal("kintone has no exclusive or", "Write `(a & ~b) | (~a & b)`")

CONDITIONS = {"XOR": NO_XOR, "__xor__": NO_XOR}

_TEXT = "Write `[each for each in queryset if {}]`"
_DAY = "Write `[each for each in queryset if each.due and {}]`"
_INSTANT = "Write `[each for each in queryset if each.at and {}]`"
_BOUNDS = "Write its first and its last moment, `__gte` and `__lt`, or a test in Python"

_INSTEAD_OF_LOOKUPS = {
    "day": _DAY.format("each.due.day == ..."),
    "endswith": _TEXT.format("each.name.endswith(...)"),
    "hour": _INSTANT.format("each.at.hour == ..."),
    "icontains": "Write `__contains`, kintone's word search",
    "iendswith": _TEXT.format("each.name.lower().endswith(...)"),
    "iexact": _TEXT.format("each.name.lower() == ..."),
    "iregex": _TEXT.format("re.search(..., each.name, re.IGNORECASE)"),
    "iso_week_day": _DAY.format("each.due.isoweekday() == ..."),
    "iso_year": _BOUNDS,
    "istartswith": _TEXT.format("each.name.lower().startswith(...)"),
    "minute": _INSTANT.format("each.at.minute == ..."),
    "quarter": _BOUNDS,
    "regex": _TEXT.format("re.search(..., each.name)"),
    "second": _INSTANT.format("each.at.second == ..."),
    "startswith": _TEXT.format("each.name.startswith(...)"),
    "time": _INSTANT.format("each.at.time() == ..."),
    "week": _BOUNDS,
    # Django's days begin with 1 for Sunday, Python's with 1 for Monday.
    "week_day": _DAY.format("each.due.isoweekday() % 7 + 1 == ..."),
}

LOOKUPS = {
    name: Refusal("kintone has no operator for it", instead)
    for name, instead in _INSTEAD_OF_LOOKUPS.items()
}
