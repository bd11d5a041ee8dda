"""A parsed query against one app's form: every condition with its column and its real operands.

The errors are kintone's (kintone REST API, "Query String"). It was seen to look at options before
operators; the rest of the order is ours: field, = in a table, options, operator, people, literals.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..errors import fault
from ..people import UNKNOWN
from .columns import find_column
from .functions import evaluate
from .operators import operators_of
from .syntax import Call, Group, Number, joined
from .unsupported import unsupported

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

    An operand is what the column's kind compares, a Span, or None for a blank. (Any: numbers,
    ids and texts are compared alike.) A literal that is no number is left out: a comparison
    without an operand matches nothing.
    """

    column: Column
    operator: str
    operands: tuple[Any, ...]


def check_condition(
    node: Predicate | Group[Predicate] | None, *, columns: Mapping[str, Column], context: Context
) -> Condition | Group[Condition] | None:
    """The condition as this form means it; None when there is none, or kintone drops all of it.

    Raises what kintone answers to a field, operator, option, function or literal that is wrong.
    """
    if node is None:
        return None
    if not isinstance(node, Group):
        return _checked(node, columns, context)
    parts = [check_condition(part, columns=columns, context=context) for part in node.parts]
    kept = [part for part in parts if part is not None]
    return joined(node.joint, kept) if kept else None


def check_paging(limit: str | None, offset: str | None) -> tuple[int | None, int | None]:
    """Both numbers. Raises GAIA_QU01 or GAIA_QU02 for one above kintone's maximum."""
    return (
        _at_most(LIMIT_MAX, limit, "GAIA_QU01"),
        _at_most(OFFSET_MAX, offset, "GAIA_QU02"),
    )


def _at_most(maximum: int, digits: str | None, code: str) -> int | None:
    if digits is None:
        return None
    # int() refuses thousands of digits, so the length decides first.
    significant = digits.lstrip("0") or "0"
    if len(significant) > len(str(maximum)) or int(significant) > maximum:
        raise fault(code)
    return int(significant)


def _checked(
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
        # "" asks for a blank, which a choice may be and a status never is.
        if operand.value or column.type == "STATUS":
            raise fault("GAIA_IQ10", code=column.code, value=operand.value)


def _check_entity(column: Column, code: str, context: Context) -> None:
    entity = column.kind.entity
    if code and entity and not context.exists(entity, code):
        raise fault(UNKNOWN[entity], code=code)


def _literal(scalar: Text | Number, column: Column, operator: str) -> list[Any]:
    """The operand as a list of one, or of none where the literal is no number."""
    kind, text = column.kind, scalar.value
    if isinstance(scalar, Number) and not kind.bare_numbers:
        raise unsupported(f"{column.code} is compared with text in quotes, not with {text}")
    if text == "":
        if operator in _WITH_BLANK and kind.has_blank:
            return [None]
        if operator in _ORDERED:
            raise fault("GAIA_IL08")
        raise unsupported(f'{column.code} {operator} "" has no meaning')
    if operator in _LIKE:
        return [text]
    try:
        literal = kind.literal(text)
    except ValueError as error:
        if kind.tolerant:
            return []
        raise unsupported(f"{column.code} is compared with {kind.shape}, not {text!r}") from error
    # A text of blanks alone is a blank.
    return [None if literal == "" else literal]
