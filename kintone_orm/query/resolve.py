"""A person's Q, checked against the fields it names, as a condition.

Everything that can be wrong with a filter is found here, at the call, before any request.
"""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, Any

from kintone_orm.exceptions import FieldError
from kintone_orm.query.comparable import require_no_keyword
from kintone_orm.query.conditions import Condition, all_of, any_of
from kintone_orm.query.lookups import RULES, condition_for
from kintone_orm.query.q import AND, Q

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from kintone_orm.query.comparable import Comparable, Zone

__all__ = ["nearest", "resolve"]

_ADVICE = {
    # Which spellings a record number matches under an app code was never published.
    "RECORD_NUMBER": "filter by pk, the number without the app's code",
}


def resolve(
    q: Q, find: Callable[[str], Comparable], *, zone: Zone, negated: bool = False
) -> Condition:
    """The condition that `q` stands for, or exactly its opposite if `negated`.

    `find` gives the field for a name, or raises FieldError; `zone` the time zone that naive
    datetimes are in, and is only asked when there is one. Negation is carried down to the single
    comparison (De Morgan), because kintone has no *not*.
    """
    negated ^= q.negated
    join = all_of if (q.connector == AND) is not negated else any_of
    # A list, so that every child is checked: joining stops at the first that decides.
    return join(
        [
            resolve(child, find, zone=zone, negated=negated)
            if isinstance(child, Q)
            else _compare(*child, find, zone, negated)
            for child in q.children
        ]
    )


def nearest(name: str, known: Iterable[str]) -> str:
    """A hint such as `` Did you mean 'population'?``; "" when nothing is near."""
    near = difflib.get_close_matches(name, list(known), n=2)
    return f" Did you mean {' or '.join(map(repr, near))}?" if near else ""


def _compare(
    key: str, value: Any, find: Callable[[str], Comparable], zone: Zone, negated: bool
) -> Condition:
    name, separator, lookup = key.partition("__")
    field = find(name)
    require_no_keyword(field)
    rules = RULES.get(field.kintone_type)
    if rules is None:
        advice = _ADVICE.get(field.kintone_type, "kintone's queries cannot ask for it")
        raise FieldError(f"{field} ({field.kintone_type}) cannot be filtered by: {advice}.")
    if not separator:
        lookup = "exact"
    if value is None and lookup == "exact":
        lookup, value = "isnull", True
    if lookup not in rules.lookups:
        raise FieldError(
            f"{field} ({field.kintone_type}) has no lookup {lookup!r}; "
            f"it has {', '.join(rules.lookups)}.{nearest(lookup, rules.lookups)}"
        )
    if lookup == "isnull":
        if not isinstance(value, bool):
            raise FieldError(f"{field}__isnull takes True or False, not {value!r}.")
        return condition_for(field.code, rules, "isnull", (), negated=negated is value)
    operands = field.operands(lookup, value, zone)
    return condition_for(field.code, rules, lookup, operands, negated=negated)
