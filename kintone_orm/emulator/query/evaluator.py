"""Turning a checked condition into one function that tests a record.

A query is compiled once and tests thousands of records, so each condition becomes a closure in two
layers. The inner layer tests a value; its operator and operands are fixed. The outer layer finds
the cell of the value: in the record, in its search index, or in the rows of a table.

Tables have the most difficult rule. A positive condition on a table is true if one row satisfies
it. A negative condition (NEGATIVE) is true if every row satisfies it. Conditions on the same table
that are joined by `and` concern the same row. So an `and` group collects the conditions of each
table into one test of its rows.

Blanks (null, "", [], or a missing cell) are None here, in cells and in operands.
Source: kintone REST API, "Query String". Cases that this source leaves open are decided in
kintone_orm.emulator.choices.
"""

from __future__ import annotations

import operator as compare
from typing import TYPE_CHECKING, Any, TypeAlias

from ..ground import choices
from ..store.record_text import StoredRecord
from ..store.word_index import SEARCHED
from .functions import Span
from .kinds import STAMPS, with_seconds
from .operators import NEGATIVE
from .syntax import Group
from .word_search import finder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from .checker import Condition
    from .columns import Cells

__all__ = ["matcher"]

# A test of the cells of a record or of a table's row.
CellsTest: TypeAlias = "Callable[[Cells], bool]"
# A test of a cell's "value" (Any: its JSON type depends on the field).
ValueTest: TypeAlias = "Callable[[Any], bool]"


def matcher(node: Condition | Group[Condition] | None) -> CellsTest:
    """Return a test for records; every record passes if there is no condition."""
    if node is None:
        return lambda _: True
    if not isinstance(node, Group):
        return _single_test(node)
    if node.joint == "or":
        return _any_of([matcher(member) for member in node.members])
    return _all_of(_and_tests(node.members))


def _and_tests(members: Iterable[Condition | Group[Condition]]) -> list[CellsTest]:
    """Return a test for each member, but a common test for all conditions on the same table."""
    tests: list[CellsTest] = []
    by_table: dict[str, list[Condition]] = {}
    for member in members:
        if isinstance(member, Group) or member.column.table is None:
            tests.append(matcher(member))
        else:
            by_table.setdefault(member.column.table, []).append(member)
    return tests + [_rows_test(table, conditions) for table, conditions in by_table.items()]


def _single_test(condition: Condition) -> CellsTest:
    table = condition.column.table
    return _cells_test(condition) if table is None else _rows_test(table, [condition])


def _rows_test(table: str, conditions: list[Condition]) -> CellsTest:
    """Return a test of the rows of a table.

    One row must satisfy all positive conditions, and every row all negative ones. A table without
    rows does not match.
    """
    positive = [condition for condition in conditions if condition.operator not in NEGATIVE]
    negative = [condition for condition in conditions if condition.operator in NEGATIVE]
    one_row_passes = _all_of(list(map(_cells_test, positive)))
    every_row_passes = _all_of(list(map(_cells_test, negative)))
    rows_of = conditions[0].column.rows or _table_reader(table)

    def test_rows(record: Cells) -> bool:
        rows = rows_of(record)
        return any(map(one_row_passes, rows)) and all(map(every_row_passes, rows))

    return test_rows


def _table_reader(table: str) -> Callable[[Cells], list[Cells]]:
    def rows_of(record: Cells) -> list[Cells]:
        cell = record.get(table)
        return [row["value"] for row in cell["value"]] if cell else []

    return rows_of


def _cells_test(condition: Condition) -> CellsTest:
    """Return a test that finds the value of the condition's column in the cells, and tests it."""
    key, test = condition.column.key, _TESTS[condition.operator](condition)

    def test_stored(cells: Cells) -> bool:
        # The cells are usually a StoredRecord, whose value() parses only the one value.
        if isinstance(cells, StoredRecord):
            return test(cells.value(key))
        cell = cells.get(key)
        return test(cell["value"] if cell is not None else None)

    def test_with_seconds(cells: Cells) -> bool:
        cell = cells.get(key)
        return test(with_seconds(cell) if cell is not None else None)

    def test_indexed(cells: Cells) -> bool:
        indexed = cells.get(SEARCHED)
        if indexed is None or key not in indexed["value"]:
            return test_stored(cells)
        return test(indexed["value"][key])

    if choices.SEARCH_LAGS and condition.operator in {"like", "not like"}:
        return test_indexed
    seconds = choices.HIDDEN_SECONDS and condition.column.type in STAMPS
    return test_with_seconds if seconds else test_stored


