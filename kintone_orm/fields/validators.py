"""What validators say of a value, whichever way they say it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeAlias

import marshmallow
from marshmallow.validate import Length

from kintone_orm.exceptions import ImproperlyConfigured

__all__ = ["Validator", "checked_validators", "complaints_of", "most_characters", "said_by"]

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


def said_by(validators: Iterable[Validator], value: Any) -> Iterator[str]:
    """What the validators find wrong with the value, in sentences."""
    for validator in validators:
        try:
            validator(value)
        except marshmallow.ValidationError as error:  # ours is one
            for texts in complaints_of(error).values():
                yield from texts
        except ValueError as error:
            yield str(error) or _UNEXPLAINED


def complaints_of(error: marshmallow.ValidationError) -> dict[str, list[str]]:
    """What the error says by the names in it, "" for none; there is always something."""
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
