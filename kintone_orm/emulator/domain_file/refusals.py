"""Translating the API's errors into problems of a domain file, with the file's lines."""

from __future__ import annotations

from contextlib import contextmanager
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from ..ground.errors import KintoneError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator

    from .document import Document
    from .file_problems import Path

__all__ = ["translating_refusals"]


@contextmanager
def translating_refusals(
    document: Document,
    path: Path,
    known: Callable[[], Iterable[str]] = tuple,
    *,
    prefix: str = "",
    but: str | None = None,
) -> Iterator[None]:
    """Translate errors of the API in the block into a DomainFileError.

    The block sends the value at `path` to the API as the parameter `prefix`. So the parameter path
    of a message becomes a place in the file. For a misspelt name, a similar name is suggested: from
    `known`, from the message's own choices, or from the keys at `path`. An error with the code
    `but` is raised unchanged.
    """
    try:
        yield
    except KintoneError as error:
        if error.code == but:
            raise
        names = {*known(), *_names(document.at(path))}
        messages_by_place = error.errors or error.unshown
        for place, messages in messages_by_place.items():
            where = _locate(document, path, place.removeprefix(prefix))
            choices = error.choices.get(place, names)
            word = _misspelt_word(_words(document, where, place), choices)
            for _, english in messages:
                sentence = english if english.endswith(".") else f"{english}."
                document.problems.add(where, sentence, word=word, known=choices)
        if not messages_by_place:
            _add_fault(document, path, error, names)
        refused = error
    else:
        return
    document.problems.check()
    raise refused


def _add_fault(document: Document, path: Path, error: KintoneError, known: set[str]) -> None:
    """Add a problem for an error without parameter paths, at the first value in its message."""
    sentence = " ".join(text for text in (error.en, error.reason) if text)
    words = [value for value in error.values.values() if isinstance(value, str) and value]
    for word in words:
        where = next(_paths_of_word(document.at(path), path, word), None)
        if where is not None:
            suggestions = () if word in known else known
            document.problems.add(where, sentence, word=word, known=suggestions)
            return
    document.problems.add(path, sentence)


def _names(section: object) -> Iterator[str]:
    """Yield the names in a section, such as those of fields, states or views."""
    for members in section.values() if isinstance(section, dict) else ():
        yield from members if isinstance(members, dict) else ()


def _paths_of_word(value: object, path: Path, word: str) -> Iterator[Path]:
    """Yield the path of each text that contains the word, and of each key that is the word."""
    if isinstance(value, str):
        if word in value:
            yield path
        return
    members: Iterable[tuple[str | int, Any]] = ()
    if isinstance(value, dict):
        members = value.items()
    elif isinstance(value, list):
        members = enumerate(value)
    for key, member in members:
        yield from _paths_of_word(member, (*path, key), word)
    if isinstance(value, dict) and word in value:
        yield (*path, word)


def _locate(document: Document, path: Path, place: str) -> Path:
    """Return the path of a parameter in a message, such as "properties[total].lookup".

    The path ends where the file has no such value. Keys may contain dots and brackets, so the
    file's own keys decide where a key ends.
    """
    value, rest = document.at(path), place
    while rest:
        step = _step(value, rest)
        if step is None:
            break
        key, rest = step
        path, value = (*path, key), value[key]
    return path


def _step(value: object, rest: str) -> tuple[str | int, str] | None:
    """Return the longest key that `rest` begins with, and the text after it."""
    if isinstance(value, list):
        members: list[str | int] = list(range(len(value)))
    elif isinstance(value, dict):
        members = sorted(value, key=lambda key: -len(str(key)))
    else:
        return None
    for key in members:
        for spelling in (f"[{key}]", f".{key}", f"{key}"):
            after = rest.removeprefix(spelling)
            if after != rest and after[:1] in ("", ".", "["):
                return key, after
    return None


def _words(document: Document, where: Path, place: str) -> list[str]:
    """Return the words at a path that may be misspelt: the value, if it is a text, and its key.

    The key is included only if the message is about the key.
    """
    value = document.at(where)
    last = str(where[-1]) if where else ""
    words = [value] if isinstance(value, str) else []
    return [*words, last] if last and place.endswith((last, f"[{last}]")) else words


def _misspelt_word(words: list[str], choices: Collection[str]) -> str | None:
    """Return the first word that is close to a choice, or None if one of the words is a choice."""
    if any(word in choices for word in words):
        return None
    return next((word for word in words if get_close_matches(word, choices, n=1)), None)