def _all_of(tests: list[CellsTest]) -> CellsTest:
    def test_all(cells: Cells) -> bool:
        for test in tests:  # noqa: SIM110 - a generator would double the time
            if not test(cells):
                return False
        return True

    return tests[0] if len(tests) == 1 else test_all


def _any_of(tests: list[CellsTest]) -> CellsTest:
    def test_any(cells: Cells) -> bool:
        for test in tests:  # noqa: SIM110 - a generator would double the time
            if test(cells):
                return True
        return False

    return test_any


# Each of the functions below makes the test of one operator. In these functions, `read` converts a
# cell's value to a comparable value, or to None for a blank.


def _never(_: object) -> bool:
    return False


def _equal(condition: Condition) -> ValueTest:
    if not condition.operands:
        return _never
    read, operand = condition.column.kind.read, condition.operands[0]
    if isinstance(operand, Span):
        return lambda value: operand.start <= (read(value) or "") < operand.end
    return lambda value: bool(read(value) == operand)


def _unequal(condition: Condition) -> ValueTest:
    if not condition.operands:
        return _never
    if not isinstance(condition.operands[0], Span):
        return _not_in(condition)
    inside, blank_passes = _equal(condition), choices.BLANK_IS_UNEQUAL
    return lambda value: not inside(value) if value else blank_passes


def _order(condition: Condition) -> ValueTest:
    if not condition.operands:
        return _never
    read, bound = condition.column.kind.read, condition.operands[0]
    passes = _COMPARE[condition.operator]
    if isinstance(bound, Span) and not choices.PERIODS_ARE_COMPARED_WHOLE:
        bound = bound.start
    elif isinstance(bound, Span):
        # A Span excludes its end: "<=" becomes "before the end", ">" becomes "at the end or later".
        passes = compare.lt if condition.operator in _BELOW else compare.ge
        bound = bound.start if condition.operator in {"<", ">="} else bound.end
    # A blank is lower than every value. This was measured for entered values (kSQL, August 2026;
    # for numbers twice), but not for results of formulas.
    blank_is_lowest = condition.column.type != "CALC" or choices.BLANK_IS_BELOW_ANY_RESULT
    blank_passes = condition.operator in _BELOW and blank_is_lowest

    def test(value: object) -> bool:
        comparable = read(value)
        return blank_passes if comparable is None else passes(comparable, bound)

    return test


def _in(condition: Condition) -> ValueTest:
    read, operands = condition.column.kind.read, frozenset(condition.operands)
    if not condition.column.kind.many:
        return lambda value: read(value) in operands
    blank_passes = None in operands

    def test(value: object) -> bool:
        names = read(value)
        return not operands.isdisjoint(names) if names else blank_passes

    return test


def _not_in(condition: Condition) -> ValueTest:
    # A blank differs from every value. This was measured, except for the types in _UNSURE.
    is_in = _in(condition)
    if condition.column.type not in _UNSURE or choices.BLANK_IS_UNEQUAL:
        return lambda value: not is_in(value)
    return lambda value: bool(value) and not is_in(value)


def _like(condition: Condition) -> ValueTest:
    return finder(condition.operands[0], field_type=condition.column.type)


def _unlike(condition: Condition) -> ValueTest:
    is_like, blank_passes = _like(condition), choices.BLANK_IS_UNLIKE
    return lambda value: not is_like(value) if value else blank_passes


def _is_empty(_: Condition) -> ValueTest:
    # A text of spaces, line feeds and tabs alone passes `is empty`, although it does not equal "".
    return lambda value: not (value.strip() if isinstance(value, str) else value)


def _is_not_empty(condition: Condition) -> ValueTest:
    is_empty = _is_empty(condition)
    return lambda value: not is_empty(value)


_BELOW = frozenset(("<", "<="))
_UNSURE = frozenset(("DATE", "TIME", "DATETIME", "CALC"))
_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "<": compare.lt,
    "<=": compare.le,
    ">": compare.gt,
    ">=": compare.ge,
}
_TESTS: dict[str, Callable[[Condition], ValueTest]] = {
    "=": _equal,
    "!=": _unequal,
    ">": _order,
    "<": _order,
    ">=": _order,
    "<=": _order,
    "in": _in,
    "not in": _not_in,
    "like": _like,
    "not like": _unlike,
    "is empty": _is_empty,
    "is not empty": _is_not_empty,
}
