"""Reading a JSON text with the line of each value, which Python's parser does not give."""

from __future__ import annotations

import json
from bisect import bisect_right
from decimal import Decimal
from typing import TYPE_CHECKING, NoReturn

from .file_problems import DomainFileError

if TYPE_CHECKING:
    from .file_problems import Path

__all__ = ["read_json"]


def read_json(text: str, name: str) -> tuple[object, dict[Path, int]]:
    """Return the content of a JSON text, and the line of each value by its path.

    Fractions are `Decimal`. The line of an object's member is that of its key. Raises
    DomainFileError for invalid JSON and for a key that appears twice.
    """
    try:
        json.loads(text, parse_constant=_refuse)
        reader = _Reader(text, name)
        return reader.value((), 0)[0], reader.lines
    except DomainFileError:
        raise
    except json.JSONDecodeError as error:
        problem = f"{name}, line {error.lineno}: The file is not valid JSON: {error.msg}."
        raise DomainFileError([problem]) from None
    except (ValueError, RecursionError) as error:
        raise DomainFileError([f"{name}: The file is not valid JSON: {error}."]) from None


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not a number")


class _Reader:
    """A reader of JSON that is known to be valid. It notes the line of each value."""

    def __init__(self, text: str, name: str) -> None:
        self.lines: dict[Path, int] = {(): 1}
        self._text = text
        self._name = name
        self._breaks = [at for at, character in enumerate(text) if character == "\n"]
        self._scalar = json.JSONDecoder(parse_float=Decimal).raw_decode

    def value(self, path: Path, at: int) -> tuple[object, int]:
        """Return the value that begins at or after `at`, and the position of its end."""
        at = self._next(at)
        self.lines.setdefault(path, self._line(at))
        if self._text[at] == "{":
            return self._object(path, at + 1)
        if self._text[at] == "[":
            return self._array(path, at + 1)
        return self._scalar(self._text, at)

    def _object(self, path: Path, at: int) -> tuple[dict[str, object], int]:
        members: dict[str, object] = {}
        while self._text[at := self._next(at)] != "}":
            line = self._line(at)
            key, at = self._scalar(self._text, at)
            if key in members:
                problem = f'{self._name}, line {line}: The key "{key}" appears twice.'
                raise DomainFileError([problem])
            member_path: Path = (*path, key)
            self.lines[member_path] = line
            members[key], at = self.value(member_path, self._next(at) + 1)
            at = self._after_comma(at)
        return members, at + 1

    def _array(self, path: Path, at: int) -> tuple[list[object], int]:
        items: list[object] = []
        while self._text[at := self._next(at)] != "]":
            item, at = self.value((*path, len(items)), at)
            items.append(item)
            at = self._after_comma(at)
        return items, at + 1

    def _after_comma(self, at: int) -> int:
        at = self._next(at)
        return at + 1 if self._text[at] == "," else at

    def _next(self, at: int) -> int:
        """Return the position of the next character that is not whitespace."""
        while self._text[at] in " \t\r\n":
            at += 1
        return at

    def _line(self, at: int) -> int:
        return bisect_right(self._breaks, at - 1) + 1
