"""A field of a form, and the parts of its declaration."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from kintone_orm.apps.inspecting.source_text import call, string

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from typing import TypeAlias

    from kintone_orm.apps.inspecting.source_text import Expression
    from kintone_orm.models.ground.form_definitions import Definition

__all__ = ["Choices", "Plain", "Remark", "decimal_in", "number_source", "whole_in"]

_WHOLE = re.compile(r"-?(0|[1-9][0-9]*)")


@dataclass(frozen=True, slots=True)
class Remark:
    """A sentence about a setting that the declaration cannot say."""

    text: str


@dataclass(frozen=True, slots=True)
class Choices:
    """The Enum of a field's options: its class, and its members by option."""

    class_: str
    members: Mapping[str, str]

    def member(self, option: str) -> str:
        """Return the expression of an option."""
        return f"{self.class_}.{self.members[option]}"


@dataclass(frozen=True, slots=True)
class Plain:
    """A field as the form defines it, with the Enum of its options if it has one."""

    definition: Definition
    choices: Choices | None = None


if TYPE_CHECKING:
    Argument: TypeAlias = tuple[str, Expression]
    Option: TypeAlias = Argument | Remark
    Rule: TypeAlias = Callable[[Plain], Iterator[Option]]


def whole_in(text: object) -> int | None:
    """Return the whole number in a setting; None if there is none."""
    return int(str(text)) if text not in (None, "") else None


def decimal_in(text: object) -> Decimal | None:
    """Return the number in a setting; None if there is none."""
    try:
        return None if text in (None, "") else Decimal(str(text))
    except InvalidOperation:
        return None


def number_source(number: Decimal) -> Expression:
    """Return the number as Python source."""
    digits = format(number, "f")
    return digits if _WHOLE.fullmatch(digits) else call("Decimal", string(digits))
