"""Numbers: exact decimals, rounded silently to what the app keeps."""

from __future__ import annotations

import decimal
import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from .base import Field

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..problems import Problems
    from .base import Precision, Writing

__all__ = ["Number", "plain"]

_SPELLING = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,9})?")

# Wide enough that only quantize() to the app's decimal places ever rounds.
_EXACT = decimal.Context(prec=100, Emax=decimal.MAX_EMAX, Emin=decimal.MIN_EMIN)


def plain(number: Decimal) -> str:
    """The number without an exponent and without a negative zero: "15", "-0.50", "0"."""
    return format(number, "f") if number else "0"


class Number(Field):
    """NUMBER: kept as the plain decimal that was sent, cut to the app's decimal places."""

    def __init__(self, definition: Mapping[str, Any], precision: Precision) -> None:
        super().__init__(definition, precision)
        self.least = self._bound(definition, "minValue")
        self.most = self._bound(definition, "maxValue")
        self.precision = precision
        self.step = Decimal(1).scaleb(-precision.decimal_places)

    @staticmethod
    def _bound(definition: Mapping[str, Any], name: str) -> Decimal | None:
        return Decimal(definition[name]) if definition.get(name) else None

    def read(self, value: Any, prefix: str, writing: Writing) -> str:
        """The number as a plain decimal, rounded as the app says."""
        if isinstance(value, (int, Decimal)) and not isinstance(value, bool):
            value = str(value)
        text = value.strip() if isinstance(value, str) else value
        if text in (None, ""):
            return ""
        if not isinstance(text, str) or not _SPELLING.fullmatch(text):
            self._report_not_a_number(prefix, writing)
            return ""
        number = Decimal(text)
        # Asked before rounding too: a huge number must not become a huge text.
        if self._is_too_wide(number) or self._is_too_wide(number := self._rounded(number)):
            self.report(prefix, writing.problems, "digits")
            return ""
        kept = plain(number)
        self.check(kept, prefix, writing.problems)
        return kept

    def _is_too_wide(self, number: Decimal) -> bool:
        whole_digits = self.precision.digits - self.precision.decimal_places
        return bool(number) and number.adjusted() >= whole_digits

    def _rounded(self, number: Decimal) -> Decimal:
        if number.is_zero() or -int(number.as_tuple().exponent) <= self.precision.decimal_places:
            return number
        return number.quantize(self.step, rounding=self.precision.rounding, context=_EXACT)

    def _report_not_a_number(self, prefix: str, writing: Writing) -> None:
        """At the top level an error under an odd key with brackets, in a subtable none at all.

        There the cell is stored empty. Both were measured.
        """
        if not prefix.endswith(".value"):
            writing.problems.add(f"{prefix}[{self.code}].value", "number")

    def check(self, value: Any, prefix: str, problems: Problems) -> None:
        """Note that it is out of the field's range."""
        if value == "" or (self.most is None and self.least is None):
            return
        number = Decimal(value)
        if self.most is not None and number > self.most:
            self.report(prefix, problems, "max_value", limit=format(self.most, ",f"))
        if self.least is not None and number < self.least:
            self.report(prefix, problems, "min_value", limit=format(self.least, ",f"))

    def unique_key(self, value: Any) -> str:
        """Numbers are compared as numbers: "1.50" collides with "1.5"."""
        return plain(Decimal(value).normalize(_EXACT)) if value else ""
