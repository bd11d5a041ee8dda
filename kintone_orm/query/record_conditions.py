"""Conditions on a record's own fields: a comparison, in kintone's query language.

Two things differ between Django's meaning and kintone's, and both are settled here:

* **Blanks.** In Django a comparison is never true of NULL, and `exclude` is the complement of
  `filter`. In kintone a blank is unequal to every value and smaller than every number, date and
  time; for some types, the order of blanks was never measured. So a test for blanks is added
  wherever the result would depend on them.
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
    """Return the condition for a comparison of a record's field; if `negated`, its opposite.

    The opposite finds exactly the other records. Raises NotSupportedError if kintone has no exact
    condition.
    """
    if isinstance(comparison, EqualsOneOf):
        return _equality(field, rules, comparison, negated)
    if isinstance(comparison, IsBlank):
        return _is_blank(field, rules, comparison.expected is not negated)
    if isinstance(comparison, HasWords):
        return _word_search(field, rules, comparison, negated)
    bounds = [_compare(field, rules, *bound, negated=negated) for bound in comparison.bounds]
    if negated:
        return any_of([*bounds, _is_blank(field, rules, True)])
    upwards = any(operator[0] == ">" for operator, _ in comparison.bounds)
    if rules.blank_is_never_greater and upwards:
        return all_of(bounds)
    return all_of([*bounds, _is_blank(field, rules, False)])


def _is_blank(field: Comparable, rules: Rules, expected: bool) -> Condition:
    if rules.blank is Blank.NEVER:
        return any_of(()) if expected else all_of(())
    operator, operand = rules.blank.value
    if rules.blank is Blank.EMPTY:
        # "is empty" and "is not empty" have no operand. The predicate has "empty" in its place.
        return Predicate(field.code, operator if expected else f"{operator} not", operand)
    return Predicate(field.code, operator if expected else OPPOSITE[operator], operand)


def _equality(field: Comparable, rules: Rules, comparison: EqualsOneOf, negated: bool) -> Condition:
    functions = [operand for operand in comparison.operands if not isinstance(operand, str)]
    literals = [operand for operand in comparison.operands if isinstance(operand, str)]
    if rules.begins_alike:
        literals = possible(field, literals)
    texts = doubtful(field, literals) if rules.begins_alike else None
    if texts and comparison.blank and not negated:
        # The blank becomes one more operand of the list, because only a single comparison can be
        # repeated on the records that kintone finds (see `long_texts`).
        literals, comparison = [*literals, '""'], EqualsOneOf(comparison.operands)
        texts = replace(texts, values=(*texts.values, ""))
    if rules.equals == "in" or (len(literals) > 1 and rules.membership == "in"):
        lists = [f"({', '.join(literals)})"] if literals else []
        conditions = [_compare(field, rules, "in", operand, negated=negated) for operand in lists]
    else:
        conditions = [_compare(field, rules, "=", literal, negated=negated) for literal in literals]
    if texts:
        conditions = [
            replace(condition, texts=texts)
            for condition in conditions
            if isinstance(condition, Predicate)
        ]
    conditions += [
        _compare(field, rules, rules.equals, function, negated=negated) for function in functions
    ]
    if comparison.blank:
        conditions.append(_is_blank(field, rules, not negated))
        return all_of(conditions) if negated else any_of(conditions)
    if negated:
        return any_of([all_of(conditions), _is_blank(field, rules, True)])
    return any_of(conditions)


def _word_search(field: Comparable, rules: Rules, comparison: HasWords, negated: bool) -> Condition:
    condition = _compare(field, rules, "like", comparison.operand, negated=negated)
    if not negated:
        return condition
    if rules.blank is Blank.UNKNOWN:
        raise NotSupportedError(
            f"A word search in {field} cannot be excluded exactly: kintone's documents do not say "
            "whether it finds blank rich text. Filter in Python instead."
        )
    return any_of([condition, _is_blank(field, rules, True)])


def _compare(
    field: Comparable, rules: Rules, operator: str, operand: Operand, *, negated: bool
) -> Condition:
    """Return one comparison or its opposite, without a test for blanks."""
    if not isinstance(operand, str):
        return compare_with_function(field, operator, operand, negated=negated)
    predicate = Predicate(field.code, OPPOSITE[operator] if negated else operator, operand)
    return in_whole_minutes(predicate) if rules.seconds_are_hidden else predicate
