"""Which names an attribute that is a field may have, which codes a field, and lists of names."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from kintone_orm.exceptions import ImproperlyConfigured

if TYPE_CHECKING:
    from collections.abc import Container, Iterable

__all__ = ["check_name", "checked_code", "list_of_names"]

# Everything but letters, digits, `_` and the full-width signs; a code stands unquoted in a query.
_NOT_IN_A_CODE = re.compile(r"[\s\x00-/:-@\[-^`{-\x7f]")


def checked_code(code: Any) -> str:
    """`code`; ImproperlyConfigured if kintone could not have such a field."""
    if not isinstance(code, str):
        raise ImproperlyConfigured(f"{code!r:.80} is no field code: a code is text.")
    if not code or code[0].isdecimal() or _NOT_IN_A_CODE.search(code):
        raise ImproperlyConfigured(
            f"{code!r} is no field code: kintone's hold letters, digits (not first), _ and "
            "full-width signs, and no spaces."
        )
    return code


def check_name(owner: str, name: str, reserved: Container[str], *, kind: str) -> None:
    """ImproperlyConfigured, with the fix, if no field of the `kind` of class can have the name."""
    fix = name.strip("_").replace("__", "_") or "name"
    if "__" in name:
        why = "the double underscore separates lookups in filters"
    elif name[0] == "_":
        why = "names with an underscore in front are kintone_orm's own"
    elif name in reserved:
        why, fix = f"every {kind} has {name!r} already", f"{name}_"
    else:
        return
    raise ImproperlyConfigured(
        f"{owner}.{name} cannot be a field's name: {why}. Call it {fix!r} and give the field's "
        f'code: {fix} = SomeField("{name}").'
    )


def list_of_names(given: Iterable[str], what: str) -> list[str]:
    """The names of fields that were given; TypeError for one text, which is no list of them."""
    if isinstance(given, str):
        raise TypeError(f"{what} is a list of names, not {given!r}.")
    return list(given)
