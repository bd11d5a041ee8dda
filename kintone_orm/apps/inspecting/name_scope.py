"""Names that must differ from each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kintone_orm.apps.inspecting.identifiers import distinct, name_problem
from kintone_orm.exceptions import ImproperlyConfigured

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Mapping

__all__ = ["Scope"]


class Scope:
    """Names that must differ from each other, and from the reserved ones."""

    def __init__(self, is_reserved: Callable[[str], bool], *, separator: str = "_") -> None:
        self._is_reserved = is_reserved
        self._separator = separator
        self._entries: dict[str, str] = {}

    @property
    def names(self) -> Container[str]:
        """The names that are taken, without the reserved ones."""
        return self._entries

    def __contains__(self, name: str) -> bool:
        return name in self._entries or self._is_reserved(name)

    def keep(self, name: str, entry: str) -> None:
        """Take a name of names.toml; ImproperlyConfigured if it cannot be used."""
        problem = name_problem(name)
        if problem is None and name in self._entries:
            problem = f"is also the name of {self._entries[name]}"
        if problem is None and self._is_reserved(name):
            problem = "already means something else in the module, in Model or in Row"
        if problem is not None:
            raise ImproperlyConfigured(
                f"names.toml: {entry} = {name!r} {problem}. Write another name, or delete the "
                "entry."
            )
        self._entries[name] = entry

    def choose(self, name: str, entry: str, *, reserved: str, taken: str = "") -> str:
        """Return `name`, or `reserved` or `taken` if it is that, with a number if needed."""
        if self._is_reserved(name):
            name = reserved
        elif name in self._entries:
            name = taken or name
        chosen = distinct(name, self.__contains__, separator=self._separator)
        self._entries[chosen] = entry
        return chosen

    def name_all(
        self,
        proposed: Mapping[str, str],
        kept: Mapping[str, str],
        path: str,
        *,
        reserved: str,
        taken: str = "{}",
    ) -> dict[str, str]:
        """Return the name of each key of `proposed`, in that order.

        `reserved` and `taken` are patterns for a name that is reserved or taken.
        """
        named = {}
        for code in proposed:
            if name := kept.get(code):
                self.keep(name, f'{path}."{code}"')
                named[code] = name
        for code in sorted(proposed, key=lambda code: (proposed[code] != code, code)):
            if code not in named:
                name = proposed[code]
                named[code] = self.choose(
                    name,
                    f'{path}."{code}"',
                    reserved=reserved.format(name),
                    taken=taken.format(name),
                )
        return {code: named[code] for code in proposed}
