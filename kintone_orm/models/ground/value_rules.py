"""The rules of an app's form for the value of one field.

A value has a quick test, which nearly every value passes. Only where it fails, the sentences about
the value are built.
"""

from __future__ import annotations

import enum
from decimal import MAX_PREC, ROUND_DOWN, ROUND_HALF_EVEN, ROUND_UP, Context, Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

from kintone_orm.limits import characters
from kintone_orm.query.resolve import nearest

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

    from kintone_orm.connection import FieldRules, KnownPrecision
    from kintone_orm.fields.base import Field

__all__ = ["REQUIRED", "ValueRule", "quick_test"]

REQUIRED = "Required: kintone refuses a blank here."
"""The sentence about a blank in a required field."""
_SHOWN_OPTIONS = 20
_ROUNDING = {"HALF_EVEN": ROUND_HALF_EVEN, "UP": ROUND_UP, "DOWN": ROUND_DOWN}


class ValueRule(NamedTuple):
    """The rules of one field. If ``fits(value)`` is true, the value keeps them.

    `blank` is the sentence about a blank in a required field.
    """

    field: Field
    rules: FieldRules
    fits: Callable[[Any], bool]
    blank: str = REQUIRED

    def problems(self, value: Any, known: Collection[str]) -> list[str]:
        """Return sentences about the value; `known` are the sentences that the model has already.

        A problem that the model has found is not repeated.
        """
        if self.rules.options is not None and value != self.field.empty_value():
            options = value if isinstance(value, list) else [value]
            found = (self._option_problem(option, known) for option in options)
            return list(dict.fromkeys(filter(None, found)))
        if known:
            return []
        if value == self.field.empty_value() and self.rules.is_required:
            return [self.blank]
        return [*_length_problems(self.rules, value), *_number_problems(self.rules, value)]

    def _option_problem(self, option: Any, known: Collection[str]) -> str | None:
        field: Any = self.field
        name = option.value if isinstance(option, enum.Enum) else option
        options = self.rules.options or ()
        if not isinstance(name, str) or name in options:
            return None
        if known and field.option_problem(option):
            return None
        shown = ", ".join(map(repr, options[:_SHOWN_OPTIONS]))
        more = len(options) - _SHOWN_OPTIONS
        rest = f" and {more:,} more" if more > 0 else ""
        return f"{name!r} is not among the app's options {shown}{rest}.{nearest(name, options)}"

    def problem_if_missing(self) -> str:
        """Return the sentence about a new record or row without the field."""
        if self.rules.is_required:
            return self.blank
        return next(_length_problems(self.rules, ""))


def quick_test(field: Field, rules: FieldRules) -> Callable[[Any], bool]:
    """Return a function that is true only for values of the field that keep the rules.

    It may be false for a value that keeps them.
    """
    if rules.options is not None:
        return _test_of_options(field, rules)
    if rules.min_length or rules.max_length is not None:
        return _test_of_length(rules)
    limits = (rules.min_value, rules.max_value, rules.precision)
    if any(limit is not None for limit in limits):
        return _test_of_range(rules)
    if not rules.is_required:
        return lambda _value: True
    blank = field.empty_value()
    return lambda value: value != blank


def _test_of_options(field: Any, rules: FieldRules) -> Callable[[Any], bool]:
    names = rules.options or ()
    members = (field.members[name] for name in names if name in getattr(field, "members", ()))
    accepted = frozenset([*names, *members])

    def one(value: Any) -> bool:
        return value in accepted if value is not None else not rules.is_required

    def several(value: Any) -> bool:
        try:
            return accepted.issuperset(value) and bool(value or not rules.is_required)
        except TypeError:  # an item without a hash is refused by the model
            return False

    return one if field.empty_value() is None else several


def _test_of_length(rules: FieldRules) -> Callable[[Any], bool]:
    least, most = rules.min_length or int(rules.is_required), rules.max_length
    if most is None:
        return lambda value: len(value) >= least
    surely = most // 2  # a character of Python has one or two UTF-16 units

    def fits(value: str) -> bool:
        length = len(value)
        return length >= least and (length <= surely or characters(value) <= most)

    return fits


def _test_of_range(rules: FieldRules) -> Callable[[Any], bool]:
    least, most, is_required = rules.min_value, rules.max_value, rules.is_required
    precision = rules.precision
    # A number below this limit is not rounded up to more digits than the app allows.
    surely = None if precision is None else 10 ** (precision.digits - precision.decimal_places) - 1

    def fits(value: Any) -> bool:
        if value is None:
            return not is_required
        return (
            (least is None or value >= least)
            and (most is None or value <= most)
            and (surely is None or -surely < value < surely)
        )

    return fits


def _length_problems(rules: FieldRules, value: Any) -> Iterator[str]:
    """Yield a sentence about the length of a text; kintone applies a minimum to blanks as well."""
    if not isinstance(value, str):
        return
    length = characters(value)
    has = f"{value!r:.80} has {length:,} character{'s' * (length != 1)}"
    if length < rules.min_length:
        yield f"{has}; the app's field takes at least {rules.min_length:,}."
    if rules.max_length is not None and length > rules.max_length:
        yield f"{has}; the app's field takes at most {rules.max_length:,}."


def _number_problems(rules: FieldRules, value: Any) -> Iterator[str]:
    """Yield sentences about a number: its range before it is rounded, its digits afterwards."""
    if value is None:
        return
    if rules.min_value is not None and value < rules.min_value:
        yield f"{value} is too small; the app's field takes at least {rules.min_value}."
    if rules.max_value is not None and value > rules.max_value:
        yield f"{value} is too large; the app's field takes at most {rules.max_value}."
    if rules.precision is not None:
        limit = rules.precision.digits - rules.precision.decimal_places
        stored = _rounded(Decimal(value), rules.precision)
        if stored and stored.adjusted() + 1 > limit:
            yield (
                f"{value} has more than {limit} digits before the decimal point, which is the "
                "limit of the app."
            )


def _rounded(number: Decimal, precision: KnownPrecision) -> Decimal:
    context = Context(prec=MAX_PREC, rounding=_ROUNDING[precision.rounding_mode])
    return number.quantize(Decimal(1).scaleb(-precision.decimal_places), context=context)
