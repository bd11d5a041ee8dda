"""Reading a TOML text with the line of each value, which the parsers do not give.

Python has a parser since 3.11. Before, the package tomli is needed.
"""

from __future__ import annotations

import importlib
import re
from bisect import bisect_right
from decimal import Decimal
from typing import TYPE_CHECKING

from .file_problems import DomainFileError

if TYPE_CHECKING:
    from types import ModuleType

    from .file_problems import Path

__all__ = ["read_toml"]

_BLANK = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_STRING = re.compile(
    r'"""(?:[^\\]|\\.)*?"{3,5}(?!")' + r"|'''.*?'{3,5}(?!')" + r'|"(?:[^"\\]|\\.)*"' + r"|'[^']*'",
    re.DOTALL,
)
_SCALAR = re.compile(r"[^,\]}#\n]+")


def read_toml(text: str, name: str) -> tuple[object, dict[Path, int]]:
    """Return the content of a TOML text, and the line of each value by its path.

    Fractions are `Decimal`. Raises DomainFileError for invalid TOML, and if no parser is installed.
    """
    parser = _parser()
    if parser is None:
        remedy = "Use Python 3.11 or newer, or pip install 'kintone-orm[emulator]', which has one"
        raise DomainFileError([f"{name}: There is no parser for TOML. {remedy}."])
    text = text.replace("\r\n", "\n")
    try:
        data = parser.loads(text, parse_float=Decimal)
        reader = _Reader(text, parser)
        reader.read()
    except (ValueError, RecursionError) as error:
        raise DomainFileError([f"{name}: The file is not valid TOML: {error}."]) from None
    return data, reader.lines


def _parser() -> ModuleType | None:
    """Return the module that reads TOML: Python's own, else tomli, else None."""
    for name in ("tomllib", "tomli"):
        try:
            return importlib.import_module(name)
        except ModuleNotFoundError:
            continue
    return None


class _Reader:
    """A reader of TOML that is known to be valid. It notes the line of each value."""

    def __init__(self, text: str, parser: ModuleType) -> None:
        self.lines: dict[Path, int] = {(): 1}
        self._text = text
        self._parser = parser
        self._breaks = [at for at, character in enumerate(text) if character == "\n"]
        self._counts: dict[Path, int] = {}

    def read(self) -> None:
        """Read the text to its end, and fill `lines`."""
        table: Path = ()
        at = self._next(0)
        while at < len(self._text):
            line = self._line(at)
            if self._text.startswith("[[", at):
                keys, at = self._keys(at + 2)
                table = self._table_path(keys)
                self._counts[table] = self._counts.get(table, -1) + 1
                table = (*table, self._counts[table])
                self._note(table, line)
                at += 2
            elif self._text[at] == "[":
                keys, at = self._keys(at + 1)
                table = self._table_path(keys)
                self._note(table, line)
                at += 1
            else:
                at = self._member(table, at)
            at = self._next(at)

    def _table_path(self, keys: Path) -> Path:
        """Return the path of the table with these keys.

        A key that names an array of tables means the array's last table.
        """
        path: Path = ()
        for number, key in enumerate(keys):
            path = (*path, key)
            if path in self._counts and number < len(keys) - 1:
                path = (*path, self._counts[path])
        return path

    def _member(self, table: Path, at: int) -> int:
        """Note the line of a key and of its value. Return the position of the value's end."""
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
        """Return the keys of a dotted key, and the position of the "=" or "]" after it."""
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
        """Note the line of a path and of the values around it. Lines noted earlier are kept."""
        for length in range(1, len(path) + 1):
            self.lines.setdefault(path[:length], line)

    def _string_end(self, at: int) -> int:
        return self._match(_STRING, at)

    def _match(self, pattern: re.Pattern[str], at: int) -> int:
        match = pattern.match(self._text, at)
        return match.end() if match else at + 1

    def _next(self, at: int) -> int:
        """Return the position of the next character outside whitespace and comments."""
        return self._match(_BLANK, at)

    def _line(self, at: int) -> int:
        return bisect_right(self._breaks, at - 1) + 1
