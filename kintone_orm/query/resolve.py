"""Resolving a Q to a condition: names become fields, lookups become comparisons.

Resolving works in three steps. The tree of the Q is walked from the top. A negation is carried down
to the single comparison (De Morgan's laws: a negated *and* becomes an *or* of negated parts).
Each ``name=value`` becomes a field, a lookup and one of the four comparisons of `comparisons`.
The condition of that comparison comes from `record_conditions` or `table_conditions`. At the end,
conditions on the rows of one table are joined.

Every mistake in a filter is found here, at the call of filter(), before any request.
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
    # kintone does not document how it compares a record number that contains an app code.
    "RECORD_NUMBER": "filter by pk, the number without the app's code",
    "SUBTABLE": "filter by one of its columns",
    "REFERENCE_TABLE": "filter by one of its columns",
    "CALC of a time": (
        "kintone does not document how calculated times are compared; filter by the fields in the "
        "formula"
    ),
}

_FUNCTION_TYPES: dict[Functions, tuple[type[Function], ...]] = {
    Functions.NONE: (),
    Functions.DAYS: (Period,),
    Functions.INSTANTS: (Period, Now),
    Functions.USER: (LoginUser,),
    Functions.ORGANIZATION: (PrimaryOrganization,),
}


def resolve(
    q: Q, find: Callable[[str], Comparable], *, zone: Zone, negated: bool = False
) -> Condition:
    """Return the condition of `q`; if `negated`, its exact opposite.

    `find` returns the field of a name or raises FieldError. `zone` returns the time zone of naive
    datetimes; it is called only for a naive datetime.
    """
    return on_one_row(_resolve(q, find, zone, negated))


def nearest(name: str, known: Iterable[str]) -> str:
    """Return a hint such as `` Did you mean 'population'?``; "" if no known name is similar."""
    similar = difflib.get_close_matches(name, list(known), n=2)
    return f" Did you mean {' or '.join(map(repr, similar))}?" if similar else ""


def _resolve(q: Q, find: Callable[[str], Comparable], zone: Zone, negated: bool) -> Condition:
    negated ^= q.negated
    join = all_of if (q.connector == AND) is not negated else any_of
    children = join_month_to_year(_flattened(q)) if q.connector == AND else q.children
    # The conditions are a list: every child must be checked, but joining a generator would stop
    # at the first decisive condition.
    conditions: list[Condition] = []
    for child in children:
        if isinstance(child, tuple):
            conditions.append(_compare(_parse(child[0], find), child[1], zone, negated))
        elif isinstance(child, Q):
            conditions.append(_resolve(child, find, zone, negated))
        else:
            conditions.append(_raw_condition(child, negated))
    return join(conditions)


def _flattened(q: Q) -> Sequence[Any]:
    """Return the children of an *and*, with the children of every *and* inside it."""
    if all(isinstance(child, tuple) for child in q.children):
        return q.children
    children: list[Any] = []
    for child in q.children:
        if isinstance(child, Q) and child.connector == AND and not child.negated:
            children += _flattened(child)
        else:
            children.append(child)
    return children


def _raw_condition(raw: Raw, negated: bool) -> Condition:
    if negated:
        raise NotSupportedError(
            f"{raw!r} cannot be excluded, because kintone's query language cannot negate a "
            "condition. Write the opposite condition."
        )
    return Text(raw.text)


class _ParsedName(NamedTuple):
    """The field and the lookup of a name such as ``lines__due__year__gte``."""

    field: Comparable
    rules: Rules
    part: str  # "year", "month" or "date"; "" for a comparison of the whole value
    lookup: str

    def condition(self, comparison: Comparison, *, negated: bool) -> Condition:
        is_column = self.field.table is not None
        make = condition_for_row if is_column else condition_for
        return make(self.field, self.rules, comparison, negated=negated)


@dataclass(frozen=True, slots=True)
class _LaterComparison:
    """A function that makes a condition when the operand has been read.

    It is a dataclass, not a closure, so that equal filters compare equal.
    """

    parsed: _ParsedName
    negated: bool

    def __call__(self, value: object, zone: Zone) -> Condition:
        return _compare(self.parsed, value, zone, self.negated)


def _parse(name: str, find: Callable[[str], Comparable]) -> _ParsedName:
    """Return the field and the lookup of a name; FieldError if the field has no such lookup."""
    first, *path = name.split("__")
    field = find(first)
    if field.columns is not None and path:
        field = _column(field, field.columns, path.pop(0))
    require_no_keyword(field)
    rules = RULES.get(field.asked_as)
    if rules is None:
        advice = _ADVICE.get(
            field.asked_as, "kintone's query language has no operator for this type"
        )
        raise FieldError(f"{field} ({field.kintone_type}) cannot be filtered by: {advice}.")
    part_and_lookup = _lookup(field.asked_as, tuple(path))
    if part_and_lookup is None:
        raise _no_lookup(field, rules, "__".join(path))
    return _ParsedName(field, rules, *part_and_lookup)


@lru_cache(maxsize=1024)
def _lookup(asked_as: str, path: tuple[str, ...]) -> tuple[str, str] | None:
    """Return the calendar part and the lookup of a path; None for an unknown path.

    The calendar part is "" if the path has none.
    """
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
    known_lookups = f"it has {', '.join(rules.lookups)}."
    if refused := LOOKUPS.get(lookup):
        sentence = refused.sentence(f"{field}__{lookup}")
        return FieldError(f"{sentence} ({field.kintone_type}: {known_lookups})")
    return FieldError(
        f"{field} ({field.kintone_type}) has no lookup {lookup!r}; {known_lookups}"
        f"{nearest(lookup, rules.lookups)}"
    )


def _column(table: Comparable, columns: Mapping[str, Comparable], name: str) -> Comparable:
    try:
        return columns[name]
    except KeyError:
        hint = nearest(name, columns) or f" It has {', '.join(columns)}."
        raise FieldDoesNotExist(f"{table} has no column {name!r}.{hint}") from None


def _compare(parsed: _ParsedName, value: object, zone: Zone, negated: bool) -> Condition:
    field, lookup = parsed.field, parsed.lookup
    if lookup == "exact" and not parsed.part and _is_blank(value, parsed.rules):
        lookup, value = "isnull", True
    if lookup not in parsed.rules.lookups:
        raise _no_lookup(field, parsed.rules, lookup)
    if lookup == "isnull":
        if not isinstance(value, bool):
            raise FieldError(f"{field}__isnull takes True or False, not {value!r}.")
        return parsed.condition(IsBlank(value), negated=negated)
    if lookup == "in" and isinstance(value, Source):
        # Make a condition without values and discard it: if the comparison is refused, it is
        # refused now, before the request for the values.
        parsed.condition(equals_one_of(()), negated=negated)
        return Pending(field, value.picked_for(field), _LaterComparison(parsed, negated))
    return parsed.condition(_comparison(parsed, value, zone), negated=negated)


def _is_blank(value: object, rules: Rules) -> bool:
    kinds = (str, list, tuple) if rules.several else str
    return value is None or (isinstance(value, kinds) and not value)


def _comparison(parsed: _ParsedName, value: object, zone: Zone) -> Comparison:
    """Return the comparison of the lookup with its operands; FieldError for wrong values."""
    field, lookup = parsed.field, parsed.lookup
    values = _several(field, lookup, value) if lookup in ("in", "range") else [value]
    if parsed.part and not _has_day_functions(parsed, values):
        operand = values if lookup == "range" else value
        return within_calendar(field, parsed.part, lookup, operand, zone)
    if lookup == "range":
        bounds = zip(("gte", "lte"), values, strict=True)
        return Within(
            tuple((ORDER[name], _operand(parsed, name, bound, zone)) for name, bound in bounds)
        )
    operands = [_operand(parsed, lookup, item, zone) for item in values]
    if lookup in ORDER:
        return Within(((ORDER[lookup], operands[0]),))
    if lookup in ("contains", "like"):
        return HasWords(str(operands[0]))
    return equals_one_of(operands)


def _has_day_functions(parsed: _ParsedName, values: Sequence[object]) -> bool:
    """Return True if ``__date`` is compared with a function for a day, such as ``Today()``.

    kintone then compares the field itself with the function. FieldError for any other function,
    and for a function after ``__year`` or ``__month``.
    """
    functions = [value for value in values if isinstance(value, Function)]
    for function in functions:
        if parsed.part != "date" or not (isinstance(function, Period) and is_one_day(function)):
            raise FieldError(
                f"{parsed.field}__{parsed.part} cannot be compared with {function!r}. Leave out "
                f"__{parsed.part}."
            )
    return bool(functions)


def _several(field: Comparable, lookup: str, value: Any) -> list[object]:
    in_order = lookup != "range" or isinstance(value, Sequence)
    if isinstance(value, (str, bytes, Source)) or not hasattr(value, "__iter__"):
        raise FieldError(f"{field}__{lookup} takes several values, not {value!r:.80}.")
    values = list(value) if in_order else []
    if lookup == "range" and len(values) != 2:
        raise FieldError(f"{field}__range takes a list of two: the first and the last value.")
    return values


def _operand(parsed: _ParsedName, lookup: str, value: object, zone: Zone) -> Operand:
    field = parsed.field
    if lookup == "in" and _is_blank(value, parsed.rules):
        return BLANK
    if not isinstance(value, Function):
        plain = value if field.refers_to is None else field.refers_to.plain(value)
        return field.operand(lookup, plain, zone)
    if not isinstance(value, _FUNCTION_TYPES[parsed.rules.functions]):
        raise FieldError(
            f"{field} ({field.kintone_type}) cannot be compared with {value!r}. It takes "
            f"{parsed.rules.functions.value}."
        )
    return value
