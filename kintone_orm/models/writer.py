"""How one record is written, and what a written instance knows afterwards."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kintone_orm.api.answers import checked
from kintone_orm.api.records import add_record, delete_records, update_record
from kintone_orm.exceptions import ConflictError
from kintone_orm.fields.base import UNSET
from kintone_orm.models.attachments import forget_uploads, upload_files
from kintone_orm.models.conflict import conflict
from kintone_orm.models.held import defer, is_overtaken, make_ready
from kintone_orm.models.known_fields import require_fields
from kintone_orm.models.lost import require_not_lost
from kintone_orm.models.refusals import name_of, told_about
from kintone_orm.models.state import changes, settle, still_left_out
from kintone_orm.models.validation import (
    problems_of_new,
    problems_of_values,
    require_sent,
    validate,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kintone_orm.connection import Connection
    from kintone_orm.models.base import Model

__all__ = [
    "changed_values",
    "delete_one",
    "encode",
    "insert_one",
    "inserted",
    "update_one",
    "updated",
    "written",
]


def insert_one(instance: Model, connection: Connection, *, validated: bool) -> None:
    """Add the record, in one request; `validated` if our own checks are to be left out."""
    values = changed_values(instance)
    if not validated:
        validate(problems_of_new(instance, values), where=name_of(instance))
    require_fields(instance._meta, connection, values)
    app = instance._meta.app_id(connection)
    with told_about(instance, values, connection):
        record = encode(instance, connection, values)
        answer = add_record(checked(connection), app=app, record=record)
    inserted(instance, connection, values, answer["id"], answer["revision"])


def update_one(
    instance: Model,
    connection: Connection,
    *,
    names: Sequence[str] | None,
    check: bool,
    validated: bool,
) -> bool:
    """Send what changed, or just the fields `names`; False if nothing was to be sent."""
    if names is None:
        values = changed_values(instance)
    else:
        make_ready(instance, names)
        for name in names:
            getattr(instance, name)  # if it is deferred, a newer revision of all may come with it
        values = {name: getattr(instance, name) for name in names}
    if not values:
        return False
    if check and is_overtaken(instance, values):
        raise conflict(instance, ConflictError("seen before anything was sent"))
    meta = instance._meta
    if not validated:
        validate(problems_of_values(meta, values), where=name_of(instance))
    require_sent(instance, values)
    require_fields(meta, connection, values)
    with told_about(instance, values, connection):
        answer = update_record(
            checked(connection),
            app=meta.app_id(connection),
            id=instance._require_id(),
            record=encode(instance, connection, values),
            revision=instance.revision if check else None,
        )
    updated(instance, values, answer["revision"])
    return True


def delete_one(instance: Model, connection: Connection, *, check: bool) -> None:
    """Delete the record, in one request."""
    app = instance._meta.app_id(connection)
    revisions = [instance.revision] if check and instance.revision is not None else None
    with told_about(instance):
        delete_records(connection, app=app, ids=[instance._require_id()], revisions=revisions)


# -- what every write needs -----------------------------------------------------------------------


def encode(instance: Model, connection: Connection, values: Mapping[str, Any]) -> dict[str, Any]:
    """The values of the instance as kintone takes them there; new files among them are sent."""
    fields = {name: instance._meta.fields[name] for name in values}
    for name, field in fields.items():
        field.tidy(values[name], lambda: connection.timezone)
    upload_files(instance, connection, values)
    return {
        field.code: {"value": field.to_update(values[name], field.loaded(instance))}
        for name, field in fields.items()
    }


def changed_values(instance: Model) -> dict[str, Any]:
    """The values that a save is to send, by name; what they lack is learned in one request."""
    require_not_lost(instance, instance._meta.fields)
    make_ready(instance, changes(instance))
    return {name: new for name, (_, new) in changes(instance).items()}


def inserted(
    instance: Model,
    connection: Connection,
    values: Mapping[str, Any],
    id_: Any,
    revision: Any,
    *,
    added: bool = True,
) -> None:
    """The record is kintone's now, as `id_`; what was not sent is to be fetched.

    It is the app's default, or a value of kintone's own; if the record was not `added`, but found
    there, whatever it held.
    """
    state = instance._state
    instance._id = int(id_)
    state.adding, state.home, state.lost = False, connection, None
    written(instance, values, revision, rest_of=int(revision))
    left_out = frozenset(instance._meta.fields.keys() - values.keys())
    for name in left_out:
        (state.originals or {}).pop(name, None)
        # A list that was read holds what it showed, which no revision of a found record is.
        defer(instance, instance._meta.fields[name], int(revision) if added else 0, UNSET)
    state.left_out = left_out if added else None


def updated(instance: Model, values: Mapping[str, Any], revision: Any, *, steps: int = 1) -> None:
    """What was sent is kintone's now; what others wrote in between is to be fetched again.

    `steps` are the revisions that such a write counts. Changes that wait unsaved stay based on the
    revision that their writer has seen: a save of them meets the Conflict.
    """
    known = instance._revision or 0
    if int(revision) == known + steps:
        for held in (instance._state.held or {}).values():
            held.revision = int(revision) if held.revision == known else held.revision
        written(instance, values, revision, rest_of=int(revision))
        return
    written(instance, values, revision, rest_of=known)
    # Others wrote in between: what we hold may be old.
    unsaved = changes(instance)
    overtaken = set(instance._meta.fields) - set(values) - set(unsaved)
    still_left_out(instance, except_for=overtaken)
    for name in overtaken:
        (instance._state.originals or {}).pop(name, None)
        (instance._state.undecoded or {}).pop(name, None)
        field = instance._meta.fields[name]
        defer(instance, field, known, field.loaded(instance))
    if unsaved:
        instance._revision = known


def written(instance: Model, values: Mapping[str, Any], revision: Any, *, rest_of: int) -> None:
    """What was sent is kintone's now; what kintone wrote by itself is to be fetched again.

    What was not sent is what it was at the revision `rest_of`.
    """
    fields = instance._meta.fields
    replaced = {name: fields[name].loaded(instance) for name in values}
    rewritten = {
        name
        for name, value in values.items()
        if not fields[name].typed().kept_as_sent(value, replaced[name])
    }
    instance._revision = int(revision)
    forget_uploads(instance, values)
    settle(instance, values)
    unsaved = changes(instance)
    for name, field in fields.items():
        by_itself = field.changes_by_itself and name not in unsaved
        if by_itself or name in rewritten or field.filled_by in values:
            sent = name in values
            at = int(revision) if sent else rest_of
            defer(instance, field, at, replaced[name] if sent else field.loaded(instance))
