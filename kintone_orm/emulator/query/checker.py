"""Checking a parsed query against an app's form: finding columns and reading operands.

The errors are kintone's (kintone REST API, "Query String"). Observed: kintone checks options before
operators. The rest of the order is our choice: field, "=" in a table, options, operator, people,
literals.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..ground.errors import fault
from ..store.people import UNKNOWN
from .columns import find_column
from .functions import evaluate
from .invalid_query import invalid_query
from .operators import operators_of
from .syntax import Call, Group, Number, join

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .columns import Column
    from .functions import Context
    from .syntax import Predicate, Scalar, Text

__all__ = ["Condition", "check_condition", "check_paging"]

LIMIT_MAX = 500
OFFSET_MAX = 10_000

_WITH_BLANK = frozenset(("=", "!=", "in", "not in"))
_LIKE = frozenset(("like", "not like"))
_ORDERED = frozenset((">", "<", ">=", "<="))


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition on a column.

    An operand is a Span, None for a blank, or a value in the form that the column's kind compares
    (Any: a number, an id or a text). A literal that is not a number is left out if the column
    needs a number. A comparison without operands matches no record.
    """

    column: Column
    operator: str
    operands: tuple[Any, ...]


def check_condition(
    node: Predicate | Group[Predicate] | None, *, columns: Mapping[str, Column], context: Context
) -> Condition | Group[Condition] | None:
    """Return the condition for this form; None if no condition is left.

    Raises kintone's error for a wrong field, operator, option, function or literal.
    """
    if node is None:
        return None
    if not isinstance(node, Group):
        return _check_predicate(node, columns, context)
    members = [check_condition(member, columns=columns, context=context) for member in node.members]
    remaining = [member for member in members if member is not None]
    return join(node.joint, remaining) if remaining else None


def check_paging(limit: str | None, offset: str | None) -> tuple[int | None, int | None]:
    """Return limit and offset as numbers.

    Raises GAIA_QU01 if the limit is above its maximum, GAIA_QU02 if the offset is.
    """
    return (
        _read_count(limit, LIMIT_MAX, "GAIA_QU01"),
        _read_count(offset, OFFSET_MAX, "GAIA_QU02"),
    )


def _read_count(digits: str | None, maximum: int, code: str) -> int | None:
    if digits is None:
        return None
    # The length is checked first, because int() refuses thousands of digits.
    significant = digits.lstrip("0") or "0"
    if len(significant) > len(str(maximum)) or int(significant) > maximum:
        raise fault(code)
    return int(significant)


def _check_predicate(
    predicate: Predicate, columns: Mapping[str, Column], context: Context
) -> Condition | None:
    column, operator = find_column(predicate.field, columns=columns), predicate.operator
    if column.table is not None and operator in {"=", "!="}:
        raise fault("GAIA_IQ07", code=column.code, operator=operator)
    if column.options is not None:
        _check_options(column, column.options, predicate.operands)
    if operator not in operators_of(column.type, in_table=column.table is not None):
        raise fault("GAIA_IQ03", code=column.code, operator=operator)
    operands: list[Any] = []
    for scalar in predicate.operands:
        if isinstance(scalar, Call):
            operand = evaluate(scalar, context, field_type=column.type, operator=operator)
            if operand is None:
                return None
            operands.append(operand)
        else:
            _check_entity(column, scalar.value, context)
            operands.extend(_literal(scalar, column, operator))
    return Condition(column, operator, tuple(operands))


def _check_options(
    column: Column, options: Mapping[str, int], operands: tuple[Scalar, ...]
) -> None:
    for operand in operands:
        if isinstance(operand, Call) or operand.value in options:
            continue
        # The literal "" asks for a blank. A choice may be blank, but a status is never blank.
        if operand.value or column.type == "STATUS":
            raise fault("GAIA_IQ10", code=column.code, value=operand.value)


def _check_entity(column: Column, code: str, context: Context) -> None:
    entity = column.kind.entity
    if code and entity and not context.exists(entity, code):
        raise fault(UNKNOWN[entity], code=code)


def _literal(scalar: Text | Number, column: Column, operator: str) -> list[Any]:
    """Return a list with the operand.

    The list is empty if the column needs a number and the literal is not a number.
    """
    kind, text = column.kind, scalar.value
    if isinstance(scalar, Number) and not kind.bare_numbers:
        raise invalid_query(f"'{column.code}' must be compared with text in quotes, not {text}.")
    if text == "":
        if operator in _WITH_BLANK and kind.has_blank:
            return [None]
        if operator in _ORDERED:
            raise fault("GAIA_IL08")
        raise invalid_query(f"'{column.code}' cannot be compared with a blank by {operator}.")
    if operator in _LIKE:
        return [text]
    try:
        literal = kind.literal(text)
    except ValueError as error:
        if kind.tolerant:
            return []
        reason = f"'{column.code}' must be compared with {kind.shape}, not {text!r}."
        raise invalid_query(reason) from error
    # kintone ignores spaces at the end, so a text of spaces alone is blank.
    return [None if literal == "" else literal]
