"""Compiling the formulas of a form into a step that fills the calculated fields of a record."""

from __future__ import annotations

from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from typing import TYPE_CHECKING, Any

from .arithmetic import Arithmetic
from .checker import check, codes_in
from .columns import Column, columns_of
from .evaluator import Evaluator
from .parser import parse
from .reasons import WrongFormula, refusal, wrong_formula
from .results import result_of
from .scope import Cells, Compute, Scope

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import tzinfo

    from ..ground.json_types import Properties
    from ..values import Precision
    from .syntax import Node

__all__ = ["Formulas", "compile_formulas"]


@dataclass(frozen=True, slots=True)
class Formulas:
    """The checked formulas of a form, in the order of their dependencies.

    `codes` are the codes of the calculated fields, at top level and in tables. kintone ignores the
    values that a client sends for these fields. The object is false if the form has no formulas.
    """

    codes: frozenset[str]
    tables: tuple[str, ...]
    arithmetic: Arithmetic
    steps: tuple[tuple[Column, Compute], ...]

    def __bool__(self) -> bool:
        return bool(self.steps)

    def fill(self, record: dict[str, Any], zone: tzinfo) -> None:
        """Put the value of every formula into this record and the rows of its tables.

        A field that the record lacks is blank. A formula without a value gives "". `zone` is the
        zone that DATE_FORMAT calls "system". Call this just before storing a record, because
        formulas use the new UPDATED_TIME and the values that lookups copied.
        """
        top = Cells(record)
        tables = {table: _rows(record.get(table)) for table in self.tables}
        for column, compute in self.steps:
            for own in [top] if column.table is None else tables[column.table]:
                self._fill(column, compute, Scope(own, top, tables, zone))

    def _fill(self, column: Column, compute: Compute, scope: Scope) -> None:
        try:
            result = result_of(compute(scope), self.arithmetic, shown_as=column.format)
        except ArithmeticError:
            scope.own.clear(column)
        else:
            scope.own.put(column, result.text, result.value)


def _rows(cell: Any) -> list[Cells]:
    return [Cells(row["value"]) for row in cell["value"]] if cell is not None else []


def compile_formulas(properties: Properties, precision: Precision) -> Formulas:
    """Return the formulas of a form; `properties` are those of kintone's Get Form Fields.

    Raises KintoneError GAIA_IL01 for the form's first field whose formula is wrong.
    Source: kintone REST API, "Deploy App Settings" (which checks formulas).
    """
    columns = columns_of(properties)
    trees = {
        column.code: _tree(column, column.expression, columns)
        for column in columns.values()
        if column.expression is not None
    }
    arithmetic = Arithmetic(precision)
    steps = []
    for code in _order(trees, columns):
        column = columns[code]
        evaluator = Evaluator(columns, arithmetic, table=column.table)
        steps.append((column, evaluator.compute(trees[code])))
    tables = dict.fromkeys(column.table for column in columns.values() if column.table is not None)
    return Formulas(frozenset(trees), tuple(tables), arithmetic, tuple(steps))


def _tree(column: Column, expression: str, columns: Mapping[str, Column]) -> Node:
    try:
        tree = parse(expression)
        check(tree, columns=columns, table=column.table)
    except WrongFormula as reason:
        raise refusal(reason, label=column.label) from reason
    return tree


def _order(trees: Mapping[str, Node], columns: Mapping[str, Column]) -> list[str]:
    """Return the calculated fields, each after the fields in its formula.

    Raises GAIA_IL01 for a cycle. A column of a table is one field: kintone looks for cycles between
    fields, not between cells.
    """
    needs = {
        code: [operand for operand in codes_in(tree) if operand in trees]
        for code, tree in trees.items()
    }
    try:
        return list(TopologicalSorter(needs).static_order())
    except CycleError as error:
        cycle = error.args[1]
        first = next(code for code in trees if code in cycle)
        reason = wrong_formula("cycle", detail=" <- ".join(cycle))
        raise refusal(reason, label=columns[first].label) from error
