"""Checks of `default=`: a value, a function, or a query function that kintone itself evaluates."""

from __future__ import annotations

from datetime import timezone
from typing import TYPE_CHECKING, Any

from kintone_orm.exceptions import FieldError, ImproperlyConfigured
from kintone_orm.query.functions import Function

if TYPE_CHECKING:
    from kintone_orm.fields.base import Field

__all__ = ["check_default", "refuse_default"]


def refuse_default(cls: type[Field[Any, Any]], default: object) -> None:
    """Raise ImproperlyConfigured for a default that no field of the class can have."""
    label = cls.__name__
    if isinstance(default, (list, dict, set)):
        raise ImproperlyConfigured(
            f"{label}(default={default!r}) would share one value between all records. Write "
            f"default={type(default).__name__} or a function; a list can also be a tuple."
        )
    if isinstance(default, type) and issubclass(default, Function):
        raise ImproperlyConfigured(
            f"{label}(default={default.__name__}) is a class. Write default={default.__name__}()."
        )
    own = cls.default_function
    if not isinstance(default, Function) or (own is not None and default == own()):
        return
    if own is None:
        reason = "kintone evaluates no query function as the default of this field. Write"
    else:
        reason = f"kintone takes only {own.__name__}() here. Write default={own.__name__}(),"
    raise ImproperlyConfigured(
        f"{label}(default={default!r}): {reason} a value, or a function that returns a value."
    )


def check_default(field: Field[Any, Any], owner: str) -> None:
    """Raise ImproperlyConfigured for a constant default that a save would refuse.

    `owner` names the field in errors, such as "Order.rank". Naive datetimes are in the time zone of
    each connection, so any zone is good enough for this check.
    """
    default = field.default
    if callable(default) or isinstance(default, Function):
        return
    try:
        value = field.coerce(default, lambda: timezone.utc)
        problems = [] if value == field.empty_value() else field.problems(value)
    except FieldError as error:
        problems = [str(error)]
    if problems:
        raise ImproperlyConfigured(
            f"{owner} has the default {default!r:.80}, which a save would refuse. {problems[0]}"
        )
