"""The cells that a formula reads while it is computed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from .arithmetic import NotComputable

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import tzinfo

    from .columns import Column
    from .data_types import Scalar, Value

__all__ = ["Cells", "Compute", "Scope"]

Compute: TypeAlias = "Callable[[Scope], Value]"
"""A compiled formula, or an operand of one. Raises ArithmeticError if it has no value."""


class Cells:
    """The cells of a record or of one row, with the formula values computed so far.

    `cells` is kintone's JSON, {code: {"type": ..., "value": ...}}; put() and clear() change it.
    """

    __slots__ = ("_computed", "cells")

    def __init__(self, cells: dict[str, Any]) -> None:
        self.cells = cells
        self._computed: dict[str, Scalar] = {}

    def value(self, column: Column) -> Value:
        """Return the value of this column. Raises NotComputable if its formula has no value."""
        if column.expression is None:
            cell = self.cells.get(column.code)
            return column.read(cell["value"] if cell is not None else None)
        if column.code not in self._computed:
            raise NotComputable(f"The formula of '{column.code}' has no value.")
        return self._computed[column.code]

    def put(self, column: Column, text: str, value: Scalar) -> None:
        """Store the result of the formula: a text for the cell, a value for other formulas."""
        self.cells[column.code] = {"type": column.type, "value": text}
        self._computed[column.code] = value

    def clear(self, column: Column) -> None:
        """Make the cell blank, because the column's formula has no value."""
        self.cells[column.code] = {"type": column.type, "value": ""}


@dataclass(frozen=True, slots=True)
class Scope:
    """The cells around one formula.

    `own` are the cells of the formula's row, or of the top level. `record` are the cells of the top
    level. `tables` holds the rows of each table by its code. `zone` is DATE_FORMAT's "system".
    """

    own: Cells
    record: Cells
    tables: Mapping[str, Sequence[Cells]]
    zone: tzinfo
