"""Conditions on a record's own fields: a comparison, in kintone's query language.

Two things differ between Django's meaning and kintone's, and both are settled here:

* **Blanks.** In Django a comparison is never true of NULL, and `exclude` is the complement of
  `filter`. In kintone a blank is unequal to every value and smaller than every number, date and
  time; of some types that was never measured. So a test for blanks is written out wherever the
  answer would depend on it.
* **Negation.** kintone has no *not*. Each comparison therefore has two forms, and together they
  partition every set of records.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from kintone_orm.exceptions import NotSupportedError
from kintone_orm.query.comparisons import EqualsOneOf, HasWords, IsBlank
from kintone_orm.query.conditions import OPPOSITE, Condition, Predicate, all_of, any_of
from kintone_orm.query.long_texts import doubtful, possible
from kintone_orm.query.minutes import in_whole_minutes
from kintone_orm.query.periods import compare_with_function
from kintone_orm.query.type_rules import Blank

if TYPE_CHECKING:
    from kintone_orm.query.comparable import Comparable
    from kintone_orm.query.comparisons import Comparison, Operand
    from kintone_orm.query.type_rules import Rules

__all__ = ["condition_for"]


def condition_for(
    field: Comparable, rules: Rules, comparison: Comparison, *, negated: bool
) -> Condition:
    """What `comparison` asks of a field of the record, or exactly the opposite if `negated`.

    Raises NotSupportedError for what has no exact opposite, or no exact form at all.
    """
    if isinstance(comparison, EqualsOneOf):
        return _equality(field, rules, comparison, negated)
    if isinstance(comparison, IsBlank):
        return _is_blank(field, rules, comparison.wanted is not negated)
    if isinstance(comparison, HasWords):
        return _word_search(field, rules, comparison, negated)
    compared = [_compare(field, rules, *bound, negated=negated) for bound in comparison.bounds]
    if negated:
        return any_of([*compared, _is_blank(field, rules, True)])
    upwards = any(operator[0] == ">" for operator, _ in comparison.bounds)
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
