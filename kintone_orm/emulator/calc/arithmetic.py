"""Numbers in formulas: exact decimals that an app's precision rounds and checks at every step.

Source: kintone help, "Precision of numbers and calculations", "ROUND, ROUNDUP and ROUNDDOWN"; that
every step is checked was measured (SonicGarden, September 2026).
Nothing here depends on the caller's decimal context.
"""

from __future__ import annotations

import decimal
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ..values import Precision

__all__ = ["Arithmetic", "NotComputable", "plain", "round_to"]

EXPONENT_MAX = 100
PLACES_MAX = 100

# More digits than a sensible formula has on its way; a longer number is not computable. A digit
# that is cut off leaves a trace (ROUND_05UP), so that rounding the rest once more is exact.
_WORKING = decimal.Context(
    prec=1_000,
    rounding=decimal.ROUND_05UP,
    Emin=decimal.MIN_EMIN,
    Emax=decimal.MAX_EMAX,
    traps=[decimal.InvalidOperation, decimal.DivisionByZero, decimal.Overflow],
)


class NotComputable(ArithmeticError):
    """A formula that has no value for this record: its field holds "".

    An ArithmeticError, as are those of `decimal` and `datetime` (division by zero, a date out of
    range), so that one `except` catches all.
    """


def plain(number: Decimal) -> str:
    """The number without an exponent, trailing zeros or a negative zero: "15", "-0.5", "0"."""
    return format(_WORKING.normalize(number), "f") if number else "0"


def round_to(number: Decimal, places: Decimal = Decimal(0), *, rounding: str) -> Decimal:
    """The number rounded at a decimal place, left of the point when `places` is negative.

    `rounding` is a mode of `decimal`.
    """
    count = int(places)
    if abs(count) > PLACES_MAX:
        raise NotComputable(f"{places} decimal places")
    step = Decimal((0, (1,), -count))
    return number.quantize(step, rounding=rounding, context=_WORKING)


class Arithmetic:
    """Calculation with the number precision of an app."""

    def __init__(self, precision: Precision) -> None:
        self._step = Decimal((0, (1,), -precision.decimal_places))
        self._rounding = precision.rounding
        self._whole_digits = max(precision.digits - precision.decimal_places, 0)

    def kept(self, number: Decimal) -> Decimal:
        """The number with as many decimals as the app keeps. NotComputable: too many digits."""
        rounded = number.quantize(self._step, rounding=self._rounding, context=_WORKING)
        if rounded and rounded.adjusted() >= self._whole_digits:
            raise NotComputable(f"more than {self._whole_digits} digits before the point")
        return rounded

    def calculate(self, operator: str, left: Decimal, right: Decimal) -> Decimal:
        """What one of + - * / ^ makes of two numbers. ArithmeticError where it has no result."""
        return self.kept(_OPERATIONS[operator](left, right))

    def total(self, numbers: Iterable[Decimal]) -> Decimal:
        """The sum of rounded numbers."""
        found = Decimal(0)
        for number in numbers:
            found = _WORKING.add(found, number)
        return self.kept(found)


def _power(base: Decimal, exponent: Decimal) -> Decimal:
    count = int(exponent)  # its fraction is dropped: documented
    if abs(count) > EXPONENT_MAX:
        raise NotComputable(f"exponent {exponent}")
    if count == 0:
        return Decimal(1)
    raised = _WORKING.power(base, abs(count))
    return raised if count > 0 else _WORKING.divide(Decimal(1), raised)


_OPERATIONS = {
    "+": _WORKING.add,
    "-": _WORKING.subtract,
    "*": _WORKING.multiply,
    "/": _WORKING.divide,
    "^": _power,
}
