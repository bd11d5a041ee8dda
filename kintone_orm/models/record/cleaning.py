"""What is wrong with a record, asked by hand: `clean_fields`, `full_clean`, `validate_unique`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import marshmallow

from kintone_orm.exceptions import UniqueViolation
from kintone_orm.fields.base import UNSET
from kintone_orm.fields.validators import problems_by_name
from kintone_orm.models.record.home import connection_of
from kintone_orm.models.record.relation_keys import is_blank
from kintone_orm.models.record.validation import problems_of_new, problems_of_values, validate
from kintone_orm.query.long_texts import as_compared
from kintone_orm.query.q import Q

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from kintone_orm.models.record.instance import Instance

__all__ = ["clean_fields", "full_clean", "validate_unique"]

_OUTER = re.compile(r"[^.\[]+")  # of "lines[2].qty" it is lines


def clean_fields(instance: Instance, exclude: Iterable[str] | None) -> None:
    """As `Model.clean_fields`."""
    skipped = _skipped(instance, exclude)
    values = {name: value for name, value in _held(instance).items() if name not in skipped}
    if instance._state.adding:
        found = problems_of_new(instance, values)
    else:
        found = problems_of_values(instance._meta, values)
    problems = {name: texts for name, texts in found.items() if name not in skipped}
    validate(problems, where=repr(instance))


def full_clean(instance: Instance, checks: Iterable[Callable[[], None]]) -> None:
    """As `Model.full_clean`; `checks` are the methods that may raise ValidationError."""
    problems: dict[str, list[str]] = {}
    for check in checks:
        try:
            check()
        except marshmallow.ValidationError as error:  # ours is one
            for name, texts in problems_by_name(error).items():
                _require_place(instance, name)
                problems.setdefault(name, []).extend(texts)
    validate(problems, where=repr(instance))


def validate_unique(instance: Instance, exclude: Iterable[str] | None) -> None:
    """As `Model.validate_unique`."""
    fields, skipped = instance._meta.fields, _skipped(instance, exclude)
    values = {
        name: value
        for name, value in _held(instance).items()
        if fields[name].unique and name not in skipped and not is_blank(value)
    }
    if not values:
        return
    any_of_them = Q()
    for name, value in values.items():
        any_of_them |= Q(**{name: value})
    # At most one record has each value, besides this one, which has them all.
    found = instance._meta.records(connection_of(instance)).filter(any_of_them)[: len(values) + 1]
    others = [other for other in found if other.pk != instance.pk]
    problems = {
        name: [f"Record {other.pk} has this value already."]
        for name, value in values.items()
        for other in others
        if as_compared(getattr(other, name)) == as_compared(value)
    }
    if problems:
        raise UniqueViolation(problems, where=repr(instance))


def _held(instance: Instance) -> dict[str, Any]:
    """What a save could send. What is not loaded is in kintone, which has accepted it."""
    held = {
        name: field.peek(instance)
        for name, field in instance._meta.fields.items()
        if field.writable
    }
    return {name: value for name, value in held.items() if value is not UNSET}


def _skipped(instance: Instance, exclude: Iterable[str] | None) -> set[str]:
    return {instance._meta.get_field(name).name for name in exclude or ()}


def _require_place(instance: Instance, name: str) -> None:
    """FieldDoesNotExist if an error is about a field that the model does not have."""
    outer = _OUTER.match(name)
    if outer and outer[0] not in instance._meta.relations:
        instance._meta.get_field(outer[0])
