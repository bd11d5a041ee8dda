"""The tree of a formula, as the parser makes it without knowing a form."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from decimal import Decimal

__all__ = ["Call", "Field", "Node", "Number", "Operation", "Sign", "Text", "walk"]


@dataclass(frozen=True, slots=True)
class Number:
    """A number literal."""

    value: Decimal


@dataclass(frozen=True, slots=True)
class Text:
    """A string literal, without its quotes and escapes."""

    value: str


@dataclass(frozen=True, slots=True)
class Field:
    """A field, by its code."""

    code: str


@dataclass(frozen=True, slots=True)
class Sign:
    """A "-" or a "+" in front of an operand. Several signs in a row become a single sign."""

    sign: str
    operand: Node


@dataclass(frozen=True, slots=True)
class Operation:
    """Operands, and the operators of the same rank between them: a - b + c has ("-", "+").

    One node holds the whole chain, so that a long formula is not a deep tree.
    """

    operators: tuple[str, ...]
    operands: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Call:
    """A function and its arguments."""

    name: str
    arguments: tuple[Node, ...]


Node = Number | Text | Field | Sign | Operation | Call


def walk(root: Node) -> list[Node]:
    """Return every node of the tree, each before its operands, from left to right."""
    nodes: list[Node] = []
    stack = [root]
    while stack:
        node = stack.pop()
        nodes.append(node)
        stack.extend(reversed(_operands(node)))
    return nodes


def _operands(node: Node) -> tuple[Node, ...]:
    if isinstance(node, Operation):
        return node.operands
    if isinstance(node, Call):
        return node.arguments
    return (node.operand,) if isinstance(node, Sign) else ()
