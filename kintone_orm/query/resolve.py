"""A person's Q, checked against the fields it names, as a condition.

Everything that can be wrong with a filter is found here, at the call, before any request.
"""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from kintone_orm.exceptions import FieldDoesNotExist, FieldError, NotSupportedError
from kintone_orm.query.calendar_parts import join_month_to_year, within_calendar
from kintone_orm.query.comparable import require_no_keyword
from kintone_orm.query.comparisons import BLANK, HasWords, IsBlank, Within, equals_one_of
from kintone_orm.query.conditions import Condition, Pending, Source, Text, all_of, any_of
from kintone_orm.query.functions import Function, LoginUser, Now, Period, PrimaryOrganization
from kintone_orm.query.periods import is_one_day
from kintone_orm.query.q import AND, Q, Raw
from kintone_orm.query.record_conditions import condition_for
from kintone_orm.query.refused_filters import LOOKUPS
from kintone_orm.query.table_conditions import condition_for_row, on_one_row
from kintone_orm.query.type_rules import ORDER, RULES, Functions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from kintone_orm.query.comparable import Comparable, Zone
    from kintone_orm.query.comparisons import Comparison, Operand
    from kintone_orm.query.type_rules import Rules

__all__ = ["nearest", "resolve"]

_ADVICE = {
    # Which spellings a record number matches under an app code was never published.
    "RECORD_NUMBER": "filter by pk, the number without the app's code",
    "SUBTABLE": "filter by one of its columns",
    "REFERENCE_TABLE": "filter by one of its columns",
    "CALC of a time": "how kintone compares it is not known; filter by what it is calculated from",
}

_TAKES: dict[Functions, tuple[type[Function], ...]] = {
    Functions.NONE: (),
    Functions.DAYS: (Period,),
    Functions.INSTANTS: (Period, Now),
    Functions.USER: (LoginUser,),
    Functions.ORGANIZATION: (PrimaryOrganization,),
}


def resolve(
    q: Q, find: Callable[[str], Comparable], *, zone: Zone, negated: bool = False
) -> Condition:
    """The condition that `q` stands for, or exactly its opposite if `negated`.

    `find` gives the field for a name, or raises FieldError; `zone` the time zone that naive
    datetimes are in, and is only asked when there is one. Negation is carried down to the single
    comparison (De Morgan), because kintone has no *not*.
    """
    return on_one_row(_resolve(q, find, zone, negated))


def nearest(name: str, known: Iterable[str]) -> str:
    """A hint such as `` Did you mean 'population'?``; "" when nothing is near."""
    near = difflib.get_close_matches(name, list(known), n=2)
    return f" Did you mean {' or '.join(map(repr, near))}?" if near else ""


def _resolve(q: Q, find: Callable[[str], Comparable], zone: Zone, negated: bool) -> Condition:
    negated ^= q.negated
    join = all_of if (q.connector == AND) is not negated else any_of
    children = join_month_to_year(_opened(q)) if q.connector == AND else q.children
    # A list, so that every child is checked: joining stops at the first that decides.
    found: list[Condition] = []
    for child in children:
        if isinstance(child, tuple):
            found.append(_compare(_asked(child[0], find), child[1], zone, negated))
        elif isinstance(child, Q):
            found.append(_resolve(child, find, zone, negated))
        else:
            found.append(_written(child, negated))
    return join(found)


def _opened(q: Q) -> Sequence[Any]:
    """What stands in an *and*, with the contents of every *and* inside it."""
    if all(isinstance(child, tuple) for child in q.children):
        return q.children
    found: list[Any] = []
    for child in q.children:
        if isinstance(child, Q) and child.connector == AND and not child.negated:
            found += _opened(child)
        else:
            found.append(child)
    return found


def _written(raw: Raw, negated: bool) -> Condition:
    if negated:
        raise NotSupportedError(
            f"{raw!r} cannot be excluded, as kintone has no not: write the opposite into it."
        )
    return Text(raw.text)


class _Asked(NamedTuple):
    """What a name such as ``lines__due__year__gte`` stands for."""

    field: Comparable
    rules: Rules
    part: str  # of the calendar, or ""
    lookup: str

    def condition(self, comparison: Comparison, *, negated: bool) -> Condition:
        of_a_column = self.field.table is not None
        ask = condition_for_row if of_a_column else condition_for
        return ask(self.field, self.rules, comparison, negated=negated)


@dataclass(frozen=True, slots=True)
class _LaterComparison:
    """A comparison whose operand is read later. It is a value, so that equal filters are equal."""

    asked: _Asked
    negated: bool

    def __call__(self, value: Any, zone: Zone) -> Condition:
        return _compare(self.asked, value, zone, self.negated)


def _asked(name: str, find: Callable[[str], Comparable]) -> _Asked:
    """The field, and how it is compared; FieldError if the field cannot be asked that."""
    first, *path = name.split("__")
    field = find(first)
    if field.columns is not None and path:
        field = _column(field, field.columns, path.pop(0))
    require_no_keyword(field)
    rules = RULES.get(field.asked_as)
    if rules is None:
        advice = _ADVICE.get(field.asked_as, "kintone's queries cannot ask for it")
        raise FieldError(f"{field} ({field.kintone_type}) cannot be filtered by: {advice}.")
    found = _lookup(field.asked_as, tuple(path))
    if found is None:
        raise _no_lookup(field, rules, "__".join(path))
    return _Asked(field, rules, *found)


