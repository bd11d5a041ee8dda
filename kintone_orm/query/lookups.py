"""Which lookups each kintone field type has, and what they say in kintone's query language.

Source: kintone REST API, "Query String", operators by field type. Two things stand between
Django's meaning and kintone's, and both are settled here:

* **Blanks.** In Django a comparison is never true of NULL, and `exclude` is the complement of
  `filter`. In kintone a blank number is smaller than every number, and for many comparisons with
  a blank nobody has published the answer. So a test for blanks is written out wherever the answer
  would depend on it.
* **Negation.** kintone has no *not*. Each lookup therefore has two forms, and together they
  partition every set of records.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kintone_orm.exceptions import NotSupportedError
from kintone_orm.query.conditions import Condition, Predicate, all_of, any_of

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["RULES", "Blank", "Rules", "condition_for"]

_OPPOSITE = {"=": "!=", "in": "not in", "like": "not like", ">": "<=", "<": ">="}
_OPPOSITE |= {opposite: operator for operator, opposite in _OPPOSITE.items()}

_ORDER = {"gt": ">", "gte": ">=", "lt": "<", "lte": "<="}
_BLANK_OPERAND = '""'


class Blank(enum.Enum):
    """How a field's blank is asked for, as (operator, operand)."""

    EQUALS = ("=", '""')
    MEMBER = ("in", '("")')
    EMPTY = ("is empty", "")
    NEVER = ("", "")  # the field always has a value
    UNKNOWN = ("?", "")  # the sources contradict each other


@dataclass(frozen=True, slots=True)
class Rules:
    """What a field type can be asked."""

    blank: Blank
    equals: str = ""  # the operator for one value: "=", "in", or none
    membership: str = ""  # for several: "in", or "=" joined by or
    ordered: bool = False
    words: bool = False  # `like`, kintone's word search
    blank_is_never_greater: bool = False  # measured, so that > needs no test for blanks

    @property
    def lookups(self) -> tuple[str, ...]:
        """The names of the lookups, in the order of the alphabet."""
        names = ["exact", "in"] * bool(self.equals) + [*_ORDER, "range"] * self.ordered
        names += ["contains", "like"] * self.words
        names += ["isnull"] * (self.blank is not Blank.UNKNOWN)
        return tuple(sorted(names))


_TEXT = Rules(Blank.EQUALS, equals="=", membership="in", words=True)
_TEMPORAL = Rules(Blank.EQUALS, equals="=", membership="=", ordered=True)
_STAMP = Rules(Blank.NEVER, equals="=", membership="=", ordered=True)
_CHOICE = Rules(Blank.MEMBER, equals="in", membership="in")
_USER = Rules(Blank.NEVER, equals="in", membership="in")

RULES = {
    "__ID__": Rules(Blank.NEVER, equals="=", membership="in", ordered=True),
    "SINGLE_LINE_TEXT": _TEXT,
    "LINK": _TEXT,
    "MULTI_LINE_TEXT": Rules(Blank.EMPTY, words=True),
    "RICH_TEXT": Rules(Blank.UNKNOWN, words=True),
    "NUMBER": Rules(
        Blank.EQUALS, equals="=", membership="in", ordered=True, blank_is_never_greater=True
    ),
    "DATE": _TEMPORAL,
    "TIME": _TEMPORAL,
    "DATETIME": _TEMPORAL,
    "CREATED_TIME": _STAMP,
    "UPDATED_TIME": _STAMP,
    "DROP_DOWN": _CHOICE,
    "RADIO_BUTTON": _CHOICE,
    "CHECK_BOX": _CHOICE,
    "MULTI_SELECT": _CHOICE,
    "CREATOR": _USER,
    "MODIFIER": _USER,
}


def condition_for(
    code: str, rules: Rules, lookup: str, operands: Sequence[str], *, negated: bool
) -> Condition:
    """What `lookup` asks of the field `code`, or exactly the opposite if `negated`.

    `operands` are literals as they stand in a query. `lookup` is one of `rules.lookups`; `isnull`
    comes without operands and means that the field is blank. Raises NotSupportedError for the
    negation of a word search where blanks cannot be told apart.
    """
    if lookup == "isnull":
        return _is_blank(code, rules, negated)
    if lookup in ("exact", "in"):
        return _equality(code, rules, operands, negated)
    if lookup in ("contains", "like"):
        return _word_search(code, rules, operands[0], negated)
    if lookup == "range":
        low, high = operands
        return _order(code, rules, [(">=", low), ("<=", high)], negated)
    return _order(code, rules, [(_ORDER[lookup], operands[0])], negated)


def _is_blank(code: str, rules: Rules, negated: bool) -> Condition:
    if rules.blank is Blank.NEVER:
        return all_of(()) if negated else any_of(())
    operator, operand = rules.blank.value
    if rules.blank is Blank.EMPTY:
        # Three words and no operand: the operator's last word takes the operand's place.
        return Predicate(code, "is not" if negated else "is", "empty")
    return Predicate(code, _OPPOSITE[operator] if negated else operator, operand)


def _equality(code: str, rules: Rules, operands: Sequence[str], negated: bool) -> Condition:
    values = [operand for operand in operands if operand != _BLANK_OPERAND]
    asks_for_blank = len(values) < len(operands)
    if (len(values) > 1 and rules.membership == "in") or rules.equals == "in":
        found = [Predicate(code, "in", f"({', '.join(values)})")] if values else []
    else:
        found = [Predicate(code, "=", value) for value in values]
    if not negated:
        return any_of([*found, *([_is_blank(code, rules, False)] * asks_for_blank)])
    others = all_of(_opposite(predicate) for predicate in found)
    if asks_for_blank:
        return all_of([others, _is_blank(code, rules, True)])
    return any_of([others, _is_blank(code, rules, False)])


def _order(code: str, rules: Rules, bounds: Sequence[tuple[str, str]], negated: bool) -> Condition:
    inside = [Predicate(code, operator, operand) for operator, operand in bounds]
    if negated:
        return any_of([*map(_opposite, inside), _is_blank(code, rules, False)])
    if rules.blank_is_never_greater and any(operator[0] == ">" for operator, _ in bounds):
        return all_of(inside)
    return all_of([*inside, _is_blank(code, rules, True)])


def _word_search(code: str, rules: Rules, operand: str, negated: bool) -> Condition:
    found = Predicate(code, "like", operand)
    if not negated:
        return found
    if rules.blank is Blank.UNKNOWN:
        raise NotSupportedError(
            f"The opposite of a word search in {code!r} cannot be asked exactly: kintone does not "
            "say whether blank rich text is found. Filter in Python instead."
        )
    return any_of([_opposite(found), _is_blank(code, rules, False)])


def _opposite(predicate: Predicate) -> Predicate:
    return Predicate(predicate.code, _OPPOSITE[predicate.operator], predicate.operand)
