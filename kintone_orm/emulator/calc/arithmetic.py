"""Arithmetic of formulas: exact decimals, rounded and checked at every step by the app's precision.

Source: kintone help, "Precision of numbers and calculations", "ROUND, ROUNDUP and ROUNDDOWN". The
check at every step was measured (SonicGarden, September 2026).
The results do not depend on the caller's decimal context.
"""

from __future__ import annotations

import decimal
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ..values import Precision

__all__ = ["Arithmetic", "NotComputable", "plain_digits", "round_to"]

EXPONENT_MAX = 100
PLACES_MAX = 100

# Intermediate results have at most 1,000 digits, which is more than a sensible formula needs.
# With ROUND_05UP, a result that was cut at 1,000 digits can be rounded again to fewer digits, as if
# it had been rounded only once.
_WORKING = decimal.Context(
    prec=1_000,
    rounding=decimal.ROUND_05UP,
    Emin=decimal.MIN_EMIN,
    Emax=decimal.MAX_EMAX,
    traps=[decimal.InvalidOperation, decimal.DivisionByZero, decimal.Overflow],
)


class NotComputable(ArithmeticError):
    """The error of a formula that has no value for this record. Its field then holds "".

    It is an ArithmeticError, like the errors of `decimal` and `datetime` (division by zero, a date
    out of range), so that one `except` catches them all.
    """


def plain_digits(number: Decimal) -> str:
    """Return the number without exponent, trailing zeros or negative zero: "15", "-0.5", "0"."""
    return format(_WORKING.normalize(number), "f") if number else "0"


def round_to(number: Decimal, places: Decimal = Decimal(0), *, rounding: str) -> Decimal:
    """Return the number rounded to `places` decimals; negative places are left of the point.

    `rounding` is a mode of `decimal`. Raises NotComputable for more than 100 places.
    """
    count = int(places)
    if abs(count) > PLACES_MAX:
        raise NotComputable(f"Places must be from -{PLACES_MAX} to {PLACES_MAX}, not {places}.")
    step = Decimal((0, (1,), -count))
    return number.quantize(step, rounding=rounding, context=_WORKING)


class Arithmetic:
    """Calculations with the number precision of an app."""

    def __init__(self, precision: Precision) -> None:
        self._step = Decimal((0, (1,), -precision.decimal_places))
        self._rounding = precision.rounding
        self._whole_digits = max(precision.digits - precision.decimal_places, 0)

    def to_precision(self, number: Decimal) -> Decimal:
        """Return the number rounded to the app's precision.

        Raises NotComputable if the number has too many digits before the point.
        """
        rounded = number.quantize(self._step, rounding=self._rounding, context=_WORKING)
        if rounded and rounded.adjusted() >= self._whole_digits:
            raise NotComputable(
                f"The number has more than {self._whole_digits} digits before the point."
            )
        return rounded

    def calculate(self, operator: str, left: Decimal, right: Decimal) -> Decimal:
        """Return the result of + - * / or ^. Raises ArithmeticError if there is no result."""
        return self.to_precision(_OPERATIONS[operator](left, right))

    def total(self, numbers: Iterable[Decimal]) -> Decimal:
        """Return the sum of rounded numbers, rounded once at the end."""
        total = Decimal(0)
        for number in numbers:
            total = _WORKING.add(total, number)
        return self.to_precision(total)


def _power(base: Decimal, exponent: Decimal) -> Decimal:
    # Documented: kintone ignores the fraction of an exponent.
    count = int(exponent)
    if abs(count) > EXPONENT_MAX:
        raise NotComputable(
            f"An exponent must be from -{EXPONENT_MAX} to {EXPONENT_MAX}, not {exponent}."
        )
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
