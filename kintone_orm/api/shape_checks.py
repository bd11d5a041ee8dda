"""Checks of the shape of JSON values, built from small functions.

A check takes a value and the path to it. It returns a clause about the first problem, such as
"records[2].id is not a number", or "" if the value has the right shape.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import TypeAlias

from kintone_orm.limits import INTEGER_DIGITS

__all__ = [
    "Check",
    "anything",
    "at_least",
    "empty_object",
    "equal_to",
    "flag",
    "instant",
    "items",
    "list_of",
    "mapping_of",
    "non_empty_text",
    "number",
    "object_with",
    "one_of",
    "or_null",
    "records",
    "text",
]

Check: TypeAlias = "Callable[[object, str], str]"


def anything(_value: object, _path: str) -> str:
    """Accept every value."""
    return ""


def text(value: object, path: str) -> str:
    """Accept a text, even an empty one."""
    return "" if isinstance(value, str) else f"{path} is not a text"


def non_empty_text(value: object, path: str) -> str:
    """Accept a text that is not empty."""
    return "" if isinstance(value, str) and value else f"{path} is not a text"


def flag(value: object, path: str) -> str:
    """Accept true and false."""
    return "" if isinstance(value, bool) else f"{path} is neither true nor false"


def number(value: object, path: str) -> str:
    """Accept an id, a revision or a count. kintone writes them as texts."""
    if isinstance(value, str):
        # Longer texts are refused, because int() raises an error for thousands of digits.
        is_number = value.isascii() and value.isdecimal() and len(value) <= INTEGER_DIGITS
    else:
        is_number = isinstance(value, int) and not isinstance(value, bool) and value >= 0
    return "" if is_number else f"{path} is not a number"


def instant(value: object, path: str) -> str:
    """Accept a time in UTC, such as "2026-11-30T09:00:00Z"."""
    try:
        datetime.fromisoformat(value.removesuffix("Z") + "+00:00" if isinstance(value, str) else "")
    except ValueError:
        return f"{path} is not a time"
    return ""


def empty_object(value: object, path: str) -> str:
    """Accept ``{}``, kintone's answer to a deletion."""
    return "" if value == {} else f"{path or 'the answer'} is not an empty object"


def at_least(lowest: int) -> Check:
    """Return a check that accepts this number and higher ones."""

    def check(value: object, path: str) -> str:
        if problem := number(value, path):
            return problem
        return "" if int(str(value)) >= lowest else f"{path} is below {lowest}"

    return check


def one_of(*names: str) -> Check:
    """Return a check that accepts one of `names`."""

    def check(value: object, path: str) -> str:
        is_name = isinstance(value, str) and value in names
        return "" if is_name else f"{path} is not one of {', '.join(names)}"

    return check


def equal_to(expected: object) -> Check:
    """Return a check that accepts `expected`, as a number or as text."""

    def check(value: object, path: str) -> str:
        return "" if str(value) == str(expected) else f"{path} is not {expected}"

    return check


def or_null(inner: Check) -> Check:
    """Return a check that accepts null, and all values that `inner` accepts."""
    return lambda value, path: "" if value is None else inner(value, path)


def object_with(**members: Check) -> Check:
    """Return a check of an object that has at least these members."""

    def check(value: object, path: str) -> str:
        if not isinstance(value, Mapping):
            return f"{path or 'the answer'} is not an object"
        for name, inner in members.items():
            if name not in value:
                return f"{path or 'the answer'} has no {name}"
            if problem := inner(value[name], f"{path}.{name}" if path else name):
                return problem
        return ""

    return check


def mapping_of(inner: Check) -> Check:
    """Return a check of an object whose members all pass `inner`."""

    def check(value: object, path: str) -> str:
        if not isinstance(value, Mapping):
            return f"{path} is not an object"
        problems = (inner(member, f"{path}.{name}") for name, member in value.items())
        return next(filter(None, problems), "")

    return check


def list_of(inner: Check, *, length: int | None = None) -> Check:
    """Return a check of a list whose items all pass `inner`; `length` is its exact length."""

    def check(value: object, path: str) -> str:
        if not isinstance(value, list):
            return f"{path} is not a list"
        if length is not None and len(value) != length:
            return f"{path} has {len(value):,} entries, not {length:,}"
        problems = (inner(item, f"{path}[{index}]") for index, item in enumerate(value))
        return next(filter(None, problems), "")

    return check


def items(checks: Sequence[Check]) -> Check:
    """Return a check of a list of exactly `len(checks)` items, each with a check of its own."""

    def check(value: object, path: str) -> str:
        if not isinstance(value, list):
            return f"{path} is not a list"
        if len(value) != len(checks):
            return f"{path} has {len(value):,} entries, not {len(checks):,}"
        problems = (
            inner(item, f"{path}[{index}]")
            for index, (inner, item) in enumerate(zip(checks, value, strict=True))
        )
        return next(filter(None, problems), "")

    return check


def records(value: object, path: str) -> str:
    """Accept a list of objects. Pages are long, so only the reader of a page checks its records."""
    if not isinstance(value, list):
        return f"{path} is not a list"
    return (
        "" if set(map(type, value)) <= {dict} else f"{path} contains an item that is not a record"
    )
