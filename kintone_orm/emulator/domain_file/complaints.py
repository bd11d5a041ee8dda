"""What is wrong with a domain file: each thing with its line, and what was probably meant."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

__all__ = ["Complaints", "DomainFileError", "Path"]

Path: TypeAlias = "tuple[str | int, ...]"
"""Where something is in a domain file: keys of objects, and places in lists."""

_SHOWN = 20


class DomainFileError(ValueError):
    """A domain file that cannot be used. Each of `problems` is a sentence with its place."""

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = list(problems)
        shown = self.problems[:_SHOWN]
        if len(self.problems) > _SHOWN:
            shown.append(f"And {len(self.problems) - _SHOWN} more.")
        super().__init__("\n".join(shown))


class Complaints:
    """Gathers what is wrong with one domain file. `lines` are those of its values by path."""

    def __init__(self, name: str, lines: Mapping[Path, int]) -> None:
        self._name = name
        self._lines = lines
        self._problems: dict[str, int] = {}

    def __len__(self) -> int:
        return len(self._problems)

    def add(
        self, path: Path, sentence: str, *, word: object = None, known: Iterable[str] = ()
    ) -> None:
        """Note a sentence about what is at `path`.

        If `word`, which stands there, is close to one that is known, that one is suggested.
        """
        close = get_close_matches(word, list(known), n=1) if isinstance(word, str) else []
        suggestion = f' Did you mean "{close[0]}"?' if close else ""
        line = self._line(path)
        place = f"{self._name}, line {line}" if line else self._name
        self._problems.setdefault(f"{place}: {spelled(path)}: {sentence}{suggestion}", line)

    def unknown(self, path: Path, what: str, word: str, known: Iterable[str]) -> None:
        """Note that there is no such key, app, group: `what` is the kind of thing."""
        self.add(path, f'There is no {what} "{word}".', word=word, known=known)

    def check(self) -> None:
        """Raise DomainFileError, in the order of the lines, if anything was noted."""
        if self._problems:
            raise DomainFileError(sorted(self._problems, key=lambda each: self._problems[each]))

    def _line(self, path: Path) -> int:
        """The line of what is at a path, or else of what it is in; 0 without lines."""
        while path and path not in self._lines:
            path = path[:-1]
        return self._lines.get(path, 0)


def spelled(path: Path) -> str:
    """A path for a person: "apps.orders.records[3].total"."""
    parts = [f"[{part}]" if isinstance(part, int) else f".{part}" for part in path]
    place = "".join(parts).removeprefix(".") or "the file"
    return place.encode(errors="backslashreplace").decode()
