"""Running validators, and reading the errors that they raise."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

from kintone_orm.exceptions import ImproperlyConfigured

if TYPE_CHECKING:
    import marshmallow

__all__ = [
    "Validator",
    "checked_validators",
    "most_characters",
    "problems_by_name",
    "validator_problems",
]

Validator: TypeAlias = Callable[[Any], Any]

_UNEXPLAINED = "A validator refuses the value without a reason."


def checked_validators(validators: object) -> tuple[Validator, ...]:
    """Return the validators; ImproperlyConfigured if they are not a list of functions."""
    functions = tuple(validators) if isinstance(validators, Iterable) else None
    if functions is None or not all(callable(function) for function in functions):
        raise ImproperlyConfigured(
            f"validators={validators!r:.80} is not a list of functions. Write it as in "
            "validators=[Length(max=3)]."
        )
    return functions


def most_characters(validators: Sequence[Validator]) -> int | None:
    """Return the maximum length of marshmallow's Length validators; None without a maximum."""
    if not validators:
        return None
    from marshmallow.validate import Length

    lengths = [validator for validator in validators if isinstance(validator, Length)]
    limits = [most for length in lengths for most in (length.max, length.equal) if most is not None]
    return min(limits, default=None)


def validator_problems(validators: Sequence[Validator], value: object) -> Iterator[str]:
    """Yield sentences about the mistakes that the validators find in the value."""
    if not validators:
        return
    import marshmallow

    for validator in validators:
        try:
            validator(value)
        except marshmallow.ValidationError as error:  # includes kintone_orm's
            for texts in problems_by_name(error).values():
                yield from texts
        except ValueError as error:
            yield str(error) or _UNEXPLAINED


def problems_by_name(error: marshmallow.ValidationError) -> dict[str, list[str]]:
    """Return the error's texts by field name, with "" for the value as a whole.

    There is always at least one text.
    """
    messages = error.messages if isinstance(error.messages, dict) else {"": error.messages}
    problems = {
        "" if name == "_schema" else str(name): list(_texts(nested))
        for name, nested in messages.items()
    }
    return {name: texts for name, texts in problems.items() if texts} or {"": [_UNEXPLAINED]}


def _texts(messages: object) -> Iterator[str]:
    """Yield the texts in a message of marshmallow: a text, or a list or dict of messages."""
    if isinstance(messages, (list, tuple, dict)):
        for message in messages.values() if isinstance(messages, dict) else messages:
            yield from _texts(message)
    else:
        yield str(messages)
