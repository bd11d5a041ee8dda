"""The checks of a record that a program calls: `clean_fields`, `full_clean`, `validate_unique`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from kintone_orm import exceptions
from kintone_orm.connection import connections
from kintone_orm.exceptions import ImproperlyConfigured
from kintone_orm.fields.base import UNSET
from kintone_orm.fields.declaring.validators import problems_by_name
from kintone_orm.models.ground.form_rules import known_rules
from kintone_orm.models.record.changes import changes
from kintone_orm.models.record.home import connection_of
from kintone_orm.models.record.relation_keys import is_blank
from kintone_orm.models.record.validation import problems_of_new, problems_of_values, validate
from kintone_orm.query.long_texts import as_compared
from kintone_orm.query.q import Q

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from kintone_orm.models.record.instance import Instance

__all__ = ["clean_fields", "full_clean", "validate_unique"]

# Matches the name of the field at the start of an error's place: "lines" in "lines[2].qty".
_OUTER = re.compile(r"[^.\[]+")


def clean_fields(instance: Instance, exclude: Iterable[str] | None) -> None:
    """Raise ValidationError for invalid values: see `Model.clean_fields`."""
    skipped = _skipped(instance, exclude)
    values = {name: value for name, value in _to_check(instance).items() if name not in skipped}
    if instance._state.adding:
        problems = problems_of_new(instance, values)
    else:
        problems = problems_of_values(instance._meta, values)
    for name, texts in _problems_by_form(instance, values, problems).items():
        problems[name] = [*problems.get(name, ()), *texts]
    kept = {name: texts for name, texts in problems.items() if name not in skipped}
    validate(kept, where=repr(instance))


def full_clean(instance: Instance, checks: Iterable[Callable[[], None]]) -> None:
    """Raise one ValidationError with the problems of all `checks`: see `Model.full_clean`."""
    import marshmallow

    problems: dict[str, list[str]] = {}
    for check in checks:
        try:
            check()
        # This includes our own ValidationError, which is a subclass of marshmallow's.
        except marshmallow.ValidationError as error:
            for name, texts in problems_by_name(error).items():
                _require_place(instance, name)
                problems.setdefault(name, []).extend(texts)
    validate(problems, where=repr(instance))


def validate_unique(instance: Instance, exclude: Iterable[str] | None) -> None:
    """Raise UniqueViolation for values that another record has: see `Model.validate_unique`."""
    fields, skipped = instance._meta.fields, _skipped(instance, exclude)
    values = {
        name: value
        for name, value in _present(instance).items()
        if fields[name].unique and name not in skipped and not is_blank(value)
    }
    if not values:
        return
    same_values = Q()
    for name, value in values.items():
        same_values |= Q(**{name: value})
    # At most one other record has each of the values. This record itself may match as well.
    records = instance._meta.records(connection_of(instance)).filter(same_values)[: len(values) + 1]
    others = [record for record in records if record.pk != instance.pk]
    problems = {
        name: [f"Record {other.pk} has this value already."]
        for name, value in values.items()
        for other in others
        if as_compared(getattr(other, name)) == as_compared(value)
    }
    if problems:
        raise exceptions.UniqueViolation(problems, where=repr(instance))


def _to_check(instance: Instance) -> dict[str, Any]:
    """Return the values that a save would send; of a stored record, all loaded values.

    A list of a new record that was only read is blank and not sent, so the app's default fills it.
    """
    if instance._state.adding:
        return {name: new for name, (_, new) in changes(instance).items()}
    return _present(instance)


def _present(instance: Instance) -> dict[str, Any]:
    """Return the loaded values that a save could send. All other values come from kintone."""
    return {
        name: value
        for name, field in instance._meta.fields.items()
        if field.writable and (value := field.peek(instance)) is not UNSET
    }


def _problems_by_form(
    instance: Instance, values: Mapping[str, Any], known: Mapping[str, list[str]]
) -> dict[str, list[str]]:
    """Return the problems by the app's form if it is known already; no request.

    `known` are the problems that the model has found. Of a stored record, only the changes are
    checked: kintone accepts other values that its form does not allow any more.
    """
    meta = instance._meta
    try:
        connection = connections.resolve(instance._state.connection, default=meta.using)
    except ImproperlyConfigured:
        return {}
    rules = known_rules(meta, connection)
    if rules is None:
        return {}
    if instance._state.adding:
        return rules.problems(values, {}, known, is_new=True)
    changed = {name: pair for name, pair in changes(instance).items() if name in values}
    bases, new = ({name: pair[n] for name, pair in changed.items()} for n in (0, 1))
    return rules.problems(new, bases, known, is_new=False)


def _skipped(instance: Instance, exclude: Iterable[str] | None) -> set[str]:
    return {instance._meta.get_field(name).name for name in exclude or ()}


def _require_place(instance: Instance, name: str) -> None:
    """Raise FieldDoesNotExist if `name`, the place of an error, begins with an unknown field."""
    outer = _OUTER.match(name)
    if outer and outer[0] not in instance._meta.relations:
        instance._meta.get_field(outer[0])
