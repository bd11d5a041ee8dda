"""Methods and Meta options of Django that are refused, as data: name, reason and alternative.

These tables, and those of `kintone_orm.query.refused_filters`, are the source of the refusing
methods, the refused Meta options, the page "kintone_orm for Django users", and a test that compares
them with Django's names. A name without an alternative is not here; Python's AttributeError is
enough for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn, TypeVar

from kintone_orm.exceptions import NotSupportedError
from kintone_orm.query.refused_filters import NO_XOR, Refusal

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["META", "MODEL", "QUERYSET", "refusing"]

C = TypeVar("C", bound=type)

_NO_EXPRESSIONS = Refusal(
    "kintone's queries compute no values",
    "Add a property to the model, or a calculated field to the app",
)

QUERYSET = {
    "alias": _NO_EXPRESSIONS,
    "aggregate": Refusal(
        "kintone only counts records",
        'Write `count()`; for a minimum, `exclude(amount=None).order_by("amount").first()`; for a '
        'sum, `sum(queryset.exclude(amount=None).values_list("amount", flat=True))`',
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
    "difference": Refusal("a query consists of conditions only", "Write `exclude()` with a Q"),
    "distinct": Refusal(
        "kintone does not remove duplicate values",
        'Write `set(queryset.values_list("rank", flat=True))`',
    ),
    "extra": Refusal("kintone has no SQL", "Write kintone's query language, by `filter(Raw(...))`"),
    "intersection": Refusal("a query consists of conditions only", "Write `a & b`"),
    "select_for_update": Refusal(
        "kintone has no locks",
        "Write `save()`: it sends the record's revision, and kintone refuses a stale one",
    ),
    "union": Refusal(
        "a query reads one app", "Write `a | b`; for two apps, `itertools.chain(a, b)`"
    ),
    "__xor__": Refusal(NO_XOR.why, "Write `filter((a & ~b) | (~a & b))`, where `a` and `b` are Qs"),
}

MODEL = {
    "validate_constraints": Refusal(
        "an app has no constraints between fields",
        "Write `required=`, `unique=` and `validators=` for a field",
    ),
}

META = {
    "app_label": Refusal("kintone_orm does not group models", "Name the kintone app with `app`"),
    "constraints": Refusal(
        "an app has no constraints between fields", "Write `required=` and `unique=` for a field"
    ),
    "db_table": Refusal("kintone has apps, not tables", "Name the kintone app with `app`"),
    "indexes": Refusal("kintone creates its indexes itself", "Leave it out"),
    "managed": Refusal("only `deploy()` changes an app", "Leave it out"),
    "order_with_respect_to": Refusal(
        "an app stores no order of records", "Write `ordering`, with a field for the position"
    ),
    "permissions": Refusal("kintone manages permissions", "Set them in the app"),
    "unique_together": Refusal(
        "kintone prohibits duplicates only in a single field", "Write `unique=True` for a field"
    ),
}


def refusing(table: Mapping[str, Refusal]) -> Callable[[C], C]:
    """Return a class decorator that adds a method for each name in `table`.

    The methods raise NotSupportedError. Names that the class already has stay. Type checkers do not
    see the methods, so they also refuse the names, before the program runs.
    """

    def decorate(cls: C) -> C:
        for name, refusal in table.items():
            if not hasattr(cls, name):
                setattr(cls, name, _method(cls, name, refusal))
        return cls

    return decorate


def _method(owner: type, name: str, refusal: Refusal) -> Callable[..., NoReturn]:
    is_operator = name[:2] == "__"
    sentence = refusal.sentence("^" if is_operator else f"{owner.__name__}.{name}()")

    def refuse(*_args: object, **_kwargs: object) -> NoReturn:
        raise NotSupportedError(sentence)

    refuse.__name__ = name
    refuse.__qualname__ = f"{owner.__qualname__}.{name}"
    refuse.__module__ = owner.__module__
    refuse.__doc__ = sentence
    return refuse
