"""A parsed formula against one app's form: its functions, fields and data types.

The errors are kintone's (kintone help, "Formula errors"); the order in which they are looked for
is ours: functions, their arguments, fields, their types, arrays, data types.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from .data_types import DataType
from .functions import FUNCTIONS
from .operators import OPERATORS
from .reasons import wrong, wrong_type
from .syntax import Call, Field, Node, Number, Operation, Sign, Text, walk

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from .columns import Column

__all__ = ["check", "codes_in"]


def check(root: Node, *, columns: Mapping[str, Column], table: str | None) -> None:
    """Raise WrongFormula for a formula that does not fit the form of a field in this table."""
    nodes = walk(root)
    calls = [node for node in nodes if isinstance(node, Call)]
    for call in calls:
        if call.name not in FUNCTIONS:
            raise wrong("unknown_function", function=call.name)
    for call in calls:
        _check_count(call)
    codes = codes_in(root)
    for code in codes:
        if code not in columns:
            raise wrong("unknown_field", code=code)
    for code in codes:
        if columns[code].data_type is DataType.NOTHING:
            raise wrong_type(columns[code].type, code=code)
    _check_data_types(nodes, columns, table)


def codes_in(root: Node) -> list[str]:
    """The codes of the fields in a formula, each once, in the order they are written."""
    return list(dict.fromkeys(node.code for node in walk(root) if isinstance(node, Field)))


def _check_count(call: Call) -> None:
    function, count = FUNCTIONS[call.name], len(call.arguments)
    if count < function.low:
        key = "arguments_at_least"
        if function.low == function.high:
            key = "arguments_exactly"
        elif (function.low, function.high) == (1, 2):
            key = "arguments_one_or_two"
        raise wrong(key, function=call.name, low=function.low)
    if function.high is not None and count > function.high:
        raise wrong("arguments_at_most", function=call.name, high=function.high)


class _Place(NamedTuple):
    """A place in a formula: what stands there, what may, and the reason to give if it may not."""

    operand: Node
    takes: DataType
    key: str
    name: str


def _check_data_types(
    nodes: Sequence[Node], columns: Mapping[str, Column], table: str | None
) -> None:
    # By identity: equal nodes have equal types, but a deep tree is slow to compare.
    types: dict[int, DataType] = {}
    for node in reversed(nodes):
        types[id(node)] = _data_type(node, types, columns, table)
    places = [_Place(nodes[0], DataType.SCALAR, "array", "")]
    places += (place for node in nodes for place in _places(node))
    for place in places:
        found = types[id(place.operand)]
        if found & DataType.ARRAY and not found & place.takes:
            raise wrong("array")
    for place in places:
        if not types[id(place.operand)] & place.takes:
            raise wrong(place.key, name=place.name)


def _data_type(
    node: Node, types: Mapping[int, DataType], columns: Mapping[str, Column], table: str | None
) -> DataType:
    """What the node can be; `types` knows its operands."""
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


def _places(node: Node) -> Iterator[_Place]:
    """The places that this node has for its operands."""
    if isinstance(node, Operation):
        for operator, operands in zip(node.operators, pairwise(node.operands), strict=True):
            for operand in operands:
                yield _Place(operand, OPERATORS[operator].takes, "operator_types", operator)
    elif isinstance(node, Call):
        function = FUNCTIONS[node.name]
        for position, argument in enumerate(node.arguments):
            yield _Place(argument, function.takes_at(position), "function_types", node.name)
    elif isinstance(node, Sign):
        yield _Place(node.operand, OPERATORS[node.sign].takes, "operator_types", node.sign)
