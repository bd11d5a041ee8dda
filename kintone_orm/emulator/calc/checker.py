"""Checking a parsed formula against an app's form: its functions, fields and data types.

The errors are kintone's (kintone help, "Formula errors"). The order of the checks is our choice:
functions, their arguments, fields, their types, arrays, data types.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from .data_types import DataType
from .functions import FUNCTIONS
from .operators import OPERATORS
from .reasons import unusable_type, wrong_formula
from .syntax import Call, Field, Node, Number, Operation, Sign, Text, walk

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from .columns import Column

__all__ = ["check", "codes_in"]


def check(root: Node, *, columns: Mapping[str, Column], table: str | None) -> None:
    """Raise WrongFormula if the formula of a field in `table` does not fit the form.

    `table` is None for a field outside tables.
    """
    nodes = walk(root)
    calls = [node for node in nodes if isinstance(node, Call)]
    for call in calls:
        if call.name not in FUNCTIONS:
            raise wrong_formula("unknown_function", function=call.name)
    for call in calls:
        _check_count(call)
    codes = codes_in(root)
    for code in codes:
        if code not in columns:
            raise wrong_formula("unknown_field", code=code)
    for code in codes:
        if columns[code].data_type is DataType.UNUSABLE:
            raise unusable_type(columns[code].type, code=code)
    _check_data_types(nodes, columns, table)


def codes_in(root: Node) -> list[str]:
    """Return the codes of the fields in a formula, each once, in the order they are written."""
    return list(dict.fromkeys(node.code for node in walk(root) if isinstance(node, Field)))


def _check_count(call: Call) -> None:
    function, count = FUNCTIONS[call.name], len(call.arguments)
    if count < function.low:
        key = "arguments_at_least"
        if function.low == function.high:
            key = "arguments_exactly"
        elif (function.low, function.high) == (1, 2):
            key = "arguments_one_or_two"
        raise wrong_formula(key, function=call.name, low=function.low)
    if function.high is not None and count > function.high:
        raise wrong_formula("arguments_at_most", function=call.name, high=function.high)


class _Rule(NamedTuple):
    """The data types that one operand may have. `key` is the reason for refusing other types."""

    operand: Node
    takes: DataType
    key: str
    name: str


def _check_data_types(
    nodes: Sequence[Node], columns: Mapping[str, Column], table: str | None
) -> None:
    # `nodes` has each node before its operands, so the reversed order visits the operands first.
    # The keys of `types` are identities of nodes, because comparing trees would be slow.
    types: dict[int, DataType] = {}
    for node in reversed(nodes):
        types[id(node)] = _data_type(node, types, columns, table)
    # The result of the formula itself must be a single value.
    rules = [_Rule(nodes[0], DataType.SCALAR, "array", "")]
    rules += (rule for node in nodes for rule in _rules(node))
    for rule in rules:
        data_type = types[id(rule.operand)]
        if data_type & DataType.ARRAY and not data_type & rule.takes:
            raise wrong_formula("array")
    for rule in rules:
        if not types[id(rule.operand)] & rule.takes:
            raise wrong_formula(rule.key, name=rule.name)


def _data_type(
    node: Node, types: Mapping[int, DataType], columns: Mapping[str, Column], table: str | None
) -> DataType:
    """Return the data types that the node can have. `types` has the types of its operands."""
    if isinstance(node, Field):
        return columns[node.code].seen_from(table)
    if isinstance(node, Operation):
        return OPERATORS[node.operators[0]].gives
    if isinstance(node, Call):
        gives = FUNCTIONS[node.name].gives
        _, *branches = node.arguments
        return gives or types[id(branches[0])] | types[id(branches[1])]
    return _LITERALS[type(node)]


_LITERALS: dict[type[Node], DataType] = {
    Number: DataType.NUMBER,
    Sign: DataType.NUMBER,
    Text: DataType.STRING,
}


def _rules(node: Node) -> Iterator[_Rule]:
    """Yield the rules for the operands of this node."""
    if isinstance(node, Operation):
        for operator, operands in zip(node.operators, pairwise(node.operands), strict=True):
            for operand in operands:
                yield _Rule(operand, OPERATORS[operator].takes, "operator_types", operator)
    elif isinstance(node, Call):
        function = FUNCTIONS[node.name]
        for position, argument in enumerate(node.arguments):
            yield _Rule(argument, function.takes_at(position), "function_types", node.name)
    elif isinstance(node, Sign):
        yield _Rule(node.operand, OPERATORS[node.sign].takes, "operator_types", node.sign)