@lru_cache(maxsize=1024)
def _lookup(asked_as: str, path: tuple[str, ...]) -> tuple[str, str] | None:
    """The part of the calendar, or "", and the lookup that a path stands for; None for none."""
    rules = RULES[asked_as]
    match path:
        case ():
            return "", "exact"
        case (part,) if part in rules.calendar:
            return part, "exact"
        case (lookup,) if lookup in rules.lookups:
            return "", lookup
        case (part, lookup) if part in rules.calendar and lookup in (*ORDER, "range"):
            return part, lookup
    return None


def _no_lookup(field: Comparable, rules: Rules, lookup: str) -> FieldError | NotSupportedError:
    if field.refers_to is not None and (advice := field.refers_to.elsewhere(field, lookup)):
        return NotSupportedError(advice)
    has = f"it has {', '.join(rules.lookups)}."
    if refused := LOOKUPS.get(lookup):
        return FieldError(f"{refused.sentence(f'{field}__{lookup}')} ({field.kintone_type}: {has})")
    return FieldError(
        f"{field} ({field.kintone_type}) has no lookup {lookup!r}; {has}"
        f"{nearest(lookup, rules.lookups)}"
    )


def _column(table: Comparable, columns: Mapping[str, Comparable], name: str) -> Comparable:
    try:
        return columns[name]
    except KeyError:
        hint = nearest(name, columns) or f" It has {', '.join(columns)}."
        raise FieldDoesNotExist(f"{table} has no column {name!r}.{hint}") from None


def _compare(asked: _Asked, value: Any, zone: Zone, negated: bool) -> Condition:
    field, lookup = asked.field, asked.lookup
    if lookup == "exact" and not asked.part and _is_blank(value, asked.rules):
        lookup, value = "isnull", True
    if lookup not in asked.rules.lookups:
        raise _no_lookup(field, asked.rules, lookup)
    if lookup == "isnull":
        if not isinstance(value, bool):
            raise FieldError(f"{field}__isnull takes True or False, not {value!r}.")
        return asked.condition(IsBlank(value), negated=negated)
    if lookup == "in" and isinstance(value, Source):
        asked.condition(equals_one_of(()), negated=negated)  # refused now, if it is refused
        return Pending(field, value.picked_for(field), _LaterComparison(asked, negated))
    return asked.condition(_comparison(asked, value, zone), negated=negated)


def _is_blank(value: Any, rules: Rules) -> bool:
    kinds = (str, list, tuple) if rules.several else str
    return value is None or (isinstance(value, kinds) and not value)


def _comparison(asked: _Asked, value: Any, zone: Zone) -> Comparison:
    """What the lookup asks, with its operands; FieldError for values that do not fit."""
    field, lookup = asked.field, asked.lookup
    values = _several(field, lookup, value) if lookup in ("in", "range") else [value]
    if asked.part and not _is_a_day(asked, values):
        given = values if lookup == "range" else value
        return within_calendar(field, asked.part, lookup, given, zone)
    if lookup == "range":
        bounds = zip(("gte", "lte"), values, strict=True)
        return Within(
            tuple((ORDER[each], _operand(asked, each, bound, zone)) for each, bound in bounds)
        )
    operands = [_operand(asked, lookup, each, zone) for each in values]
    if lookup in ORDER:
        return Within(((ORDER[lookup], operands[0]),))
    if lookup in ("contains", "like"):
        return HasWords(str(operands[0]))
    return equals_one_of(operands)


def _is_a_day(asked: _Asked, values: Sequence[Any]) -> bool:
    """Whether a date is compared with days by function, which the field itself is compared with."""
    functions = [each for each in values if isinstance(each, Function)]
    for each in functions:
        if asked.part != "date" or not (isinstance(each, Period) and is_one_day(each)):
            raise FieldError(
                f"{asked.field}__{asked.part} cannot be compared with {each!r}: leave out "
                f"__{asked.part}."
            )
    return bool(functions)


def _several(field: Comparable, lookup: str, value: Any) -> list[Any]:
    in_order = lookup != "range" or isinstance(value, Sequence)
    if isinstance(value, (str, bytes, Source)) or not hasattr(value, "__iter__"):
        raise FieldError(f"{field}__{lookup} takes several values, not {value!r:.80}.")
    values = list(value) if in_order else []
    if lookup == "range" and len(values) != 2:
        raise FieldError(f"{field}__range takes a list of two, the first and the last value.")
    return values


def _operand(asked: _Asked, lookup: str, value: Any, zone: Zone) -> Operand:
    field = asked.field
    if lookup == "in" and _is_blank(value, asked.rules):
        return BLANK
    if not isinstance(value, Function):
        plain = value if field.refers_to is None else field.refers_to.plain(value)
        return field.operand(lookup, plain, zone)
    if not isinstance(value, _TAKES[asked.rules.functions]):
        raise FieldError(
            f"{field} ({field.kintone_type}) cannot be compared with {value!r}: of the query "
            f"functions it takes {asked.rules.functions.value}."
        )
    return value
