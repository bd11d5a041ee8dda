"""The parameters of an endpoint: declared as a table, and checked together.

A check is a function of (value, path, problems). It returns the value in the form that handlers
use, and adds a problem if the value is invalid. A value of the wrong JSON type, such as a list for
a text, ends the request at once with CB_IJ01, because kintone reports a wrong type as unreadable
JSON.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, TypeAlias

from .decoding import Plain
from .errors import misshapen
from .limits import INTEGER_MAX, UNIQUE_TEXT_LENGTH

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from .problems import Problems

__all__ = [
    "Check",
    "Parameter",
    "Parameters",
    "array",
    "boolean",
    "check_parameters",
    "filled",
    "integer",
    "key_value",
    "mapping",
    "one_of",
    "optional",
    "required",
    "sized_text",
    "structure",
    "text",
]

Check: TypeAlias = "Callable[[Any, str, Problems], Any]"
"""A client can send any JSON, so the values are Any until they are checked."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter: its check, and the messages for a required parameter that is missing."""

    check: Check
    missing: tuple[str, ...] = ()
    blanks: tuple[Any, ...] = (None,)
    """Values that count as not sent."""


Parameters: TypeAlias = "Mapping[str, Parameter]"


def required(check: Check, *messages: str) -> Parameter:
    """Return a parameter that must be sent."""
    return Parameter(check, ("required", *messages), (None, ""))


def filled(check: Check, *messages: str) -> Parameter:
    """Return a parameter that must be sent, and whose list must not be empty."""
    return Parameter(check, ("required", *messages), (None, "", []))


def optional(check: Check) -> Parameter:
    """Return a parameter that may be missing or null."""
    return Parameter(check)


def check_parameters(
    sent: object, table: Parameters, path: str, problems: Problems
) -> dict[str, Any]:
    """Return the checked parameters by name; None for a parameter that was not sent.

    An unknown name is a problem.
    """
    if not isinstance(sent, dict):
        raise misshapen(path, "object")
    prefix = f"{path}." if path else ""
    for name in sent:
        if name not in table:
            problems.add(f"{prefix}{name}", "unknown_parameter", name=name)
            problems.offer(f"{prefix}{name}", table)
    parameters: dict[str, Any] = {}
    for name, parameter in table.items():
        value = sent.get(name)
        if name not in sent or value in parameter.blanks:
            parameters[name] = None
            for key in parameter.missing:
                problems.add(f"{prefix}{name}", key)
        else:
            parameters[name] = parameter.check(value, f"{prefix}{name}", problems)
    return parameters


# Checks


def text(value: object, path: str, problems: Problems) -> str:
    """Check a text."""
    del problems  # Every text is valid, so no problem is added.
    if not isinstance(value, str):
        raise misshapen(path, "text")
    return value


def key_value(value: object, path: str, problems: Problems) -> str:
    """Check the value of an update key: a text or a number that is not blank."""
    if value == "":
        problems.add(path, "required")
    if isinstance(value, bool) or not isinstance(value, (str, int, Decimal)):
        raise misshapen(path, "text")
    if len(str(value)) > UNIQUE_TEXT_LENGTH:
        problems.add(path, "shorter_than", limit=UNIQUE_TEXT_LENGTH + 1)
    return str(value)


def sized_text(low: int, high: int, *, message: str = "size") -> Check:
    """Return a check for a text of `low` to `high` characters."""

    def check(value: Any, path: str, problems: Problems) -> str:
        words = text(value, path, problems)
        if not low <= len(words) <= high:
            problems.add(path, message, low=low, high=high)
        return words

    return check


def boolean(value: object, path: str, problems: Problems) -> bool:
    """Check a JSON boolean, "true" or "false"."""
    _check_scalar(value, path, "boolean")
    if isinstance(value, bool):
        return value
    if value not in ("true", "false"):
        problems.add(path, "boolean")
    return bool(value == "true")


def integer(*, least: int = 1, most: int = INTEGER_MAX) -> Check:
    """Return a check for a whole number, sent as a number or as a text."""

    def check(value: Any, path: str, problems: Problems) -> int:
        _check_scalar(value, path, "integer")
        digits = str(value) if isinstance(value, (int, str)) and not isinstance(value, bool) else ""
        if not re.fullmatch(r"[+-]?[0-9]{1,19}", digits):
            problems.add(path, "integer")
            return least
        number = int(digits)
        if number < least:
            problems.add(path, "at_least", limit=least)
        if number > most:
            problems.add(path, "at_most", limit=most)
        return number

    return check


def one_of(*choices: str) -> Check:
    """Return a check that a value is one of these words."""

    def check(value: Any, path: str, problems: Problems) -> str:
        _check_scalar(value, path, "enum")
        if value not in choices:
            problems.add(path, "enum")
            problems.offer(path, choices)
            return choices[0]
        return str(value)

    return check


def array(
    item: Check, *, low: int = 0, high: int | None = None, message: str | None = None
) -> Check:
    """Return a check for a list of `low` to `high` items.

    `message` is a key of MESSAGES for a wrong size.
    """

    def check(value: Any, path: str, problems: Problems) -> list[Any]:
        if isinstance(value, Plain):
            problems.add(path, "array")
            return []
        if not isinstance(value, list):
            raise misshapen(path, "array")
        if high is not None and not low <= len(value) <= high:
            problems.add(path, message or "size", low=low, high=high)
            return []
        return [item(entry, f"{path}[{i}]", problems) for i, entry in enumerate(value)]

    return check


def structure(table: Parameters) -> Check:
    """Return a check for an object with these parameters."""

    def check(value: Any, path: str, problems: Problems) -> dict[str, Any]:
        return check_parameters(value, table, path, problems)

    return check


def mapping(value: object, path: str, problems: Problems) -> dict[str, Any]:
    """Check an object whose keys are field codes or other names that the app defines."""
    del problems
    if not isinstance(value, dict):
        raise misshapen(path, "object")
    return value


def _check_scalar(value: object, path: str, expected: str) -> None:
    if isinstance(value, (dict, list)):
        raise misshapen(path, expected)
