"""Between records and what a schema knows of them; no request is ever sent here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from marshmallow import ValidationError

from kintone_orm.connection import connections
from kintone_orm.exceptions import FieldError, FieldFetchBlocked, ObjectDoesNotExist
from kintone_orm.fields import ReferenceTableField, RelatedRecord, Row, SubtableField
from kintone_orm.fields.base import UNSET
from kintone_orm.models import FETCH_RAISE
from kintone_orm.models.record.lost_values import require_not_lost
from kintone_orm.models.record.state import rebase

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import tzinfo

    from kintone_orm.fields import Field
    from kintone_orm.models import Model
    from kintone_orm.query.comparable import Zone

__all__ = ["assign", "make_instance", "make_row", "value_of"]


def value_of(record: Model | Row, name: str, default: Any) -> Any:
    """What the attribute holds; FieldFetchBlocked if it would have to be fetched."""
    if isinstance(record, Row):
        cell = record._fields.get(name)
        return getattr(record, name, default) if cell is None else _held(record, cell)
    field = record._meta.fields.get(name) or record._meta.relations.get(name)
    if field is None:
        return _computed(record, name, default)
    if isinstance(field, (RelatedRecord, ReferenceTableField)):
        return _related(record, field)
    require_not_lost(record, [name])
    if record._state.adding or field.peek(record) is not UNSET:
        return _held(record, field)
    if name in (record._state.undecoded or {}):
        return getattr(record, name)  # which raises DecodeError
    raise FieldFetchBlocked(
        f"{record!r}: {field} is not loaded, and a schema sends no request to fetch it. Read it "
        "before: refresh_from_db(), or save(refresh=True) after a write; or leave it out with "
        f"exclude=[{name!r}]."
    )


def make_row(model: type[Row], values: dict[str, Any]) -> Row:
    """The row that `values` describe; one with an id has no more than they say."""
    id_ = values.pop("id", None)
    fields = {name: field for name, field in model._fields.items() if name in values}
    row = model._from(values | _coerced(fields, values, model._zone), model._zone)
    if id_ is not None:
        row._id = id_
        for name, field in model._fields.items():
            if name not in values:
                field.clear(row)  # the record that has the row knows better than a default
    return row


def make_instance(model: type[Model], values: dict[str, Any]) -> Model:
    """A new record with these values."""

    def zone() -> tzinfo | None:
        return connections.resolve(None, default=model._meta.using).timezone

    values.pop("revision", None)
    fields = {name: model._meta.get_field(name) for name in values}
    coerced = _coerced(fields, values, zone)
    for name, field in fields.items():
        if isinstance(field, SubtableField):
            _complete(coerced[name], {}, zone)
    return model(**coerced)


def assign(instance: Model, values: dict[str, Any]) -> None:
    """Assign all of `values` or, if one of them cannot be, none.

    What equals the instance's value is left as it is, with all that is known of it. Rows are
    matched by their ids: what a row does not say stays as it is in the instance.
    """
    revision = values.pop("revision", None)
    fields = {name: instance._meta.get_field(name) for name in values}
    coerced = _coerced(fields, values, instance._zone)
    for name, field in fields.items():
        if isinstance(field, SubtableField) and any(row._id for row in coerced[name]):
            known = {row._id: row for row in value_of(instance, name, None)}
            _complete(coerced[name], known, instance._zone)
    for name, value in coerced.items():
        if not _holds(instance, fields[name], value):
            setattr(instance, name, value)
        elif instance._state.by_default:
            instance._state.by_default.pop(name, None)  # from now on it is assigned
    if revision is not None and not instance._state.adding and instance.changed_fields():
        rebase(instance, revision)  # the save compares with what the client has seen


def _held(record: Model | Row, field: Field) -> Any:
    """The value that is there, or the one that reads in a new record; the record is not changed."""
    if isinstance(record, Row):
        record._require_readable(field)
    value = record._cell(field) if isinstance(record, Row) else field.peek(record)
    return field.empty_value() if value is UNSET else value


def _computed(record: Model, name: str, default: Any) -> Any:
    """What a property gives, as long as it reads nothing that would have to be fetched."""
    state = record._state
    mode, state.fetch_mode = state.fetch_mode, FETCH_RAISE
    try:
        return getattr(record, name, default)
    except FieldFetchBlocked as error:
        raise FieldFetchBlocked(
            f"{record!r}: {name!r} reads what is not there, and a schema sends no request to fetch "
            "it. Read it before."
        ) from error
    finally:
        state.fetch_mode = mode


def _related(record: Model, relation: RelatedRecord[Any] | ReferenceTableField) -> Any:
    """The other record, or the queryset of those that refer to this one, if it was fetched."""
    if isinstance(relation, RelatedRecord):
        holder, way = relation.field, "select_related"
    else:
        holder, way = relation.key, "prefetch_related"
    key = value_of(record, holder, None)
    if key in (None, "") or record._state.related_by(relation.name, key) is not UNSET:
        try:
            return getattr(record, relation.name)
        except ObjectDoesNotExist:
            return None  # as in Django REST framework; the key is there to see
    raise FieldFetchBlocked(
        f"{record!r}: {relation} was not fetched, and a schema sends no request to fetch it. Read "
        f"the record with {way}({relation.name!r})."
    )


def _coerced(fields: Mapping[str, Field], values: Mapping[str, Any], zone: Zone) -> dict[str, Any]:
    found, problems = {}, {}
    for name, value in values.items():
        try:
            found[name] = fields[name].coerce(value, zone)
        except FieldError as error:
            problems[name] = [str(error)]
    if problems:
        raise ValidationError(problems)
    return found


def _complete(rows: list[Row], known: Mapping[int | None, Row], zone: Zone) -> None:
    """Give rows what they do not say: what the row of their id has, or else the defaults."""
    for row in rows:
        theirs = known.get(row._id)
        if theirs is None:
            row._id = None
        for field in row._fields.values():
            if field.peek(row) is UNSET:
                value = field.get_default() if theirs is None else theirs._cell(field)
                if value is not UNSET:
                    field.put(row, field.coerce(value, zone) if theirs is None else value)


def _holds(instance: Model, field: Field, value: Any) -> bool:
    held = field.peek(instance)
    return held is not UNSET and bool(field.snapshot(held) == field.snapshot(value))
