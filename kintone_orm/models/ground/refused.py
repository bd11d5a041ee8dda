"""What of Django is refused, as data: the name, why, and what to write instead.

From these tables, and those of `kintone_orm.query.refused_filters` for filters, come the
refusing methods, the refused Meta options, the page "kintone_orm for Django users", and a test that
compares all of it with Django's own names. A name that nothing can be written instead of is not
here: Python's AttributeError is enough for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

from kintone_orm.exceptions import NotSupportedError
from kintone_orm.query.refused_filters import NO_XOR, Refusal

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["META", "MODEL", "QUERYSET", "refusing"]

C = TypeVar("C", bound=type)

_NO_EXPRESSIONS = Refusal(
    "kintone computes nothing per record",
    "Add a property to the model, or a calculated field to the app",
)

QUERYSET = {
    "alias": _NO_EXPRESSIONS,
    "aggregate": Refusal(
        "kintone counts, and computes nothing else",
        'Write `count()`, `exclude(amount=None).order_by("amount").first()` for the least, '
        '`sum(queryset.exclude(amount=None).values_list("amount", flat=True))`',
    ),
    "annotate": _NO_EXPRESSIONS,
    "dates": Refusal(
        "kintone does not group records",
        'Write `{due.replace(day=1) for due in queryset.values_list("due", flat=True) if due}`',
    ),
    "datetimes": Refusal(
        "kintone does not group records",
        'Write `{at.date() for at in queryset.values_list("at", flat=True) if at}`',
    ),
    "difference": Refusal("a query has conditions only", "Write `exclude()`, with a Q"),
    "distinct": Refusal(
        "kintone does not fold equal values into one",
        'Write `set(queryset.values_list("rank", flat=True))`',
    ),
    "extra": Refusal("there is no SQL", "Write kintone's own words: `filter(Raw(...))`"),
    "intersection": Refusal("a query has conditions only", "Write `a & b`"),
    "select_for_update": Refusal(
        "kintone has no locks",
        "Just `save()`: a record carries its revision, and a stale one is refused",
    ),
    "union": Refusal(
        "a query sees one app", "Write `a | b`, or for two apps `itertools.chain(a, b)`"
    ),
    "__xor__": Refusal(NO_XOR.why, "Write `filter((a & ~b) | (~a & b))`, where `a` and `b` are Qs"),
}

MODEL = {
    "validate_constraints": Refusal(
        "an app has no constraints between fields",
        "Write `required=`, `unique=` and `validators=` of a field",
    ),
}

META = {
    "app_label": Refusal("models are not grouped", "Name the kintone app with `app`"),
    "constraints": Refusal(
        "an app has no constraints between fields", "Write `required=` and `unique=` of a field"
    ),
    "db_table": Refusal("there is no table", "Name the kintone app with `app`"),
    "indexes": Refusal("kintone makes its indexes itself", "Leave it out"),
    "managed": Refusal("only `deploy()` ever changes an app", "Leave it out"),
    "order_with_respect_to": Refusal(
        "an app keeps no order", "Write `ordering`, with a field that holds the place"
    ),
    "permissions": Refusal("kintone decides who may do what", "Set them in the app"),
    "unique_together": Refusal(
        "kintone prohibits duplicates field by field", "Write `unique=True` of a field"
    ),
}


def refusing(table: Mapping[str, Refusal]) -> Callable[[C], C]:
    """A decorator: the class answers to the names of `table`, by NotSupportedError.

    What the class has itself stays. Type checkers are not told of the methods, so that they
    refuse them as well, before the program runs.
    """

    def decorate(cls: C) -> C:
        for name, refusal in table.items():
            if not hasattr(cls, name):
                setattr(cls, name, _method(cls, name, refusal))
        return cls

    return decorate


def _method(owner: type, name: str, refusal: Refusal) -> Callable[..., NoReturn]:
    operator = name[:2] == "__"
    sentence = refusal.sentence("^" if operator else f"{owner.__name__}.{name}()")

    def refuse(*_args: Any, **_kwargs: Any) -> NoReturn:
        raise NotSupportedError(sentence)

    refuse.__name__ = name
    refuse.__qualname__ = f"{owner.__qualname__}.{name}"
    refuse.__module__ = owner.__module__
    refuse.__doc__ = sentence
    return refuse
