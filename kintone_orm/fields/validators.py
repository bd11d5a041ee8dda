"""Running validators, and reading the errors that they raise."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeAlias

import marshmallow
from marshmallow.validate import Length

from kintone_orm.exceptions import ImproperlyConfigured

__all__ = [
    "Validator",
    "checked_validators",
    "most_characters",
    "problems_by_name",
    "validator_problems",
]

Validator: TypeAlias = Callable[[Any], Any]

_UNEXPLAINED = "It is refused, and it is not said why."


def checked_validators(given: Any) -> tuple[Validator, ...]:
    """The validators; ImproperlyConfigured if they are not functions, or only one."""
    found = tuple(given) if isinstance(given, Iterable) else None
    if found is None or not all(callable(each) for each in found):
        raise ImproperlyConfigured(
            f"validators={given!r:.80}: they are a list of functions, as in "
            "validators=[Length(max=3)]."
        )
    return found


def most_characters(validators: Iterable[Validator]) -> int | None:
    """The length that marshmallow's own validators allow a text at most; None if they set none."""
    lengths = [each for each in validators if isinstance(each, Length)]
    limits = [most for each in lengths for most in (each.max, each.equal) if most is not None]
    return min(limits, default=None)


def validator_problems(validators: Iterable[Validator], value: Any) -> Iterator[str]:
    """Sentences about what the validators find wrong with the value."""
    for validator in validators:
        try:
            validator(value)
        except marshmallow.ValidationError as error:  # ours is one
            for texts in problems_by_name(error).values():
                yield from texts
        except ValueError as error:
            yield str(error) or _UNEXPLAINED


def problems_by_name(error: marshmallow.ValidationError) -> dict[str, list[str]]:
    """The error's texts by field name, "" for the value as a whole; never without a text."""
    said = error.messages if isinstance(error.messages, dict) else {"": error.messages}
    found = {
        "" if name == "_schema" else str(name): list(_texts(texts)) for name, texts in said.items()
    }
    return {name: texts for name, texts in found.items() if texts} or {"": [_UNEXPLAINED]}


def _texts(said: Any) -> Iterator[str]:
    """The texts in what marshmallow calls messages: a text, or a list or mapping of such."""
    if isinstance(said, (list, tuple, dict)):
        for each in said.values() if isinstance(said, dict) else said:
            yield from _texts(each)
    else:
        yield str(said)
