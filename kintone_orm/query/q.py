"""Q and Raw: the tree of conditions that a user builds with & | ~, as in Django."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from kintone_orm.exceptions import NotSupportedError
from kintone_orm.query.raw_text import filled, whole
from kintone_orm.query.refused_filters import NO_XOR

if TYPE_CHECKING:
    from collections.abc import Iterator

    from typing_extensions import Self

__all__ = ["AND", "OR", "Q", "Raw"]

AND = "AND"
OR = "OR"
XOR = "XOR"


class Q:
    """Conditions for `filter`, to combine with ``&``, ``|`` and ``~``.

    ``Q(rank="A", due__lt=today)`` requires both conditions. ``Q(rank="A") | ~Q(due=None)`` requires
    one of the two, as does ``Q(..., _connector=Q.OR)``. A Q without conditions does not
    filter, even if it is negated; its `bool()` is False. Two Qs with equal conditions, combined in
    the same way, are equal.
    """

    __slots__ = ("children", "connector", "negated")

    AND: ClassVar = AND
    OR: ClassVar = OR
    XOR: ClassVar = XOR  # refused by Q(), with advice on what to write instead

    children: tuple[Q | Raw | tuple[str, Any], ...]
    connector: str
    negated: bool

    def __init__(
        self, *args: Q | Raw, _connector: str = AND, _negated: bool = False, **kwargs: object
    ) -> None:
        for arg in args:
            if not isinstance(arg, (Q, Raw)):
                raise TypeError(
                    f"Q() takes Qs and name=value conditions, not {type(arg).__name__}."
                )
        if _connector == XOR:
            raise NotSupportedError(NO_XOR.sentence("Q.XOR"))
        if _connector not in (AND, OR):
            raise NotSupportedError(
                f"Q() joins conditions by Q.AND or Q.OR, not by {_connector!r}."
            )
        named = ((name, _lasting(value)) for name, value in sorted(kwargs.items()))
        self.children = (*(arg for arg in args if arg), *named)
        self.connector = _connector
        self.negated = _negated

    def __and__(self, other: Q | Raw) -> Q:
        return _join(self, other, AND)

    def __or__(self, other: Q | Raw) -> Q:
        return _join(self, other, OR)

    def __xor__(self, other: Q | Raw) -> Q:
        raise NotSupportedError(NO_XOR.sentence("^"))

    def __invert__(self) -> Q:
        inverted = type(self)(_connector=self.connector, _negated=not self.negated)
        inverted.children = self.children
        return inverted

    def __bool__(self) -> bool:
        return bool(self.children)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Q):
            return NotImplemented
        return (self.connector, self.negated, self.children) == (
            other.connector,
            other.negated,
            other.children,
        )

    def __hash__(self) -> int:
        # Leave out the values, because a list has no hash. The names distinguish most Qs.
        names = tuple(c[0] if isinstance(c, tuple) else c for c in self.children)
        return hash((self.connector, self.negated, names))

    def __repr__(self) -> str:
        parts = [f"{c[0]}={c[1]!r}" if isinstance(c, tuple) else repr(c) for c in self.children]
        inner = f" {'&' if self.connector == AND else '|'} ".join(parts)
        return f"<{'~' if self.negated else ''}Q: {inner}>"

    def flatten(self) -> Iterator[Any]:
        """Yield this Q and everything in it: Qs, conditions as (name, value), and Raws."""
        yield self
        for child in self.children:
            if isinstance(child, Q):
                yield from child.flatten()
            else:
                yield child


class Raw:
    """A condition in kintone's query language: ``filter(Raw('件名 like "a"'), n=1)``.

    It is sent unchanged, in parentheses. It contains field codes, not names, and follows kintone's
    rules for blanks, not Django's. It combines by ``&`` and ``|`` but cannot be negated, because
    kintone has no *not*. Raises FieldError for an incomplete condition, an order or a limit.
    """

    __slots__ = ("text",)

    text: str

    def __init__(self, text: str) -> None:
        self.text = whole(text)

    @classmethod
    def format(cls, text: str, /, **values: object) -> Self:
        """Return the condition with the quoted values; no value can change its form.

        ``Raw.format("件名 = {title} and rank in {ranks}", title='5"', ranks=["A", "B"])``. Values
        are text, numbers, dates, times, aware datetimes, query functions, None for a blank, or
        lists of these. Write a literal brace twice. Raises FieldError for any other value.
        """
        return cls(filled(text, values))

    def __and__(self, other: Q | Raw) -> Q:
        return _join(self, other, AND)

    def __or__(self, other: Q | Raw) -> Q:
        return _join(self, other, OR)

    def __invert__(self) -> Q:
        raise NotSupportedError(
            f"{self!r} cannot be negated, because kintone's query language cannot negate a "
            "condition. Write the opposite condition."
        )

    def __eq__(self, other: object) -> bool:
        return self.text == other.text if isinstance(other, Raw) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.text)

    def __repr__(self) -> str:
        return f"Raw({self.text!r})"


def _lasting(value: Any) -> Any:
    """Return the value; for an iterator, return a list of its items, to be read repeatedly."""
    return list(value) if hasattr(value, "__next__") else value


def _join(left: Q | Raw, right: Q | Raw, connector: str) -> Q:
    if not isinstance(right, (Q, Raw)):
        return NotImplemented
    first, second = (side if isinstance(side, Q) else Q(side) for side in (left, right))
    if not first.children or not second.children:
        return first if first.children else second
    joined = Q(_connector=connector)
    for side in (first, second):
        alike = side.connector == connector or len(side.children) == 1
        joined.children += side.children if alike and not side.negated else (side,)
    return joined
