"""What the API's rules refuse in a domain file, told with the file's own lines."""

from __future__ import annotations

from contextlib import contextmanager
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from ..ground.errors import KintoneError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator

    from .complaints import Path
    from .document import Document

__all__ = ["refusals"]


@contextmanager
def refusals(
    document: Document,
    path: Path,
    known: Callable[[], Iterable[str]] = tuple,
    *,
    prefix: str = "",
    but: str | None = None,
) -> Iterator[None]:
    """In the block, what is at `path` is given to the rules of the API, as the parameter `prefix`.

    What they refuse is raised as a DomainFileError, each message at the line of what it is about.
    `known` gives names that a reference may have meant, besides those that are keys there. An error
    with the code `but` is raised as it is.
    """
    try:
        yield
    except KintoneError as error:
        if error.code == but:
            raise
        names = {*known(), *_names(document.at(path))}
        told = error.errors or error.unshown
        for place, messages in told.items():
            where = _located(document, path, place.removeprefix(prefix))
            choices = error.choices.get(place, names)
            word = _meant(_words(document, where, place), choices)
            for _, english in messages:
                sentence = english if english.endswith(".") else f"{english}."
                document.complaints.add(where, sentence, word=word, known=choices)
        if not told:
            _add_fault(document, path, error, names)
        refused = error
    else:
        return
    document.complaints.check()
    raise refused


def _add_fault(document: Document, path: Path, error: KintoneError, known: set[str]) -> None:
    """Note an error without paths, at the first value that holds a word of its text."""
    sentence = " ".join(part for part in (error.en, error.reason) if part)
    words = [each for each in error.values.values() if isinstance(each, str) and each]
    for word in words:
        found = next(_holders(document.at(path), path, word), None)
        if found is not None:
            near = () if word in known else known
            document.complaints.add(found, sentence, word=word, known=near)
            return
    document.complaints.add(path, sentence)


def _names(section: Any) -> Iterator[str]:
    """What is named within a section: its fields, its states, its views."""
    for part in section.values() if isinstance(section, dict) else ():
        yield from part if isinstance(part, dict) else ()


def _holders(value: Any, path: Path, word: str) -> Iterator[Path]:
    """Where a word is: as a key, as a text or within one."""
    if isinstance(value, str):
        if word in value:
            yield path
        return
    members: Iterable[tuple[str | int, Any]] = ()
    if isinstance(value, dict):
        members = value.items()
    elif isinstance(value, list):
        members = enumerate(value)
    for key, inner in members:
        yield from _holders(inner, (*path, key), word)
    if isinstance(value, dict) and word in value:
        yield (*path, word)


def _located(document: Document, path: Path, place: str) -> Path:
    """The path of a parameter that a message names, "properties[total].lookup", as far as it goes.

    Keys may hold dots and brackets: it is the file that tells where one ends.
    """
    value, rest = document.at(path), place
    while rest:
        step = _step(value, rest)
        if step is None:
            break
        key, rest = step
        path, value = (*path, key), value[key]
    return path


def _step(value: Any, rest: str) -> tuple[str | int, str] | None:
    """The key that the rest of a place begins with, the longest one, and what follows it."""
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
    """What may be misspelt there: the text that stands there, then its key.

    The key is if that is what the message is about.
    """
    value = document.at(where)
    last = str(where[-1]) if where else ""
    words = [value] if isinstance(value, str) else []
    return [*words, last] if last and place.endswith((last, f"[{last}]")) else words


def _meant(words: list[str], choices: Collection[str]) -> str | None:
    """The first of the words that is close to a choice; None if one is a choice itself."""
    if any(word in choices for word in words):
        return None
    return next((word for word in words if get_close_matches(word, choices, n=1)), None)
