"""Reading the tokens of a text one by one, for the parsers of queries and of formulas."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

__all__ = ["Token", "TokenCursor"]

_FIXED = frozenset(("keyword", "sign"))


class Token(NamedTuple):
    """One token: its kind, its text and its position, counted from 1.

    The kinds are "name", "keyword", "number", "string", "sign" and, after the last token, "end".
    The text of a string is without quotes and escapes.
    """

    kind: str
    text: str
    at: int


class TokenCursor:
    """A position in a list of tokens. The kind of the last token is "end".

    `whole` names the whole text in messages ("query"). `nesting` is the number of parentheses that
    may be open at once. `error` makes the exception for a message.
    """

    def __init__(
        self,
        tokens: Sequence[Token],
        *,
        whole: str,
        nesting: int,
        error: Callable[[str], Exception],
    ) -> None:
        self._tokens = tokens
        self._end = f"the end of the {whole}"
        self._nesting = nesting
        self._error = error
        self._next = 0
        self._open = 0

    @property
    def token(self) -> Token:
        """The token to be read next."""
        return self._tokens[self._next]

    def is_at(self, *words: str) -> bool:
        """Return True if the next token is one of these keywords or signs."""
        return self.token.kind in _FIXED and self.token.text in words

    def is_at_end(self) -> bool:
        """Return True if only the token "end" is left."""
        return self.token.kind == "end"

    def read(self) -> str:
        """Read a token and return its text."""
        self._next += 1
        return self._tokens[self._next - 1].text

    def accept(self, word: str) -> bool:
        """Read this keyword or sign if it is the next token, and return True; otherwise False."""
        matches = self.is_at(word)
        if matches:
            self._next += 1
        return matches

    def expect(self, word: str) -> None:
        """Read this keyword or sign. Raises an error if the next token is a different one."""
        if not self.accept(word):
            raise self.unexpected(repr(word))

    def expect_kind(self, kind: str, expected: str) -> str:
        """Read a token of this kind and return its text; `expected` describes it in an error."""
        if self.token.kind != kind:
            raise self.unexpected(expected)
        return self.read()

    def expect_end(self) -> None:
        """Raise an error if a token is left."""
        if not self.is_at_end():
            raise self.unexpected(self._end)

    def open(self) -> None:
        """Read an opening parenthesis. Raises an error if too many are open."""
        self._open += 1
        if self._open > self._nesting:
            raise self._error(f"More than {self._nesting} parentheses are open.")
        self.expect("(")

    def close(self) -> None:
        """Read the closing parenthesis of the last `open`."""
        self.expect(")")
        self._open -= 1

    def unexpected(self, expected: str) -> Exception:
        """Return the error for a next token that differs from the `expected` one."""
        token = self.token
        actual = self._end if self.is_at_end() else repr(token.text)
        return self._error(f"Character {token.at}: expected {expected}, found {actual}.")
