"""The lines of a JSON text on which its values stand."""

from __future__ import annotations

import json
from bisect import bisect_right
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NoReturn

from .complaints import DomainFileError

if TYPE_CHECKING:
    from .complaints import Path

__all__ = ["read_json"]


def read_json(text: str, name: str) -> tuple[Any, dict[Path, int]]:
    """What a JSON text holds, fractions as `Decimal`, and the line of each value by its path.

    A member of an object stands where its key does. DomainFileError when it is no JSON, or holds a
    key twice.
    """
    try:
        json.loads(text, parse_constant=_refuse)
        reader = _Reader(text, name)
        return reader.value((), 0)[0], reader.lines
    except DomainFileError:
        raise
    except json.JSONDecodeError as error:
        problem = f"{name}, line {error.lineno}: This is no JSON: {error.msg}."
        raise DomainFileError([problem]) from None
    except (ValueError, RecursionError) as error:
        raise DomainFileError([f"{name}: This is no JSON: {error}."]) from None


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no number")


class _Reader:
    """Reads a text that is known to be JSON once more, and notes where everything is."""

    def __init__(self, text: str, name: str) -> None:
        self.lines: dict[Path, int] = {(): 1}
        self._text = text
        self._name = name
        self._breaks = [at for at, character in enumerate(text) if character == "\n"]
        self._scalar = json.JSONDecoder(parse_float=Decimal).raw_decode

    def value(self, path: Path, at: int) -> tuple[Any, int]:
        """The value that begins at or after `at`, and where it ends."""
        at = self._next(at)
        self.lines.setdefault(path, self._line(at))
        if self._text[at] == "{":
            return self._object(path, at + 1)
        if self._text[at] == "[":
            return self._array(path, at + 1)
        return self._scalar(self._text, at)

    def _object(self, path: Path, at: int) -> tuple[dict[str, Any], int]:
        found: dict[str, Any] = {}
        while self._text[at := self._next(at)] != "}":
            line = self._line(at)
            key, at = self._scalar(self._text, at)
            if key in found:
                text = f'{self._name}, line {line}: The key "{key}" is there twice.'
                raise DomainFileError([text])
            here: Path = (*path, key)
            self.lines[here] = line
            found[key], at = self.value(here, self._next(at) + 1)
            at = self._after_comma(at)
        return found, at + 1

    def _array(self, path: Path, at: int) -> tuple[list[Any], int]:
        found: list[Any] = []
        while self._text[at := self._next(at)] != "]":
            item, at = self.value((*path, len(found)), at)
            found.append(item)
            at = self._after_comma(at)
        return found, at + 1

    def _after_comma(self, at: int) -> int:
        at = self._next(at)
        return at + 1 if self._text[at] == "," else at

    def _next(self, at: int) -> int:
        """Where the next character is that is no blank."""
        while self._text[at] in " \t\r\n":
            at += 1
        return at

    def _line(self, at: int) -> int:
        return bisect_right(self._breaks, at - 1) + 1
