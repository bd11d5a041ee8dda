"""The lines of a TOML text on which its values stand. Python 3.11 has a parser, before it tomli."""

from __future__ import annotations

import importlib
import re
from bisect import bisect_right
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from .complaints import DomainFileError

if TYPE_CHECKING:
    from .complaints import Path

__all__ = ["read_toml"]

_BLANK = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_STRING = re.compile(
    r'"""(?:[^\\]|\\.)*?"{3,5}(?!")' + r"|'''.*?'{3,5}(?!')" + r'|"(?:[^"\\]|\\.)*"' + r"|'[^']*'",
    re.DOTALL,
)
_SCALAR = re.compile(r"[^,\]}#\n]+")


def read_toml(text: str, name: str) -> tuple[Any, dict[Path, int]]:
    """What a TOML text holds, and the line of each value by its path.

    Fractions are `Decimal`. DomainFileError when it is no TOML, or nothing is installed that reads
    it.
    """
    parser = _parser()
    if parser is None:
        needed = "pip install 'kintone-orm[emulator]' brings tomli, which reads it"
        raise DomainFileError([f"{name}: TOML needs Python 3.11, or an extra: {needed}."])
    text = text.replace("\r\n", "\n")
    try:
        data = parser.loads(text, parse_float=Decimal)
        reader = _Reader(text, parser)
        reader.read()
    except (ValueError, RecursionError) as error:
        raise DomainFileError([f"{name}: This is no TOML: {error}."]) from None
    return data, reader.lines


def _parser() -> Any:
    """The module that reads TOML: Python's own since 3.11, else tomli; None without either."""
    for name in ("tomllib", "tomli"):
        try:
            return importlib.import_module(name)
        except ModuleNotFoundError:
            continue
    return None


class _Reader:
    """Reads a text that is known to be TOML once more, and notes where everything is."""

    def __init__(self, text: str, parser: Any) -> None:
        self.lines: dict[Path, int] = {(): 1}
        self._text = text
        self._parser = parser
        self._breaks = [at for at, character in enumerate(text) if character == "\n"]
        self._counts: dict[Path, int] = {}

    def read(self) -> None:
        """Read it to the end."""
        table: Path = ()
        at = self._next(0)
        while at < len(self._text):
            line = self._line(at)
            if self._text.startswith("[[", at):
                keys, at = self._keys(at + 2)
                table = self._placed(keys)
                self._counts[table] = self._counts.get(table, -1) + 1
                table = (*table, self._counts[table])
                self._note(table, line)
                at += 2
            elif self._text[at] == "[":
                keys, at = self._keys(at + 1)
                table = self._placed(keys)
                self._note(table, line)
                at += 1
            else:
                at = self._member(table, at)
            at = self._next(at)

    def _placed(self, keys: Path) -> Path:
        """The path of a table that keys name: of a list of tables, the last one is meant."""
        path: Path = ()
        for number, key in enumerate(keys):
            path = (*path, key)
            if path in self._counts and number < len(keys) - 1:
                path = (*path, self._counts[path])
        return path

    def _member(self, table: Path, at: int) -> int:
        """Note a key and what it is given; where that ends."""
        line = self._line(at)
        keys, at = self._keys(at)
        self._note((*table, *keys), line)
        return self._value((*table, *keys), at + 1)

    def _value(self, path: Path, at: int) -> int:
        at = self._next(at)
        self.lines.setdefault(path, self._line(at))
        opening = self._text[at]
        if opening in "\"'":
            return self._string_end(at)
        if opening not in "[{":
            return self._match(_SCALAR, at)
        number, at, closing = 0, self._next(at + 1), "]" if opening == "[" else "}"
        while self._text[at] != closing:
            at = self._value((*path, number), at) if opening == "[" else self._member(path, at)
            number, at = number + 1, self._next(at)
            if self._text[at] == ",":
                at = self._next(at + 1)
        return at + 1

    def _keys(self, at: int) -> tuple[Path, int]:
        """The parts of a dotted key, and where it ends: at its "=" or "]"."""
        keys: list[str] = []
        while True:
            at = self._next(at)
            if self._text[at] in "\"'":
                end = self._string_end(at)
                keys.append(self._parser.loads(f"key = {self._text[at:end]}")["key"])
            else:
                end = self._match(_BARE_KEY, at)
                keys.append(self._text[at:end])
            at = self._next(end)
            if self._text[at] != ".":
                return tuple(keys), at
            at += 1

    def _note(self, path: Path, line: int) -> None:
        """A path is at this line, and so is what it is in, if that has no line yet."""
        for length in range(1, len(path) + 1):
            self.lines.setdefault(path[:length], line)

    def _string_end(self, at: int) -> int:
        return self._match(_STRING, at)

    def _match(self, pattern: re.Pattern[str], at: int) -> int:
        found = pattern.match(self._text, at)
        return found.end() if found else at + 1

    def _next(self, at: int) -> int:
        """Where the next character is that is neither blank nor comment."""
        return self._match(_BLANK, at)

    def _line(self, at: int) -> int:
        return bisect_right(self._breaks, at - 1) + 1
