"""The declared bounds of values: lengths of texts, ranges of numbers, and units of numbers.

Source: kintone REST API, "Get Form Fields", minLength, maxLength, minValue, maxValue and unit.
"""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any, NamedTuple, Protocol

from kintone_orm.exceptions import ImproperlyConfigured
from kintone_orm.limits import UPDATE_KEY_CHARACTERS, characters

__all__ = [
    "Bounds",
    "Lengths",
    "ValueRange",
    "checked_text",
    "lengths_of",
    "plain_number",
    "range_of",
    "unit_settings",
]

_POSITIONS = ("BEFORE", "AFTER")


class Bounds(Protocol):
    """The bounds of a field's values."""

    def problems(self, value: Any) -> list[str]:
        """Return sentences about the bounds that `value` breaks."""
        raise NotImplementedError


class Lengths(NamedTuple):
    """The shortest and the longest text in UTF-16 units, as kintone counts; None for any length.

    Measured: kintone refuses a text that is shorter than `least` even if it is blank.
    """

    least: int | None
    most: int | None

    def problems(self, value: str) -> list[str]:
        length = characters(value)
        if self.most is not None and length > self.most:
            problem = f"the field takes at most {self.most}."
        elif self.least is not None and length < self.least:
            problem = f"the field takes at least {self.least}."
        else:
            return []
        if length != len(value):
            problem += " kintone counts most emoji as two characters."
        return [f"{value!r:.80} has {length} character{'s' * (length != 1)}; {problem}"]


class ValueRange(NamedTuple):
    """The least and the greatest number, both allowed; None without a limit.

    Measured: kintone compares the number before it rounds.
    """

    least: Decimal | None
    most: Decimal | None

    def problems(self, value: Decimal | int) -> list[str]:
        if self.most is not None and value > self.most:
            return [f"{value} is too large; the field takes at most {plain_number(self.most)}."]
        if self.least is not None and value < self.least:
            return [f"{value} is too small; the field takes at least {plain_number(self.least)}."]
        return []


def lengths_of(
    label: str, min_length: int | None, max_length: int | None, *, unique: bool
) -> Lengths | None:
    """Return the lengths that a field declares, or None if it takes texts of any length.

    `label` names the field's class in errors. ImproperlyConfigured for lengths that are no whole
    numbers or that no text can have.
    """
    for name, length in (("min_length", min_length), ("max_length", max_length)):
        is_whole = isinstance(length, int) and not isinstance(length, bool) and length >= 0
        if length is not None and not is_whole:
            raise ImproperlyConfigured(
                f"{label}({name}={length!r:.80}): a length must be a whole number, 0 or more."
            )
        if unique and length is not None and length > UPDATE_KEY_CHARACTERS:
            raise ImproperlyConfigured(
                f"{label}(unique=True, {name}={length}): kintone allows at most "
                f"{UPDATE_KEY_CHARACTERS} characters in a field without duplicates. Write a "
                "smaller number, or leave it out."
            )
    if min_length is not None and max_length is not None and min_length > max_length:
        raise ImproperlyConfigured(
            f"{label}(min_length={min_length}, max_length={max_length}): no text is so long and so "
            "short. Write a max_length that is not less than min_length."
        )
    return None if min_length is max_length is None else Lengths(min_length, max_length)


def range_of(label: str, min_value: object, max_value: object) -> ValueRange | None:
    """Return the range that a field declares, or None if it takes any number.

    `label` names the field's class in errors. ImproperlyConfigured for limits that are no numbers
    or that leave no number between them.
    """
    least, most = _number(label, "min_value", min_value), _number(label, "max_value", max_value)
    if least is not None and most is not None and least > most:
        raise ImproperlyConfigured(
            f"{label}(min_value={min_value}, max_value={max_value}): no number is between them. "
            "Write a max_value that is not less than min_value."
        )
    return None if least is most is None else ValueRange(least, most)


def _number(label: str, name: str, value: object) -> Decimal | None:
    if value is None:
        return None
    is_number = isinstance(value, (int, float, str, Decimal)) and not isinstance(value, bool)
    try:
        # A float counts as its repr, as in an assignment: 0.1 is one tenth.
        number = Decimal(str(value)) if is_number and "_" not in str(value) else None
    except InvalidOperation:
        number = None
    if number is None or not number.is_finite():
        raise ImproperlyConfigured(
            f"{label}({name}={value!r:.80}): the limit must be a number, such as 5, "
            'Decimal("0.5") or "0.5".'
        )
    return number


def plain_number(number: Decimal) -> str:
    """Return the number in plain digits, as kintone writes numbers: "100", "-0.5", "0"."""
    digits = format(number, "f") if number else "0"
    return digits.rstrip("0").rstrip(".") if "." in digits else digits


def checked_text(label: str, name: str, value: object) -> str:
    """Return the option `name`; ImproperlyConfigured if it is not a text."""
    if not isinstance(value, str):
        raise ImproperlyConfigured(
            f'{label}({name}={value!r:.80}): the value must be a text. Write {name}="...".'
        )
    return value


def unit_settings(label: str, unit: object, unit_position: object) -> dict[str, str]:
    """Return the settings of a unit for the form API; ImproperlyConfigured for other values.

    The settings have only what a field declares: not "" and not None.
    """
    settings = {"unit": unit_text} if (unit_text := checked_text(label, "unit", unit)) else {}
    if unit_position is None:
        return settings
    if unit_position not in _POSITIONS:
        raise ImproperlyConfigured(
            f"{label}(unit_position={unit_position!r:.80}): the position must be one of "
            f"{', '.join(_POSITIONS)}."
        )
    return settings | {"unitPosition": str(unit_position)}
