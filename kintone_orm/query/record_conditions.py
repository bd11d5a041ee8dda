"""Which lookups each kintone field type has, and what they say in kintone's query language.

Source: kintone REST API, "Query String", operators by field type. Two things stand between
Django's meaning and kintone's, and both are settled here:

* **Blanks.** In Django a comparison is never true of NULL, and `exclude` is the complement of
  `filter`. In kintone a blank is unequal to every value and smaller than every number, date and
  time; of some types that was never measured. So a test for blanks is written out wherever the
  answer would depend on it.
* **Negation.** kintone has no *not*. Each question therefore has two forms, and together they
  partition every set of records.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from kintone_orm.exceptions import NotSupportedError
from kintone_orm.query.comparisons import EqualsOneOf, HasWords, IsBlank
from kintone_orm.query.conditions import OPPOSITE, Condition, Predicate, all_of, any_of
from kintone_orm.query.long_texts import doubtful, possible
from kintone_orm.query.minutes import in_whole_minutes
from kintone_orm.query.periods import compare_with_function

if TYPE_CHECKING:
    from kintone_orm.query.comparable import Comparable
    from kintone_orm.query.comparisons import Operand, Question

__all__ = ["ORDER", "RULES", "Blank", "Functions", "Rules", "condition_for"]

ORDER = {"gt": ">", "gte": ">=", "lt": "<", "lte": "<="}


class Blank(enum.Enum):
    """How a field's blank is asked for, as (operator, operand)."""

    EQUALS = ("=", '""')
    MEMBER = ("in", '("")')
    EMPTY = ("is", "empty")
    NEVER = ("", "")  # the field always has a value
    UNKNOWN = ("?", "")  # the sources contradict each other


class Functions(enum.Enum):
    """Which functions a type can be compared with."""

    NONE = "none"
    DAYS = "those of days"
    INSTANTS = "those of days, and Now()"
    USER = "LoginUser()"
    ORGANIZATION = "PrimaryOrganization()"


@dataclass(frozen=True)
class Rules:
    """What a field type can be asked.

    `lowest` is a literal that every value is at least, and no blank: it takes the place of
    `!= ""`, which a table's row cannot be asked.
    """

    blank: Blank
    equals: str = ""  # the operator for one value: "=", "in", or none
    membership: str = ""  # for several: "in", or "=" joined by or
    ordered: bool = False
    begins_alike: bool = False  # texts are compared by their beginnings (see `long_texts`)
    words: bool = False  # `like`, kintone's word search
    several: bool = False  # a value is a list, and its blank an empty one
    blank_is_never_greater: bool = False  # measured, so that > needs no test for blanks
    seconds_are_hidden: bool = False  # shown without seconds, and perhaps compared with them
    calendar: tuple[str, ...] = ()  # parts of the calendar that can be compared
    functions: Functions = Functions.NONE
    lowest: str = ""

    @cached_property
    def lookups(self) -> tuple[str, ...]:
        """The names of the lookups, in the order of the alphabet."""
        names = ["exact", "in"] * bool(self.equals) + [*ORDER, "range"] * self.ordered
        names += ["contains", "like"] * self.words + list(self.calendar)
        names += ["isnull"] * (self.blank is not Blank.UNKNOWN)
        return tuple(sorted(names))


_DATE, _INSTANT = ("year", "month"), ("year", "month", "date")
_LOWEST_NUMBER = f'"-{"9" * 30}"'  # of 30 digits, as many as an app can be set to keep
_LOWEST_DATE, _LOWEST_TIME, _LOWEST_INSTANT = '"0001-01-01"', '"00:00"', '"0001-01-01T00:00:00Z"'

_TEXT = Rules(Blank.EQUALS, equals="=", membership="in", words=True, begins_alike=True)
_TEMPORAL = Rules(
    Blank.EQUALS, equals="=", membership="=", ordered=True, blank_is_never_greater=True
)
_MOMENT = replace(
    _TEMPORAL, calendar=_INSTANT, functions=Functions.INSTANTS, lowest=_LOWEST_INSTANT
)
_STAMP = replace(_MOMENT, blank=Blank.NEVER, seconds_are_hidden=True)
_CHOICE = Rules(Blank.MEMBER, equals="in", membership="in")
_CHOICES = replace(_CHOICE, several=True)
_PEOPLE = replace(_CHOICES, functions=Functions.USER)
_WHO = replace(_PEOPLE, blank=Blank.NEVER, several=False)
_CALC = Rules(Blank.EQUALS, equals="=", membership="in", ordered=True)

