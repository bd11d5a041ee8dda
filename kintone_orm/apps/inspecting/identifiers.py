"""Python names from the codes and names that people give to fields, apps and options.

A name is the same on every Python version. An identifier is compared after NFKC, as Python itself
does. The Unicode tables of Python 3.10 to 3.13 differ: ``・`` is a letter of an identifier only
since 3.13. So a name has only characters that were letters, marks or digits in Unicode 3.2 already,
whose table every Python version includes.
"""

from __future__ import annotations

import builtins
import enum
import keyword
import re
import unicodedata
from typing import TYPE_CHECKING

from kintone_orm.fields import Row
from kintone_orm.models import Model
from kintone_orm.models.definition.undeclared import Undeclared

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = [
    "IMPORTED",
    "attribute_name",
    "class_name",
    "display_width",
    "distinct",
    "is_reserved_attribute",
    "is_reserved_class",
    "is_reserved_member",
    "member_name",
    "name_problem",
]

IMPORTED = frozenset(
    ("Decimal", "LoginUser", "Model", "Now", "NumberPrecision", "PrimaryOrganization", "QuerySet")
    + ("Row", "Today", "dt", "enum", "fields")
)
"""The names that a module of models may import. They are reserved even where they are unused."""

# `type` is a soft keyword since Python 3.12. A field `self` or `defaults` would clash with an
# argument of `Model(...)` or `get_or_create(...)`, and linters refuse `l`, as it looks like 1.
_KEYWORDS = {*keyword.kwlist, *keyword.softkwlist, "type"}
_TRAPS = {"I", "Meta", "O", "cls", "create_defaults", "defaults", "l", "self"}
_PUBLIC_NAMES = {
    name
    for owner in (Model, Row)
    for name in dir(owner)
    # A model may declare `status` and `assignees`, which are placeholders.
    if name[0] != "_" and not isinstance(getattr(owner, name, None), Undeclared)
}
_BUILTINS = {*dir(builtins), "BaseExceptionGroup", "ExceptionGroup", "PythonFinalizationError"}
_ENUM_NAMES = {*dir(enum.Enum), "mro", "name", "value"}

_HALF_WIDTH_MARKS = "ﾞﾟ"  # they have no width of their own for ruff

_LETTERS = ("Lu", "Ll", "Lt", "Lm", "Lo", "Nl")
_CATEGORIES = (*_LETTERS, "Mn", "Mc", "Nd")
_LONGEST = 48  # columns on a screen, so that a declaration fits into a line
_DIGITS_FIRST = "n"
# CustomerName, HTTPServer: a word begins where a capital follows a small letter or a digit, and at
# the last of several capitals if a small letter follows.
_WORD_BEGINS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


def attribute_name(code: str, default: str = "field") -> str:
    """Return the name of an attribute for a field code; `default` if the code has no letters.

    ASCII becomes snake_case; other texts keep their letters. A name that would begin with a digit
    gets ``n_`` before it.
    """
    name = _letters(code) or default
    if name.isascii():
        name = _WORD_BEGINS.sub("_", name).lower()
    name = _begun(name, f"{_DIGITS_FIRST}_")
    return _fitted(_cased(name, str.lower) if _begins_small(name) else name)


def class_name(text: str, default: str) -> str:
    """Return the name of a class for the code or name of an app, a table or a field.

    Words of ASCII get a capital each; other texts keep their letters. A name that would begin with
    a digit gets ``N`` before it.
    """
    name = _letters(text)
    if name.isascii() and name.isupper():
        name = name.lower()
    words = [
        word[0].upper() + word[1:] if word[:1].isascii() else word
        for word in name.split("_")
        if word
    ]
    name = unicodedata.normalize("NFKC", "".join(words))
    return _fitted(_begun(name or default, _DIGITS_FIRST.upper()))


def member_name(option: str) -> str:
    """Return the name of an Enum's member for an option; ASCII becomes CAPITALS_WITH_UNDERSCORES.

    A name that would begin with a digit gets ``N_`` before it.
    """
    name = _letters(option) or "OPTION"
    if name.isascii():
        name = _WORD_BEGINS.sub("_", name).upper()
    name = _begun(name, f"{_DIGITS_FIRST.upper()}_")
    return _fitted(_cased(name, str.upper) if _begins_small(name) else name)


def distinct(name: str, is_taken: Callable[[str], bool], *, separator: str = "_") -> str:
    """Return `name`, or the first of name_2, name_3 ... that is not taken."""
    candidate, number = name, 1
    while is_taken(candidate):
        number += 1
        candidate = f"{name}{separator}{number}"
    return candidate


def name_problem(name: str) -> str | None:
    """Return why Python or kintone_orm does not take a name, as the end of a sentence, or None."""
    if not name.isidentifier():
        return "is not a Python name"
    if name in _KEYWORDS:
        return "is a keyword of Python"
    if name != unicodedata.normalize("NFKC", name):
        return f"is the name {unicodedata.normalize('NFKC', name)!r} to Python; write that"
    if "__" in name:
        return "has a double underscore, which separates lookups in filters"
    if name[0] == "_" or name[-1] == "_":
        return "begins or ends with an underscore"
    return None


def is_reserved_attribute(name: str) -> bool:
    """Return True if a field or relation cannot have the name in any module, model and row."""
    return name in _KEYWORDS or name in _TRAPS or name in IMPORTED or name in _PUBLIC_NAMES


def is_reserved_class(name: str) -> bool:
    """Return True if a class cannot have the name in any module."""
    return name in IMPORTED or name in _TRAPS or name in _KEYWORDS or name in _BUILTINS


def is_reserved_member(name: str) -> bool:
    """Return True if a member of an Enum cannot have the name."""
    return name in _KEYWORDS or name in _TRAPS or name in _ENUM_NAMES


def display_width(text: str) -> int:
    """Return the number of columns of a text; full-width characters have two, as in ruff."""
    return sum(_width(character) for character in text)


def _letters(text: str) -> str:
    """Return the text in NFKC with `_` for everything that cannot be in a name on all versions."""
    known = "".join(character if _is_known(character) else "_" for character in text)
    normal = unicodedata.normalize("NFKC", known)
    name = "".join(character if _is_part(character) else "_" for character in normal)
    return re.sub("__+", "_", name).strip("_")


def _is_known(character: str) -> bool:
    """Return True if all versions of Python have the character, so that its NFKC is stable."""
    return unicodedata.ucd_3_2_0.category(character) != "Cn"


def _is_part(character: str) -> bool:
    if unicodedata.ucd_3_2_0.category(character) not in _CATEGORIES:
        return False
    return f"a{character}".isidentifier()


def _cased(text: str, case: Callable[[str], str]) -> str:
    """Return the text with its ASCII in a case; Python's versions differ in other letters."""
    return "".join(case(letter) if letter.isascii() else letter for letter in text)


def _begins_small(name: str) -> bool:
    """Return True for a name such as eメールCC: linters refuse capitals in it."""
    return "a" <= name[:1] <= "z"


def _width(character: str) -> int:
    if character in _HALF_WIDTH_MARKS or unicodedata.category(character) in ("Mn", "Me"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def _begun(name: str, prefix: str) -> str:
    """Return the name, after the prefix if it begins with a digit or a mark."""
    return f"{prefix}{name}" if name and not name.isidentifier() else name


def _fitted(name: str) -> str:
    """Return the name cut to its longest."""
    while display_width(name) > _LONGEST:
        name = name[:-1]
    return unicodedata.normalize("NFKC", name).rstrip("_")
