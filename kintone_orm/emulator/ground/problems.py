"""The problems of one request, collected so that one answer reports them all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .errors import invalid, message

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["Problems"]


class Problems:
    """Validation messages by parameter path ("records[0].name.value"), oldest first."""

    __slots__ = ("_choices", "_errors")

    def __init__(self) -> None:
        self._errors: dict[str, list[str | tuple[str, str]]] = {}
        self._choices: dict[str, tuple[str, ...]] = {}

    def __len__(self) -> int:
        return len(self._errors)

    def add(self, path: str, key: str, /, **values: object) -> None:
        """Add a message about `path`: a key of MESSAGES, and the values of its placeholders."""
        self._errors.setdefault(path, []).append(message(key, **values))

    def offer(self, path: str, choices: Iterable[str]) -> None:
        """Add the values allowed at `path`. Only errors in domain files show these values."""
        self._choices[path] = tuple(choices)

    def check(self) -> None:
        """Raise a CB_VA01 error with all messages, if there are any."""
        if self._errors:
            raise invalid(self._errors, choices=self._choices)
