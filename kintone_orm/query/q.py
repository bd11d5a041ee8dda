"""Q: the tree of conditions that a person builds with & | ~, as in Django."""

from __future__ import annotations

from typing import Any, ClassVar

from kintone_orm.exceptions import NotSupportedError
from kintone_orm.query.refused import NO_XOR

__all__ = ["AND", "OR", "Q"]

AND = "AND"
OR = "OR"
XOR = "XOR"


class Q:
    """Conditions by name, to be combined with ``&``, ``|`` and ``~`` and given to `filter`.

    ``Q(rank="A", due__lt=today)`` asks for both; ``Q(rank="A") | ~Q(due=None)``, or the same two
    in ``Q(..., _connector=Q.OR)``, for either. A Q without conditions is false and asks for
    nothing, negated or not. Two Qs that ask for the same in the same way are equal.
    """

    __slots__ = ("children", "connector", "negated")

    AND: ClassVar = AND
    OR: ClassVar = OR
    XOR: ClassVar = XOR  # there, so that who asks for it is told what to write instead

    children: tuple[Q | tuple[str, Any], ...]
    connector: str
    negated: bool

    def __init__(
        self, *args: Q, _connector: str = AND, _negated: bool = False, **kwargs: Any
    ) -> None:
        for arg in args:
            if not isinstance(arg, Q):
                raise TypeError(
                    f"Q() takes other Qs and name=value conditions, not {type(arg).__name__}."
                )
        if _connector == XOR:
            raise NotSupportedError(NO_XOR.sentence("Q.XOR"))
        if _connector not in (AND, OR):
            raise NotSupportedError(f"kintone joins by Q.AND or Q.OR, not by {_connector!r}.")
        self.children = (*(arg for arg in args if arg), *sorted(kwargs.items()))
        self.connector = _connector
        self.negated = _negated

    @classmethod
    def _joined(cls, left: Q, right: Q, connector: str) -> Q:
        if not left.children or not right.children:
            return right if not left.children else left
        joined = cls(_connector=connector)
        for side in (left, right):
            alike = side.connector == connector or len(side.children) == 1
            joined.children += side.children if alike and not side.negated else (side,)
        return joined

    def __and__(self, other: Q) -> Q:
        return self._joined(self, other, AND) if isinstance(other, Q) else NotImplemented

    def __or__(self, other: Q) -> Q:
        return self._joined(self, other, OR) if isinstance(other, Q) else NotImplemented

    def __xor__(self, other: Q) -> Q:
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
        # Values may be lists, which have no hash; the names are enough to tell most Qs apart.
        names = tuple(c if isinstance(c, Q) else c[0] for c in self.children)
        return hash((self.connector, self.negated, names))

    def __repr__(self) -> str:
        parts = [repr(c) if isinstance(c, Q) else f"{c[0]}={c[1]!r}" for c in self.children]
        inner = f" {'&' if self.connector == AND else '|'} ".join(parts)
        return f"<{'~' if self.negated else ''}Q: {inner}>"
