"""Conditions on the rows of tables and on related records: any row that satisfies them.

What was measured of them is little, and only that is relied on:

* a positive condition holds for a record when at least one row satisfies it;
* two of them on one subtable, joined by *and*, hold when a single row satisfies both; of three,
  or of two on related records, nobody has told;
* a record without rows is found by no condition at all. So `exclude`, which would have to find
  it, cannot be asked.

Source: kintone REST API, "Query String", fields in tables and related records.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from kintone_orm.exceptions import NotSupportedError
from kintone_orm.query.comparisons import EqualsOneOf, HasWords, IsBlank
from kintone_orm.query.conditions import (
    JOINED,
    AnyOf,
    Condition,
    Pending,
    Predicate,
    all_of,
    any_of,
    leaves,
)
from kintone_orm.query.functions import Function, Period
from kintone_orm.query.long_texts import doubtful, possible
from kintone_orm.query.minutes import in_whole_minutes
from kintone_orm.query.periods import MAY_BE_DROPPED, compare_with_function, days_of
from kintone_orm.query.type_rules import RULES, Blank

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import TypeGuard

    from kintone_orm.query.comparable import Comparable
    from kintone_orm.query.comparisons import Comparison, Operand, Within
    from kintone_orm.query.type_rules import Rules

__all__ = ["condition_for_row", "on_one_row", "require_other_tables"]

_ON_ONE_ROW = 2
_MOST_LEAVES = 200  # of a condition that is multiplied out
_WITHOUT_LISTS = ("CREATED_TIME", "UPDATED_TIME")
_BLANKS = '("")'
_NARROW = (">", ">=", "in")
# The bounds that leave blanks out; no other lower bound of their types is written like them.
_LOWEST = {rules.lowest for rules in RULES.values() if rules.blank is not Blank.NEVER} - {""}


def condition_for_row(
    field: Comparable, rules: Rules, comparison: Comparison, *, negated: bool
) -> Condition:
    """What `comparison` asks of a column: the records with a row, or a related record, like that.

    Raises NotSupportedError for the opposite, which would have to find records without rows, and
    for what would depend on an answer that nobody knows.
    """
    if negated:
        raise NotSupportedError(
            f"{field} cannot be excluded by: kintone finds no record without rows. Find those "
            "that have such a row, and exclude them: exclude(pk__in=queryset)."
        )
    if isinstance(comparison, IsBlank):
        return _is_blank(field, rules, comparison.wanted)
    if isinstance(comparison, HasWords):
        return _row(field, "like", comparison.operand)
    if isinstance(comparison, EqualsOneOf):
        return _equality(field, rules, comparison)
    return _within(field, rules, comparison)


def on_one_row(condition: Condition) -> Condition:
    """The condition of one filter() call, in which conditions on one table mean the same row.

    ``(a or b) and c`` on one table becomes ``(a and c) or (b and c)``, because how kintone joins
    rows through parentheses is not known. Raises NotSupportedError for more conditions on one row
    than were ever measured.
    """
    if not isinstance(condition, JOINED) or not _tables(condition):
        return condition
    if isinstance(condition, AnyOf):
        return any_of(map(on_one_row, condition.parts))
    parts = [part for part in condition.parts if _tables(part)]
    uses = Counter(table for part in parts for table in _tables(part))
    for at, part in enumerate(parts):
        if isinstance(part, AnyOf) and any(uses[table] > 1 for table in _tables(part)):
            _require_undroppable(part)
            others = parts[:at] + parts[at + 1 :]
            found = any_of(on_one_row(all_of([each, *others])) for each in part.parts)
            if len(leaves(found)) > _MOST_LEAVES:
                raise NotSupportedError(
                    "This filter has too many alternatives on the rows of one table: kintone "
                    "would have to be asked for each combination. Ask in several filters."
                )
            # What is on no table stands beside the alternatives, once.
            return all_of([*(part for part in condition.parts if not _tables(part)), found])
    return _on_few_rows([on_one_row(part) for part in condition.parts])


def require_other_tables(condition: Condition, other: Condition) -> None:
    """Raise NotSupportedError if both conditions, to be joined by *and*, are on one table."""
    asked = _tables(other)
    for table in sorted(asked and asked & _tables(condition)):
        raise NotSupportedError(
            f"Two filter() calls with conditions on {table!r} mean any row for each, and kintone "
            "takes them for conditions on one row. Give both to one filter() call if that is what "
            "you mean; if not, find the records of one first: filter(pk__in=queryset)."
        )


def _is_blank(field: Comparable, rules: Rules, wanted: bool) -> Condition:
    if rules.blank is Blank.NEVER and wanted:
        return any_of(())
    if wanted:
        in_words = rules.blank is Blank.EMPTY
        return _row(field, *rules.blank.value) if in_words else _row(field, "in", _BLANKS)
    if rules.lowest:
        return _row(field, ">=", rules.lowest)
    raise NotSupportedError(
        f"{field} cannot be asked for rows that hold something: kintone only knows whether every "
        "row does. Check the rows in Python."
    )


def _equality(field: Comparable, rules: Rules, asked: EqualsOneOf) -> Condition:
    if field.kintone_type in _WITHOUT_LISTS:
        raise NotSupportedError(
            f"{field} ({field.kintone_type}) cannot be compared for equality: there, kintone has "
            "no = and for this type no list. Use gte or lte."
        )
    literals = [operand for operand in asked.operands if isinstance(operand, str)]
    found: list[Condition] = []
    if rules.begins_alike:
        literals = possible(field, literals)
    if literals:
        texts = doubtful(field, literals) if rules.begins_alike else None
        found.append(replace(_row(field, "in", f"({', '.join(literals)})"), texts=texts))
    found += [_equals(field, each) for each in asked.operands if not isinstance(each, str)]
    return any_of([*found, *([_is_blank(field, rules, True)] * asked.blank)])


def _equals(field: Comparable, function: Function) -> Condition:
    if not isinstance(function, Period):
        return compare_with_function(field, "in", function, negated=False)
    if field.kintone_type != "DATE":
        raise _unknown_reading(field, function)
    first, last = days_of(field, function)
    return _on_row(field, [(">=", str(first)), ("<=", str(last))])


def _within(field: Comparable, rules: Rules, asked: Within) -> Condition:
    if not rules.lowest:
        raise NotSupportedError(
            f"{field} ({field.kintone_type}) cannot be compared by {asked.bounds[0][0]} in a "
            "table: whether kintone finds rows without a result is not known. Use in, or check "
            "the rows in Python."
        )
    bounds = [
        _row(field, operator, _bound(field, operator, each)) for operator, each in asked.bounds
    ]
    if rules.seconds_are_hidden:
        literal = [isinstance(each, str) for _, each in asked.bounds]
        return all_of(
            in_whole_minutes(bound) if is_literal else bound
            for bound, is_literal in zip(bounds, literal, strict=True)
        )
    upwards = any(operator[0] == ">" for operator, _ in asked.bounds)
    if not upwards and rules.blank is not Blank.NEVER:
        bounds.append(_row(field, ">=", rules.lowest))  # without it, blanks would be found as well
    return all_of(bounds)


def _bound(field: Comparable, operator: str, operand: Operand) -> str:
    if not isinstance(operand, Period):
        return str(operand)
    if field.kintone_type != "DATE" and operator != "<":
        raise _unknown_reading(field, operand)
    first, last = days_of(field, operand)
    return str(first if operator in ("<", ">=") else last)


def _on_row(field: Comparable, bounds: Sequence[tuple[str, str]]) -> Condition:
    return all_of(_row(field, *bound) for bound in bounds)


def _row(field: Comparable, operator: str, operand: str) -> Predicate:
    return Predicate(field.code, operator, operand, field.table)


def _unknown_reading(field: Comparable, function: Function) -> NotSupportedError:
    # Anything else takes an =, which columns of tables do not have (see `periods`).
    return NotSupportedError(
        f"{field} cannot be compared with {function!r} like that: in a table, kintone compares "
        "instants with days by < alone. Write a datetime."
    )


def _tables(condition: Condition) -> set[str]:
    return {leaf.table for leaf in leaves(condition) if leaf.table is not None}


def _require_undroppable(alternatives: Condition) -> None:
    """Raise NotSupportedError for what means something else once it is multiplied out."""
    for leaf in leaves(alternatives):
        if isinstance(leaf, Predicate) and leaf.operand == MAY_BE_DROPPED:
            raise NotSupportedError(
                f"PrimaryOrganization() on {leaf.code!r} cannot be joined with conditions on rows: "
                "kintone drops it for who has none, and they would be left alone. Write the "
                "organization's code."
            )


def _on_few_rows(parts: Sequence[Condition]) -> Condition:
    """The *and* of parts, without the lower bounds that stand beside a narrower one."""
    kept = list(dict.fromkeys(parts))
    rows = [part for part in kept if isinstance(part, Predicate) and part.table is not None]
    blank = {row.code for row in rows if row.operand == _BLANKS}
    if any(row.operator[0] in "<>" and row.code in blank for row in rows):
        return any_of(())  # a blank is in no order, though kintone would find blank numbers
    narrowed = {
        part.code
        for part in kept
        if isinstance(part, Predicate) and part.operator in _NARROW and not _is_lowest(part)
    }
    kept = [part for part in kept if not (_is_lowest(part) and part.code in narrowed)]
    uses = Counter(part for part in map(_table_of, kept) if part is not None)
    for (table, is_related), times in uses.items():
        if is_related and times > 1:
            raise NotSupportedError(
                f"This filter takes {times} conditions on one record of {table!r} (a blank is "
                "left out by one of its own): whether kintone looks for one related record that "
                "satisfies them all is not known. Find the related records first, and compare "
                'with them: __in=queryset.values_list("name", flat=True).'
            )
        if times > _ON_ONE_ROW:
            raise NotSupportedError(
                f"This filter takes {times} conditions on one row of {table!r} (a blank is left "
                f"out by one of its own): how kintone joins more than {_ON_ONE_ROW} is not known. "
                "Ask by two of them, and check the rows in Python."
            )
    return all_of(kept)


def _table_of(part: Condition) -> tuple[str, bool] | None:
    """The table that a comparison is on, and whether it is one of related records."""
    if not isinstance(part, (Predicate, Pending)) or part.table is None:
        return None
    return part.table, "." in part.code


def _is_lowest(part: Condition) -> TypeGuard[Predicate]:
    return (
        isinstance(part, Predicate)
        and part.table is not None
        and part.operator == ">="
        and part.operand in _LOWEST
    )
