"""How a checked formula is computed: its tree becomes one function, made once.

Source: kintone help, "Operators and functions"; kintone_orm.emulator.choices for what it leaves
open.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from ..choices import CALCULATED_TEXT_LENGTH
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
    """Makes functions of formulas that belong to one table, or to none, of one form."""

    def __init__(
        self, columns: Mapping[str, Column], arithmetic: Arithmetic, *, table: str | None
    ) -> None:
        self._columns = columns
        self._arithmetic = arithmetic
        self._table = table

    def compute(self, node: Node) -> Compute:
        """The function of this node. It calls itself as deep as the parser lets nodes nest."""
        if isinstance(node, Field):
            return self._field(self._columns[node.code])
        if isinstance(node, Operation):
            operands = list(map(self.compute, node.operands))
            return self._operation(node.operators, operands)
        if isinstance(node, Call):
            arguments = list(map(self.compute, node.arguments))
            return FUNCTIONS[node.name].make(arguments, self._arithmetic)
        if isinstance(node, Sign):
            return _signed(node.sign, self.compute(node.operand))
        literal = node.value
        if isinstance(literal, str):
            return lambda _: literal
        # The app's precision holds for numbers in formulas too: documented.
        return lambda _: self._arithmetic.kept(literal)

    def _field(self, column: Column) -> Compute:
        kept = self._arithmetic.kept

        def read(cells: Cells) -> Value:
            value = cells.value(column)
            return kept(value) if isinstance(value, Decimal) else value

        table = column.table
        if table == self._table:
            return lambda scope: read(scope.own)
        if table is None:
            return lambda scope: read(scope.record)
        return lambda scope: list(map(read, scope.tables[table]))

    def _operation(self, operators: Sequence[str], operands: Sequence[Compute]) -> Compute:
        if operators[0] == "&":
            return _joined(operands)
        steps = [operation(operator, self._arithmetic) for operator in operators]
        return _from_right(steps, operands) if operators[0] == "^" else _from_left(steps, operands)


def _signed(sign: str, operand: Compute) -> Compute:
    if sign == "-":
        return lambda scope: number(operand(scope)).copy_negate()
    return lambda scope: number(operand(scope))


def _from_left(
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


def _from_right(
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


def _joined(operands: Sequence[Compute]) -> Compute:
    def compute(scope: Scope) -> Value:
        joined = "".join([text(operand(scope)) for operand in operands])
        if len(joined) > CALCULATED_TEXT_LENGTH:
            raise NotComputable(f"a text of more than {CALCULATED_TEXT_LENGTH} characters")
        return joined

    return compute
