"""The problems of a domain file, each with its line and with a suggestion."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

__all__ = ["DomainFileError", "FileProblems", "Path"]

Path: TypeAlias = "tuple[str | int, ...]"
"""The place of a value in a domain file: keys of objects, and positions in lists."""

_SHOWN_MAX = 20


class DomainFileError(ValueError):
    """The error for a domain file that cannot be used.

    `problems` are sentences, each with its place in the file.
    """

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = list(problems)
        shown = self.problems[:_SHOWN_MAX]
        if len(self.problems) > _SHOWN_MAX:
            shown.append(f"There are {len(self.problems) - _SHOWN_MAX} more problems.")
        super().__init__("\n".join(shown))


class FileProblems:
    """The problems of one domain file. `lines` holds the line of each value by its path."""

    def __init__(self, name: str, lines: Mapping[Path, int]) -> None:
        self._name = name
        self._lines = lines
        self._problems: dict[str, int] = {}

    def __len__(self) -> int:
        return len(self._problems)

    def add(
        self, path: Path, sentence: str, *, word: object = None, known: Iterable[str] = ()
    ) -> None:
        """Add a problem with the value at `path`.

        `word` is the word in the file that may be misspelt. If one of the `known` words is close to
        `word`, the problem suggests the known word.
        """
        close = get_close_matches(word, list(known), n=1) if isinstance(word, str) else []
        suggestion = f' Did you mean "{close[0]}"?' if close else ""
        line = self._line(path)
        place = f"{self._name}, line {line}" if line else self._name
        self._problems.setdefault(f"{place}: {_path_text(path)}: {sentence}{suggestion}", line)

    def add_unknown(self, path: Path, kind: str, word: str, known: Iterable[str]) -> None:
        """Add the problem that there is no key, app or other `kind` of thing with this name."""
        self.add(path, f'There is no {kind} "{word}".', word=word, known=known)

    def check(self) -> None:
        """Raise DomainFileError with the problems in the order of their lines, if there are any."""
        if self._problems:
            raise DomainFileError(
                sorted(self._problems, key=lambda problem: self._problems[problem])
            )

    def _line(self, path: Path) -> int:
        """Return the line of the value at a path, or else of the nearest value around it, or 0."""
        while path and path not in self._lines:
            path = path[:-1]
        return self._lines.get(path, 0)


def _path_text(path: Path) -> str:
    """Return a path as text: "apps.orders.records[3].total"."""
    steps = [f"[{step}]" if isinstance(step, int) else f".{step}" for step in path]
    place = "".join(steps).removeprefix(".") or "the file"
    return place.encode(errors="backslashreplace").decode()
