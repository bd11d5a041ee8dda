"""Number fields: exact decimals, silently rounded to the app's decimal places.

The allowed spellings differ at top level and in tables. They were measured (SonicGarden, September
2026).
"""

from __future__ import annotations

import decimal
import re
from decimal import Decimal
from typing import TYPE_CHECKING

from .base import Field

if TYPE_CHECKING:
    from ..ground.json_types import Definition
    from ..ground.problems import Problems
    from .base import Precision, Writing

__all__ = ["Number", "plain_digits"]

_SPELLING = re.compile(r"[+-]?[0-9]+(?:\.[0-9]*)?(?:[eE][+-]?[0-9]{1,9})?")
# In a table, digits may be full-width, but signs, points and "e" may not. Outside a table, a number
# with full-width digits is refused. kintone then also reports if the number has too many digits or
# is out of range.
_DIGIT = "[0-9\uff10-\uff19]"
_WIDE = re.compile(rf"[+-]?{_DIGIT}+(?:\.{_DIGIT}*)?(?:[eE][+-]?{_DIGIT}{{1,9}})?")
_IN_TABLES = re.compile(
    rf"[+-]?(?:{_DIGIT}+(?:\.{_DIGIT}*)?|\.{_DIGIT}+)(?:[eE][+-]?{_DIGIT}{{1,9}})?"
)
_BLANKS = " \t\r\n"

# This context has 100 digits, so that only quantize() rounds: to the app's decimal places.
_EXACT = decimal.Context(prec=100, Emax=decimal.MAX_EMAX, Emin=decimal.MIN_EMIN)


def plain_digits(number: Decimal) -> str:
    """Return the number without exponent, trailing zeros or negative zero: "15", "-0.5", "0"."""
    text = format(number, "f") if number else "0"
    return text.rstrip("0").rstrip(".") if "." in text else text


class Number(Field):
    """NUMBER: stored in plain digits, with the app's decimal places."""

    def __init__(self, definition: Definition, precision: Precision) -> None:
        super().__init__(definition, precision)
        self.least = self._bound(definition, "minValue")
        self.most = self._bound(definition, "maxValue")
        self.precision = precision
        self.whole_digits = precision.digits - precision.decimal_places
        self.step = Decimal(1).scaleb(-precision.decimal_places)

    @staticmethod
    def _bound(definition: Definition, name: str) -> Decimal | None:
        return Decimal(definition[name]) if definition.get(name) else None

    def read(self, value: object, prefix: str, writing: Writing) -> str:
        """Return the number in plain digits, rounded by the app's precision.

        A value that is not a number is an error under an unusual path, "record[code].value". In a
        table, the value becomes a blank.
        """
        if isinstance(value, (int, Decimal)) and not isinstance(value, bool):
            value = str(value)
        if value is None:
            return ""
        if not isinstance(value, str):
            raise self.shape_error(prefix, "number")
        in_table = prefix.endswith(".value")
        text = value.strip(_BLANKS + "\u3000" if in_table else _BLANKS)
        if text == "":
            return ""
        if in_table and not _IN_TABLES.fullmatch(text):
            # Measured: kintone stores a blank and reports no error.
            return ""
        if not in_table and not _SPELLING.fullmatch(text):
            writing.problems.add(f"{prefix}[{self.code}].value", "number")
            if not _WIDE.fullmatch(text):
                return ""
        number = Decimal(text)
        rounded = number
        # A short text of digits alone is the usual case: it fits, and needs no rounding.
        if not (text.isdigit() and len(text) <= self.whole_digits):
            # The number of digits is checked before and after rounding. Without the first check,
            # a number with a huge exponent would become a huge text.
            too_wide = self._is_too_wide(number)
            rounded = number if too_wide else self._round(number)
            if too_wide or (rounded is not number and self._is_too_wide(rounded)):
                self.report(prefix, writing.problems, "digits")
                return ""
        # Measured: kintone checks the range of the sent number, before rounding.
        self._check_range(number, prefix, writing.problems)
        return plain_digits(rounded)

    def _is_too_wide(self, number: Decimal) -> bool:
        return bool(number) and number.adjusted() >= self.whole_digits

    def _round(self, number: Decimal) -> Decimal:
        if number.is_zero() or -int(number.as_tuple().exponent) <= self.precision.decimal_places:
            return number
        return number.quantize(self.step, rounding=self.precision.rounding, context=_EXACT)

    def check(self, value: str, prefix: str, problems: Problems) -> None:
        """Add a problem if the number is out of the field's range."""
        if value != "":
            self._check_range(Decimal(value), prefix, problems)

    def _check_range(self, number: Decimal, prefix: str, problems: Problems) -> None:
        if self.most is not None and number > self.most:
            self.report(prefix, problems, "max_value", limit=format(self.most, ",f"))
        if self.least is not None and number < self.least:
            self.report(prefix, problems, "min_value", limit=format(self.least, ",f"))

    def unique_key(self, value: str | None) -> str:
        """Return the number in plain digits, so that "1.50" collides with "1.5"."""
        return plain_digits(Decimal(value)) if value else ""
