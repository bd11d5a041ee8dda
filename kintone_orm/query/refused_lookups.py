"""Django's lookups that kintone has no operator for, and what to write instead of each.

kintone's `like`, behind `contains`, finds whole words (or two characters of Japanese), so it cannot
even narrow a search by a beginning, an ending or a pattern.
"""

from __future__ import annotations

__all__ = ["REFUSED_LOOKUPS"]

_BOUNDS = "Write its first and its last moment, `__gte` and `__lt`, or a test in Python"

# Sentences without their full stop, in Markdown.
REFUSED_LOOKUPS = {
    "day": "Write `[each for each in queryset if each.due.day == ...]`",
    "endswith": "Write `[each for each in queryset if each.name.endswith(...)]`",
    "hour": "Write `[each for each in queryset if each.at.hour == ...]`",
    "icontains": "Write `__contains`, kintone's word search",
    "iendswith": "Write `[each for each in queryset if each.name.lower().endswith(...)]`",
    "iexact": "Write `[each for each in queryset if each.name.lower() == ...]`",
    "iregex": "Write `[each for each in queryset if re.search(..., each.name, re.IGNORECASE)]`",
    "iso_week_day": "Write `[each for each in queryset if each.due.isoweekday() == ...]`",
    "iso_year": _BOUNDS,
    "istartswith": "Write `[each for each in queryset if each.name.lower().startswith(...)]`",
    "minute": "Write `[each for each in queryset if each.at.minute == ...]`",
    "quarter": _BOUNDS,
    "regex": "Write `[each for each in queryset if re.search(..., each.name)]`",
    "second": "Write `[each for each in queryset if each.at.second == ...]`",
    "startswith": "Write `[each for each in queryset if each.name.startswith(...)]`",
    "time": "Write `[each for each in queryset if each.at.time() == ...]`",
    "week": _BOUNDS,
    "week_day": "Write `[each for each in queryset if each.due.isoweekday() == ...]`",
}
