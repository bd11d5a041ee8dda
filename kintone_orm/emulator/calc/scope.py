"""What a formula sees while it is computed."""

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
"""A formula, or a part of one, that is ready to be computed. ArithmeticError: it has no value."""


class Cells:
    """The cells of a record, or of one row, and the values that formulas gave them so far.

    `cells` is kintone's JSON, {code: {"type", "value"}} (hence Any), and is written to.
    """

    __slots__ = ("_computed", "cells")

    def __init__(self, cells: dict[str, Any]) -> None:
        self.cells = cells
        self._computed: dict[str, Scalar] = {}

    def value(self, column: Column) -> Value:
        """The value of this column. NotComputable when its own formula was not computable."""
        if column.expression is None:
            cell = self.cells.get(column.code)
            return column.read(cell["value"] if cell is not None else None)
        if column.code not in self._computed:
            raise NotComputable(f"{column.code} has no value")
        return self._computed[column.code]

    def put(self, column: Column, text: str, value: Scalar) -> None:
        """Keep what the column's formula gave: the text in the cell, the value for formulas."""
        self.cells[column.code] = {"type": column.type, "value": text}
        self._computed[column.code] = value

    def clear(self, column: Column) -> None:
        """Keep that the column's formula has no value."""
        self.cells[column.code] = {"type": column.type, "value": ""}


@dataclass(frozen=True, slots=True)
class Scope:
    """Where a formula is computed.

    `own` are the cells beside it, those of its row in a table; `record` those at top level;
    `tables` the rows of each table by its code. `zone` is what DATE_FORMAT calls "system".
    """

    own: Cells
    record: Cells
    tables: Mapping[str, Sequence[Cells]]
    zone: tzinfo
