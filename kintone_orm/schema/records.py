"""Reading records for a schema, and writing its values into them, without any request."""

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
    from typing import TypeAlias

    from kintone_orm.fields import Field
    from kintone_orm.models import Model
    from kintone_orm.query.comparable import Zone

    Values: TypeAlias = dict[str, Any]

__all__ = ["assign", "make_instance", "make_row", "value_of"]


def value_of(record: Model | Row, name: str, default: object) -> Any:
    """Return the value of an attribute. FieldFetchBlocked if reading it needs a request."""
    if isinstance(record, Row):
        cell = record._fields.get(name)
        return getattr(record, name, default) if cell is None else _present_value(record, cell)
    field = record._meta.fields.get(name) or record._meta.relations.get(name)
    if field is None:
        return _computed(record, name, default)
    if isinstance(field, (RelatedRecord, ReferenceTableField)):
        return _related(record, field)
    require_not_lost(record, [name])
    if record._state.adding or field.peek(record) is not UNSET:
        return _present_value(record, field)
    if name in (record._state.undecoded or {}):
        # Reading a value that could not be decoded raises DecodeError.
        return getattr(record, name)
    raise FieldFetchBlocked(
        f"{record!r}: {field} is not loaded, and a schema sends no request to fetch it. Fetch the "
        "value first, by refresh_from_db(), or by save(refresh=True) after a write. Or leave the "
        f"field out with exclude=[{name!r}]."
    )


def make_row(model: type[Row], values: Values) -> Row:
    """Return a row with these values. If they contain an id, missing cells get no defaults."""
    id_ = values.pop("id", None)
    fields = {name: field for name, field in model._fields.items() if name in values}
    row = model._from(values | _coerced(fields, values, model._zone), model._zone)
    if id_ is not None:
        row._id = id_
        for name, field in model._fields.items():
            if name not in values:
                # A default would hide the value that the stored row has in this cell.
                field.clear(row)
    return row


def make_instance(model: type[Model], values: Values) -> Model:
    """Return a new record with these values."""

    def zone() -> tzinfo | None:
        return connections.resolve(None, default=model._meta.using).timezone

    values.pop("revision", None)
    fields = {name: model._meta.get_field(name) for name in values}
    coerced = _coerced(fields, values, zone)
    for name, field in fields.items():
        if isinstance(field, SubtableField):
            _complete(coerced[name], {}, zone)
    return model(**coerced)


def assign(instance: Model, values: Values) -> None:
    """Assign all of `values`, or none if one of them cannot be assigned.

    A value that equals the instance's value is not assigned. Rows are matched by their ids. Cells
    that are missing in a row keep the instance's values.
    """
    revision = values.pop("revision", None)
    fields = {name: instance._meta.get_field(name) for name in values}
    coerced = _coerced(fields, values, instance._zone)
    for name, field in fields.items():
        if isinstance(field, SubtableField) and any(row._id for row in coerced[name]):
            known = {row._id: row for row in value_of(instance, name, None)}
            _complete(coerced[name], known, instance._zone)
    for name, value in coerced.items():
        if not _has_value(instance, fields[name], value):
            setattr(instance, name, value)
        elif instance._state.by_default:
            # The value stays the same, but it is assigned now and no longer a default.
            instance._state.by_default.pop(name, None)
    if revision is not None and not instance._state.adding and instance.changed_fields():
        # The next save sends the revision that the client saw, so that kintone finds conflicts.
        rebase(instance, revision)


def _present_value(record: Model | Row, field: Field) -> Any:
    """Return the present value, or the blank value. The record does not change."""
    if isinstance(record, Row):
        record._require_readable(field)
    value = record._cell(field) if isinstance(record, Row) else field.peek(record)
    return field.empty_value() if value is UNSET else value


def _computed(record: Model, name: str, default: object) -> Any:
    """Return the value of a property. FieldFetchBlocked if the property needs a request."""
    state = record._state
    mode, state.fetch_mode = state.fetch_mode, FETCH_RAISE
    try:
        return getattr(record, name, default)
    except FieldFetchBlocked as error:
        raise FieldFetchBlocked(
            f"{record!r}: {name!r} reads a value that is not loaded, and a schema sends no request "
            "to fetch it. Fetch the value first."
        ) from error
    finally:
        state.fetch_mode = mode


def _related(record: Model, relation: RelatedRecord[Any] | ReferenceTableField) -> Any:
    """Return the fetched record or queryset of a relation. FieldFetchBlocked if not fetched."""
    if isinstance(relation, RelatedRecord):
        key_name, method = relation.field, "select_related"
    else:
        key_name, method = relation.key, "prefetch_related"
    key = value_of(record, key_name, None)
    if key in (None, "") or record._state.related_by(relation.name, key) is not UNSET:
        try:
            return getattr(record, relation.name)
        except ObjectDoesNotExist:
            # Django REST framework does the same. The key shows which record is missing.
            return None
    raise FieldFetchBlocked(
        f"{record!r}: {relation} was not fetched, and a schema sends no request to fetch it. Read "
        f"the record with {method}({relation.name!r})."
    )


def _coerced(fields: Mapping[str, Field], values: Values, zone: Zone) -> Values:
    coerced, problems = {}, {}
    for name, value in values.items():
        try:
            coerced[name] = fields[name].coerce(value, zone)
        except FieldError as error:
            problems[name] = [str(error)]
    if problems:
        raise ValidationError(problems)
    return coerced


def _complete(rows: list[Row], known: Mapping[int | None, Row], zone: Zone) -> None:
    """Fill the missing cells of rows from the known row with the same id, or else by defaults."""
    for row in rows:
        known_row = known.get(row._id)
        if known_row is None:
            row._id = None
        for field in row._fields.values():
            if field.peek(row) is UNSET:
                value = field.get_default() if known_row is None else known_row._cell(field)
                if value is not UNSET:
                    field.put(row, field.coerce(value, zone) if known_row is None else value)


def _has_value(instance: Model, field: Field, value: object) -> bool:
    present = field.peek(instance)
    return present is not UNSET and bool(field.snapshot(present) == field.snapshot(value))
