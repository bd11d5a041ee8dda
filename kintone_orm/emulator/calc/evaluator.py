"""Turning a checked formula into one function that computes it for a record.

A formula is compiled once, when the form is deployed, and computed for every record written. So
each node of its tree becomes a closure over the closures of its operands. The closures take a
Scope (the cells of the record and of its tables). Columns, operators and rounding are fixed.

Source: kintone help, "Operators and functions". Cases that this source leaves open are decided
in kintone_orm.emulator.choices.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from ..ground.choices import CALCULATED_TEXT_LENGTH
from .arithmetic import NotComputable
from .data_types import Value, number, text
from .functions import FUNCTIONS
from .operators import operation
from .syntax import Call, Field, Node, Operation, Sign

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from .arithmetic import Arithmetic
    from .columns import Column
    from .scope import Cells, Compute, Scope

__all__ = ["Evaluator"]


class Evaluator:
    """A compiler of the formulas in one table of a form, or of the formulas outside tables."""

    def __init__(
        self, columns: Mapping[str, Column], arithmetic: Arithmetic, *, table: str | None
    ) -> None:
        self._columns = columns
        self._arithmetic = arithmetic
        self._table = table

    def compute(self, node: Node) -> Compute:
        """Return the function that computes this node.

        The method calls itself for the operands. The parser limits the depth of the tree.
        """
        if isinstance(node, Field):
            return self._field(self._columns[node.code])
        if isinstance(node, Operation):
            operands = list(map(self.compute, node.operands))
            return self._operation(node.operators, operands)
        if isinstance(node, Call):
            arguments = list(map(self.compute, node.arguments))
            return FUNCTIONS[node.name].make(arguments, self._arithmetic)
        if isinstance(node, Sign):
            return _sign(node.sign, self.compute(node.operand))
        literal = node.value
        if isinstance(literal, str):
            return lambda _: literal
        # Documented: the app's precision applies to number literals too.
        return lambda _: self._arithmetic.to_precision(literal)

    def _field(self, column: Column) -> Compute:
        to_precision = self._arithmetic.to_precision

        def read(cells: Cells) -> Value:
            value = cells.value(column)
            return to_precision(value) if isinstance(value, Decimal) else value

        # A formula reads one cell of a field at its own level or at the top level. It reads a
        # column of another table as the list of all its cells.
        table = column.table
        if table == self._table:
            return lambda scope: read(scope.own)
        if table is None:
            return lambda scope: read(scope.record)
        return lambda scope: list(map(read, scope.tables[table]))

    def _operation(self, operators: Sequence[str], operands: Sequence[Compute]) -> Compute:
        # All operators of one node have the same rank, so the first operator tells the kind.
        if operators[0] == "&":
            return _concatenation(operands)
        steps = [operation(operator, self._arithmetic) for operator in operators]
        in_order = _right_to_left if operators[0] == "^" else _left_to_right
        return in_order(steps, operands)


def _sign(sign: str, operand: Compute) -> Compute:
    if sign == "-":
        return lambda scope: number(operand(scope)).copy_negate()
    return lambda scope: number(operand(scope))


def _left_to_right(
    steps: Sequence[Callable[[Value, Value], Value]], operands: Sequence[Compute]
) -> Compute:
    first, *rest = operands
    pairs = list(zip(steps, rest, strict=True))

    def compute(scope: Scope) -> Value:
        value = first(scope)
        for step, operand in pairs:
            value = step(value, operand(scope))
        return value

    return compute


def _right_to_left(
    steps: Sequence[Callable[[Value, Value], Value]], operands: Sequence[Compute]
) -> Compute:
    *rest, last = operands
    pairs = list(zip(reversed(steps), reversed(rest), strict=True))

    def compute(scope: Scope) -> Value:
        value = last(scope)
        for step, operand in pairs:
            value = step(operand(scope), value)
        return value

    return compute


def _concatenation(operands: Sequence[Compute]) -> Compute:
    def compute(scope: Scope) -> Value:
        joined_text = "".join([text(operand(scope)) for operand in operands])
        if len(joined_text) > CALCULATED_TEXT_LENGTH:
            raise NotComputable(f"The text has more than {CALCULATED_TEXT_LENGTH} characters.")
        return joined_text

    return compute
