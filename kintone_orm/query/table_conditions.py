"""Conditions on the rows of subtables and on related records.

kintone's documents say little about these conditions. This module relies only on what was measured:

* A positive condition finds a record when at least one row satisfies it.
* Two conditions on one subtable, joined by *and*, find a record when a single row satisfies both.
  Three conditions, or two on related records, were never measured.
* No condition finds a record without rows. So `exclude`, which would have to find these
  records, is refused.

A filter therefore takes these steps: each comparison becomes one or two positive conditions
(`condition_for_row`); then `on_one_row` multiplies out the alternatives within each *and*, removes
redundant bounds and refuses every combination that was never measured.

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
_MOST_LEAVES = 200  # the most comparisons in a condition that is multiplied out
_WITHOUT_LISTS = ("CREATED_TIME", "UPDATED_TIME")
_BLANKS = '("")'
_NARROW = (">", ">=", "in")
# A comparison by >= with one of these operands only excludes blanks (see `Rules.lowest`).
_LOWEST = {rules.lowest for rules in RULES.values() if rules.blank is not Blank.NEVER} - {""}


def condition_for_row(
    field: Comparable, rules: Rules, comparison: Comparison, *, negated: bool
) -> Condition:
    """Return the condition that a row, or a related record, satisfies the comparison.

    Raises NotSupportedError if `negated`, because kintone cannot find records without rows, and
    for comparisons whose result in kintone is unknown.
    """
    if negated:
        raise NotSupportedError(
            f"{field} cannot be used in exclude(): kintone does not find records without rows. "
            "Find the records that have such a row and exclude them: exclude(pk__in=queryset)."
        )
    if isinstance(comparison, IsBlank):
        return _is_blank(field, rules, comparison.expected)
    if isinstance(comparison, HasWords):
        return _row(field, "like", comparison.operand)
    if isinstance(comparison, EqualsOneOf):
        return _equality(field, rules, comparison)
    return _within(field, rules, comparison)


def on_one_row(condition: Condition) -> Condition:
    """Return the condition of one filter() call, whose conditions on a table mean the same row.

    Raises NotSupportedError for more conditions on one row than were measured.
    """
    # How kintone joins rows through parentheses is unknown. So ``(a or b) and c`` on one table is
    # multiplied out to ``(a and c) or (b and c)``, one alternative at a time: the first `AnyOf`
    # that shares a table with another part is replaced, and each result is treated in the same way.
    if not isinstance(condition, JOINED) or not _tables(condition):
        return condition
    if isinstance(condition, AnyOf):
        return any_of(map(on_one_row, condition.parts))
    on_tables = [child for child in condition.parts if _tables(child)]
    uses = Counter(table for child in on_tables for table in _tables(child))
    for index, child in enumerate(on_tables):
        if isinstance(child, AnyOf) and any(uses[table] > 1 for table in _tables(child)):
            _require_undroppable(child)
            others = on_tables[:index] + on_tables[index + 1 :]
            product = any_of(
                on_one_row(all_of([alternative, *others])) for alternative in child.parts
            )
            if len(leaves(product)) > _MOST_LEAVES:
                raise NotSupportedError(
                    "This filter has too many alternatives on the rows of one table: the query "
                    "would need each combination of them. Split it into several filters."
                )
            # Conditions on the record itself are not multiplied. They are written once.
            return all_of([*(child for child in condition.parts if not _tables(child)), product])
    return _on_few_rows([on_one_row(child) for child in condition.parts])


def require_other_tables(condition: Condition, other: Condition) -> None:
    """Raise NotSupportedError if two conditions to join by *and* are on the same table."""
    tables = _tables(other)
    for table in sorted(tables and tables & _tables(condition)):
        raise NotSupportedError(
            f"Two filter() calls with conditions on {table!r} may be satisfied by different "
            "rows, but kintone applies all conditions to the same row. To mean the same row, write "
            "the conditions in one filter() call. To allow different rows, find the records of one "
            "condition first: filter(pk__in=queryset)."
        )


def _is_blank(field: Comparable, rules: Rules, expected: bool) -> Condition:
    if rules.blank is Blank.NEVER and expected:
        return any_of(())
    if expected:
        in_words = rules.blank is Blank.EMPTY
        return _row(field, *rules.blank.value) if in_words else _row(field, "in", _BLANKS)
    if rules.lowest:
        return _row(field, ">=", rules.lowest)
    raise NotSupportedError(
        f"{field} cannot be compared with isnull=False: kintone only finds records in which every "
        "row has a value. Check the rows in Python."
    )


def _equality(field: Comparable, rules: Rules, comparison: EqualsOneOf) -> Condition:
    if field.kintone_type in _WITHOUT_LISTS:
        raise NotSupportedError(
            f"{field} ({field.kintone_type}) cannot be compared for equality: in a table, kintone "
            "has neither '=' nor 'in' for this type. Use '__gte' or '__lte'."
        )
    literals = [operand for operand in comparison.operands if isinstance(operand, str)]
    functions = [operand for operand in comparison.operands if not isinstance(operand, str)]
    conditions: list[Condition] = []
    if rules.begins_alike:
        literals = possible(field, literals)
    if literals:
        texts = doubtful(field, literals) if rules.begins_alike else None
        conditions.append(replace(_row(field, "in", f"({', '.join(literals)})"), texts=texts))
    conditions += [_equals(field, function) for function in functions]
    if comparison.blank:
        conditions.append(_is_blank(field, rules, True))
    return any_of(conditions)


def _equals(field: Comparable, function: Function) -> Condition:
    if not isinstance(function, Period):
        return compare_with_function(field, "in", function, negated=False)
    if field.kintone_type != "DATE":
        raise _undocumented(field, function)
    first, last = days_of(field, function)
    return _on_row(field, [(">=", str(first)), ("<=", str(last))])


def _within(field: Comparable, rules: Rules, comparison: Within) -> Condition:
    if not rules.lowest:
        raise NotSupportedError(
            f"{field} ({field.kintone_type}) cannot be compared by {comparison.bounds[0][0]!r} in "
            "a table: it is unknown whether kintone finds rows without a result. Use '__in', or "
            "check the rows in Python."
        )
    bounds = [
        _row(field, operator, _bound(field, operator, operand))
        for operator, operand in comparison.bounds
    ]
    if rules.seconds_are_hidden:
        return all_of(
            in_whole_minutes(bound) if isinstance(operand, str) else bound
            for bound, (_, operand) in zip(bounds, comparison.bounds, strict=True)
        )
    upwards = any(operator[0] == ">" for operator, _ in comparison.bounds)
    if not upwards and rules.blank is not Blank.NEVER:
        bounds.append(_row(field, ">=", rules.lowest))  # exclude the blanks that < and <= find
    return all_of(bounds)


def _bound(field: Comparable, operator: str, operand: Operand) -> str:
    if not isinstance(operand, Period):
        return str(operand)
    if field.kintone_type != "DATE" and operator != "<":
        raise _undocumented(field, operand)
    first, last = days_of(field, operand)
    return str(first if operator in ("<", ">=") else last)


def _on_row(field: Comparable, bounds: Sequence[tuple[str, str]]) -> Condition:
    return all_of(_row(field, *bound) for bound in bounds)


def _row(field: Comparable, operator: str, operand: str) -> Predicate:
    return Predicate(field.code, operator, operand, field.table)


def _undocumented(field: Comparable, function: Function) -> NotSupportedError:
    # Except for <, the comparison would be composed with = (see `periods`). kintone has no = for
    # the columns of tables.
    return NotSupportedError(
        f"{field} cannot be compared with {function!r} by this lookup: in a table, kintone "
        "compares instants with days only by '<'. Write a datetime."
    )


def _tables(condition: Condition) -> set[str]:
    return {leaf.table for leaf in leaves(condition) if leaf.table is not None}


def _require_undroppable(alternatives: Condition) -> None:
    """Raise NotSupportedError if kintone may drop one of the comparisons.

    Multiplied out, a filter with a dropped comparison would have another meaning.
    """
    for leaf in leaves(alternatives):
        if isinstance(leaf, Predicate) and leaf.operand == MAY_BE_DROPPED:
            raise NotSupportedError(
                f"PrimaryOrganization() on {leaf.code!r} cannot be joined with conditions on rows: "
                "kintone drops this condition for a user without a primary organization, and then "
                "applies only the other conditions. Write the organization's code."
            )


def _on_few_rows(parts: Sequence[Condition]) -> Condition:
    """Join the conditions with *and*.

    A bound that only excludes blanks is dropped if a narrower bound is among the conditions.
    NotSupportedError for too many conditions on one row, or for two on one related record.
    """
    unique = list(dict.fromkeys(parts))
    rows = [part for part in unique if isinstance(part, Predicate) and part.table is not None]
    blank_codes = {row.code for row in rows if row.operand == _BLANKS}
    if any(row.operator[0] in "<>" and row.code in blank_codes for row in rows):
        return any_of(())  # no blank lies in a range, but kintone's < finds blank numbers
    narrowed = {
        predicate.code
        for predicate in unique
        if isinstance(predicate, Predicate)
        and predicate.operator in _NARROW
        and not _is_lowest(predicate)
    }
    needed = [part for part in unique if not (_is_lowest(part) and part.code in narrowed)]
    uses = Counter(table for table in map(_table_of, needed) if table is not None)
    for (table, is_related), times in uses.items():
        if is_related and times > 1:
            raise NotSupportedError(
                f"This filter needs {times} conditions on one record of {table!r}, counting those "
                "that exclude blanks. kintone may answer with records for which no single related "
                "record satisfies all of them. Find the related records first and compare with "
                'their values: __in=queryset.values_list("name", flat=True).'
            )
        if times > _ON_ONE_ROW:
            raise NotSupportedError(
                f"This filter needs {times} conditions on one row of {table!r}, counting those "
                f"that exclude blanks. It is unknown how kintone joins more than {_ON_ONE_ROW}. "
                "Filter by two of them and check the rows in Python."
            )
    return all_of(needed)


def _table_of(part: Condition) -> tuple[str, bool] | None:
    """Return the table of a comparison, and True if it is a reference table."""
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
