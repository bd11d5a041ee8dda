"""Checks of the names and codes of fields, and of lists of names."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from kintone_orm.exceptions import ImproperlyConfigured

if TYPE_CHECKING:
    from collections.abc import Container

__all__ = ["check_name", "checked_code", "checked_names", "list_of_names"]

# Queries contain codes unquoted, so a code has only letters, digits, `_` and full-width signs.
_NOT_IN_A_CODE = re.compile(r"[\s\x00-/:-@\[-^`{-\x7f]")


def checked_code(code: object) -> str:
    """Return `code`; ImproperlyConfigured if kintone does not allow it."""
    if not isinstance(code, str):
        raise ImproperlyConfigured(f"{code!r:.80} is not a field code: a code must be a str.")
    if not code or code[0].isdecimal() or _NOT_IN_A_CODE.search(code):
        raise ImproperlyConfigured(
            f"{code!r} is not a field code: it may have letters, digits (not first), _ and "
            "full-width signs, but no spaces."
        )
    return code


def check_name(owner: str, name: str, reserved: Container[str], *, kind: str) -> None:
    """Raise ImproperlyConfigured for a name that a field cannot have in this `kind` of class."""
    fix = name.strip("_").replace("__", "_") or "name"
    if "__" in name:
        why = "the double underscore separates lookups in filters"
    elif name[0] == "_":
        why = "names with a leading underscore are reserved for kintone_orm"
    elif name in reserved:
        why, fix = f"every {kind} already has {name!r}", f"{name}_"
    else:
        return
    raise ImproperlyConfigured(
        f"{owner}.{name} cannot be a field's name: {why}. Name it {fix!r} and write the field "
        f'code: {fix} = SomeField("{name}").'
    )


def checked_names(label: str, option: str, names: object) -> tuple[str, ...]:
    """Return the names of fields in an option; ImproperlyConfigured if it is no list of names."""
    listed = tuple(names) if isinstance(names, Iterable) and not isinstance(names, str) else None
    if listed is None or not all(isinstance(name, str) for name in listed):
        raise ImproperlyConfigured(
            f"{label}({option}={names!r:.80}) is not a list of field names. Write it as in "
            f'{option}=["name"].'
        )
    return listed


def list_of_names(names: Iterable[str], argument: str) -> list[str]:
    """Return the names of fields as a list; TypeError for a single str."""
    if isinstance(names, str):
        raise TypeError(f"{argument} must be a list of names, not {names!r}.")
    return list(names)
