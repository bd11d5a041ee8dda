"""The eleven functions of formulas: their arguments and their results.

Source: kintone help, "Operators and functions" and the page of each function.
"""

from __future__ import annotations

import decimal
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .arithmetic import NotComputable, round_to
from .data_types import DataType, Value, boolean, number, text
from .date_format import date_format

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from .arithmetic import Arithmetic
    from .scope import Compute, Scope

__all__ = ["FUNCTIONS", "Function"]


@dataclass(frozen=True, slots=True)
class Function:
    """One function of formulas.

    The function has `low` to `high` arguments; `high` is None if there is no maximum. `takes` lists
    the data types of each argument; the last entry is for all further arguments as well. `gives` is
    the data type of the result, or None for IF, whose result has the types of its branches. `make`
    compiles a call.
    """

    low: int
    high: int | None
    takes: tuple[DataType, ...]
    gives: DataType | None
    make: Callable[[Sequence[Compute], Arithmetic], Compute]

    def takes_at(self, position: int) -> DataType:
        """Return the data types that the argument at this position, counted from 0, may have."""
        return self.takes[min(position, len(self.takes) - 1)]


def _sum(arguments: Sequence[Compute], arithmetic: Arithmetic) -> Compute:
    def compute(scope: Scope) -> Value:
        terms: list[Value] = []
        for argument in arguments:
            value = argument(scope)
            # Observed: the sum over a table without rows is an error, not 0.
            if value == []:
                raise NotComputable("SUM has no value over a table without rows.")
            terms.extend(value if isinstance(value, list) else [value])
        return arithmetic.total(map(number, terms))

    return compute


def _if(arguments: Sequence[Compute], _: Arithmetic) -> Compute:
    condition, then, otherwise = arguments
    return lambda scope: then(scope) if boolean(condition(scope)) else otherwise(scope)


def _short_circuit(decisive: bool) -> Callable[[Sequence[Compute], Arithmetic], Compute]:
    """Return the function AND (`decisive` is False) or OR (`decisive` is True).

    Conditions after the first decisive one are not computed.
    """

    def make(arguments: Sequence[Compute], _: Arithmetic) -> Compute:
        def compute(scope: Scope) -> Value:
            for argument in arguments:
                if boolean(argument(scope)) is decisive:
                    return decisive
            return not decisive

        return compute

    return make


def _not(arguments: Sequence[Compute], _: Arithmetic) -> Compute:
    (condition,) = arguments
    return lambda scope: not boolean(condition(scope))


def _round(rounding: str) -> Callable[[Sequence[Compute], Arithmetic], Compute]:
    def make(arguments: Sequence[Compute], arithmetic: Arithmetic) -> Compute:
        def compute(scope: Scope) -> Value:
            numbers = [number(argument(scope)) for argument in arguments]
            return arithmetic.to_precision(round_to(*numbers, rounding=rounding))

        return compute

    return make


def _yen(arguments: Sequence[Compute], _: Arithmetic) -> Compute:
    amount, places = arguments

    def compute(scope: Scope) -> Value:
        yen = round_to(number(amount(scope)), number(places(scope)), rounding=decimal.ROUND_HALF_UP)
        return f"{'-' if yen < 0 else ''}¥{yen.copy_abs():,f}"

    return compute


def _date_format(arguments: Sequence[Compute], _: Arithmetic) -> Compute:
    moment, pattern, zone = arguments
    return lambda scope: date_format(
        number(moment(scope)), text(pattern(scope)), text(zone(scope)), system=scope.zone
    )


def _contains(arguments: Sequence[Compute], _: Arithmetic) -> Compute:
    array, sought = arguments

    def compute(scope: Scope) -> Value:
        texts = array(scope)
        # Observed: a deploy accepts a formula with a single value in place of the array.
        if not isinstance(texts, list):
            raise NotComputable("CONTAINS needs an array, not a single value.")
        return text(sought(scope)) in texts

    return compute


_NUMBER, _STRING, _BOOLEAN = DataType.NUMBER, DataType.STRING, DataType.BOOLEAN
_SCALAR = DataType.SCALAR
# Observed: a deploy accepts a number for a condition, and a truth value in a sum. But then the
# formula has no value.
_CONDITION = _BOOLEAN | _NUMBER

FUNCTIONS: dict[str, Function] = {
    "SUM": Function(1, None, (_CONDITION | DataType.NUMBERS,), _NUMBER, _sum),
    "IF": Function(3, 3, (_CONDITION, _SCALAR), None, _if),
    "AND": Function(1, 32, (_CONDITION,), _BOOLEAN, _short_circuit(False)),
    "OR": Function(1, 32, (_CONDITION,), _BOOLEAN, _short_circuit(True)),
    "NOT": Function(1, 1, (_CONDITION,), _BOOLEAN, _not),
    "ROUND": Function(1, 2, (_NUMBER,), _NUMBER, _round(decimal.ROUND_HALF_UP)),
    "ROUNDUP": Function(1, 2, (_NUMBER,), _NUMBER, _round(decimal.ROUND_UP)),
    "ROUNDDOWN": Function(1, 2, (_NUMBER,), _NUMBER, _round(decimal.ROUND_DOWN)),
    "YEN": Function(2, 2, (_NUMBER,), _STRING, _yen),
    "DATE_FORMAT": Function(3, 3, (_NUMBER, _STRING), _STRING, _date_format),
    "CONTAINS": Function(2, 2, (DataType.STRINGS | _STRING, _STRING), _BOOLEAN, _contains),
}
