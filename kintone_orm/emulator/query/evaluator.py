"""Whether a record satisfies a checked condition: conditions become functions, made once.

Blanks (null, "", [], or no cell at all) are None here, in cells and in operands alike.
Source: kintone REST API, "Query String"; kintone_orm.emulator.choices for what it leaves open.
"""

from __future__ import annotations

import operator as compare
from typing import TYPE_CHECKING, Any, TypeAlias

from .. import choices
from ..record_text import StoredRecord
from ..search_lag import SEARCHED
from .functions import Span
from .kinds import STAMPS, with_seconds
from .operators import NEGATIVE
from .syntax import Group
from .words import finder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from .checker import Condition

__all__ = ["matcher"]

# A test of a record, or of the cells of a table's row (Any: both are JSON, code -> cell).
Match: TypeAlias = "Callable[[Any], bool]"
# A test of what a cell holds under "value".
Test: TypeAlias = "Callable[[Any], bool]"


def matcher(node: Condition | Group[Condition] | None) -> Match:
    """A test for records; every record passes when there is no condition."""
    if node is None:
        return lambda _: True
    if not isinstance(node, Group):
        return _alone(node)
    if node.joint == "or":
        return _any_of([matcher(part) for part in node.parts])
    return _all_of(_and_parts(node.parts))


def _and_parts(parts: Iterable[Condition | Group[Condition]]) -> list[Match]:
    """A test for each part, but one for all the conditions on the rows of one table."""
    tests: list[Match] = []
    in_tables: dict[str, list[Condition]] = {}
    for part in parts:
        if isinstance(part, Group) or part.column.table is None:
            tests.append(matcher(part))
        else:
            in_tables.setdefault(part.column.table, []).append(part)
    return tests + [_on_rows(table, conditions) for table, conditions in in_tables.items()]


def _alone(condition: Condition) -> Match:
    table = condition.column.table
    return _on_cells(condition) if table is None else _on_rows(table, [condition])


def _on_rows(table: str, conditions: list[Condition]) -> Match:
    """One row satisfies all the positive conditions; every row, of at least one, the negative."""
    on_one = _all_of([_on_cells(each) for each in conditions if each.operator not in NEGATIVE])
    on_every = _all_of([_on_cells(each) for each in conditions if each.operator in NEGATIVE])
    rows_of = conditions[0].column.rows or _rows_in(table)

    def holds(record: Any) -> bool:
        rows = rows_of(record)
        return any(map(on_one, rows)) and all(map(on_every, rows))

    return holds


def _rows_in(table: str) -> Callable[[Any], list[Any]]:
    def rows_of(record: Any) -> list[Any]:
        cell = record.get(table)
        return [row["value"] for row in cell["value"]] if cell else []

    return rows_of


def _on_cells(condition: Condition) -> Match:
    key, test = condition.column.key, _TESTS[condition.operator](condition)

    def holds(cells: Any) -> bool:
        if isinstance(cells, StoredRecord):  # of which there are many
            return test(cells.value(key))
        cell = cells.get(key)
        return test(cell["value"] if cell is not None else None)

    def holds_to_the_second(cells: Any) -> bool:
        return test(with_seconds(cells.get(key)))

    def holds_as_indexed(cells: Any) -> bool:
        indexed = cells.get(SEARCHED)
        if indexed is None or key not in indexed["value"]:
            return holds(cells)
        return test(indexed["value"][key])

    if choices.SEARCH_LAGS and condition.operator in {"like", "not like"}:
        return holds_as_indexed
    seconds = choices.HIDDEN_SECONDS and condition.column.type in STAMPS
    return holds_to_the_second if seconds else holds


def _all_of(tests: list[Match]) -> Match:
    def holds(record: Any) -> bool:
        for test in tests:  # noqa: SIM110 - a generator would double the time
            if not test(record):
                return False
        return True

    return tests[0] if len(tests) == 1 else holds


def _any_of(tests: list[Match]) -> Match:
    def holds(record: Any) -> bool:
        for test in tests:  # noqa: SIM110 - a generator would double the time
            if test(record):
                return True
        return False

    return holds


# One builder for each operator. `read` gives what a cell holds, or None for a blank.


def _nothing(_: Any) -> bool:
    return False


def _equal(condition: Condition) -> Test:
    if not condition.operands:
        return _nothing
    read, wanted = condition.column.kind.read, condition.operands[0]
    if isinstance(wanted, Span):
        return lambda value: wanted.start <= (read(value) or "") < wanted.end
    return lambda value: bool(read(value) == wanted)


def _unequal(condition: Condition) -> Test:
    if not condition.operands:
        return _nothing
    if not isinstance(condition.operands[0], Span):
        return _not_in(condition)
    inside, blanks = _equal(condition), choices.BLANK_IS_UNEQUAL
    return lambda value: not inside(value) if value else blanks


def _ordered(condition: Condition) -> Test:
    if not condition.operands:
        return _nothing
    read, bound = condition.column.kind.read, condition.operands[0]
    passes = _COMPARE[condition.operator]
    if isinstance(bound, Span) and not choices.PERIODS_ARE_COMPARED_WHOLE:
        bound = bound.start
    elif isinstance(bound, Span):
        # "<=" a period is before its end, ">" one is from its end on.
        passes = compare.lt if condition.operator in _BELOW else compare.ge
        bound = bound.start if condition.operator in {"<", ">="} else bound.end
    # Measured (kSQL, August 2026; numbers twice), but for the results of formulas.
    is_lowest = condition.column.type != "CALC" or choices.BLANK_IS_BELOW_ANY_RESULT
    blanks = condition.operator in _BELOW and is_lowest

    def test(value: Any) -> bool:
        cell = read(value)
        return blanks if cell is None else passes(cell, bound)

    return test


def _in(condition: Condition) -> Test:
    read, wanted = condition.column.kind.read, frozenset(condition.operands)
    if not condition.column.kind.many:
        return lambda value: read(value) in wanted
    blanks = None in wanted

    def test(value: Any) -> bool:
        names = read(value)
        return not wanted.isdisjoint(names) if names else blanks

    return test


def _not_in(condition: Condition) -> Test:
    # Blanks are other than any value: measured, but not for all types.
    found = _in(condition)
    if condition.column.type not in _UNSURE or choices.BLANK_IS_UNEQUAL:
        return lambda value: not found(value)
    return lambda value: bool(value) and not found(value)


def _like(condition: Condition) -> Test:
    return finder(condition.operands[0], field_type=condition.column.type)


def _unlike(condition: Condition) -> Test:
    found, blanks = _like(condition), choices.BLANK_IS_UNLIKE
    return lambda value: not found(value) if value else blanks


def _is_empty(_: Condition) -> Test:
    # Blanks, line feeds and tabs alone are nothing here, though not for `= ""`.
    return lambda value: not (value.strip() if isinstance(value, str) else value)


def _is_not_empty(condition: Condition) -> Test:
    empty = _is_empty(condition)
    return lambda value: not empty(value)


_BELOW = frozenset(("<", "<="))
_UNSURE = frozenset(("DATE", "TIME", "DATETIME", "CALC"))
_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "<": compare.lt,
    "<=": compare.le,
    ">": compare.gt,
    ">=": compare.ge,
}
_TESTS: dict[str, Callable[[Condition], Test]] = {
    "=": _equal,
    "!=": _unequal,
    ">": _ordered,
    "<": _ordered,
    ">=": _ordered,
    "<=": _ordered,
    "in": _in,
    "not in": _not_in,
    "like": _like,
    "not like": _unlike,
    "is empty": _is_empty,
    "is not empty": _is_not_empty,
}