RULES = {
    "__ID__": replace(_CALC, blank=Blank.NEVER, lowest='"0"'),
    "SINGLE_LINE_TEXT": _TEXT,
    "LINK": _TEXT,
    "MULTI_LINE_TEXT": Rules(Blank.EMPTY, words=True),
    "RICH_TEXT": Rules(Blank.UNKNOWN, words=True),
    "FILE": Rules(Blank.EMPTY, words=True, several=True),
    "NUMBER": replace(_CALC, blank_is_never_greater=True, lowest=_LOWEST_NUMBER),
    "CALC": _CALC,
    "DATE": replace(_TEMPORAL, calendar=_DATE, functions=Functions.DAYS, lowest=_LOWEST_DATE),
    "TIME": replace(_TEMPORAL, lowest=_LOWEST_TIME),
    "DATETIME": _MOMENT,
    "CREATED_TIME": _STAMP,
    "UPDATED_TIME": _STAMP,
    "DROP_DOWN": _CHOICE,
    "RADIO_BUTTON": _CHOICE,
    "CHECK_BOX": _CHOICES,
    "MULTI_SELECT": _CHOICES,
    "USER_SELECT": _PEOPLE,
    "STATUS_ASSIGNEE": _PEOPLE,
    "GROUP_SELECT": _CHOICES,
    "ORGANIZATION_SELECT": replace(_CHOICES, functions=Functions.ORGANIZATION),
    "CREATOR": _WHO,
    "MODIFIER": _WHO,
    "STATUS": Rules(Blank.NEVER, equals="=", membership="in"),
}


def condition_for(
    field: Comparable, rules: Rules, question: Question, *, negated: bool
) -> Condition:
    """What `question` asks of a field of the record, or exactly the opposite if `negated`.

    Raises NotSupportedError for what has no exact opposite, or no exact form at all.
    """
    if isinstance(question, EqualsOneOf):
        return _equality(field, rules, question, negated)
    if isinstance(question, IsBlank):
        return _is_blank(field, rules, question.wanted is not negated)
    if isinstance(question, HasWords):
        return _word_search(field, rules, question, negated)
    compared = [_compare(field, rules, *bound, negated=negated) for bound in question.bounds]
    if negated:
        return any_of([*compared, _is_blank(field, rules, True)])
    upwards = any(operator[0] == ">" for operator, _ in question.bounds)
    if rules.blank_is_never_greater and upwards:
        return all_of(compared)
    return all_of([*compared, _is_blank(field, rules, False)])


def _is_blank(field: Comparable, rules: Rules, wanted: bool) -> Condition:
    if rules.blank is Blank.NEVER:
        return any_of(()) if wanted else all_of(())
    operator, operand = rules.blank.value
    if rules.blank is Blank.EMPTY:
        # Three words and no operand: the operator's last word takes the operand's place.
        return Predicate(field.code, operator if wanted else f"{operator} not", operand)
    return Predicate(field.code, operator if wanted else OPPOSITE[operator], operand)


def _equality(field: Comparable, rules: Rules, asked: EqualsOneOf, negated: bool) -> Condition:
    functions = [operand for operand in asked.operands if not isinstance(operand, str)]
    literals = [operand for operand in asked.operands if isinstance(operand, str)]
    if rules.begins_alike:
        literals = possible(field, literals)
    texts = doubtful(field, literals) if rules.begins_alike else None
    if texts and asked.blank and not negated:
        # One comparison, so that its finds can be compared again.
        literals, asked = [*literals, '""'], EqualsOneOf(asked.operands)
        texts = replace(texts, values=(*texts.values, ""))
    if rules.equals == "in" or (len(literals) > 1 and rules.membership == "in"):
        several = [f"({', '.join(literals)})"] if literals else []
        found = [_compare(field, rules, "in", each, negated=negated) for each in several]
    else:
        found = [_compare(field, rules, "=", each, negated=negated) for each in literals]
    if texts:
        found = [replace(each, texts=texts) for each in found if isinstance(each, Predicate)]
    found += [_compare(field, rules, rules.equals, each, negated=negated) for each in functions]
    if asked.blank:
        found.append(_is_blank(field, rules, not negated))
        return all_of(found) if negated else any_of(found)
    return any_of([all_of(found), _is_blank(field, rules, True)]) if negated else any_of(found)


def _word_search(field: Comparable, rules: Rules, asked: HasWords, negated: bool) -> Condition:
    found = _compare(field, rules, "like", asked.operand, negated=negated)
    if not negated:
        return found
    if rules.blank is Blank.UNKNOWN:
        raise NotSupportedError(
            f"The opposite of a word search in {field} cannot be asked exactly: kintone does not "
            "say whether blank rich text is found. Filter in Python instead."
        )
    return any_of([found, _is_blank(field, rules, True)])


def _compare(
    field: Comparable, rules: Rules, operator: str, operand: Operand, *, negated: bool
) -> Condition:
    """One comparison or its opposite, for values: what it says of blanks is not looked at."""
    if not isinstance(operand, str):
        return compare_with_function(field, operator, operand, negated=negated)
    compared = Predicate(field.code, OPPOSITE[operator] if negated else operator, operand)
    return in_whole_minutes(compared) if rules.seconds_are_hidden else compared
