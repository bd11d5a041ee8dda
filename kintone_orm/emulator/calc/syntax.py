"""A formula as a tree of values: what the parser makes, before any form is known."""

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
    """A "-" or a "+" in front of its operand; several in a row are one."""

    sign: str
    operand: Node


@dataclass(frozen=True, slots=True)
class Operation:
    """Operands and the operators of one level between them: a - b + c has ("-", "+").

    One node for the whole row, so that a long formula is not a deep tree.
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
    """Every node of the tree, each before its operands, from left to right."""
    found: list[Node] = []
    waiting = [root]
    while waiting:
        node = waiting.pop()
        found.append(node)
        waiting.extend(reversed(_operands(node)))
    return found


def _operands(node: Node) -> tuple[Node, ...]:
    if isinstance(node, Operation):
        return node.operands
    if isinstance(node, Call):
        return node.arguments
    return (node.operand,) if isinstance(node, Sign) else ()
