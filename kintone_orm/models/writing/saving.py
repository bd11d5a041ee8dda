"""How one record is written, and what a written instance knows afterwards."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kintone_orm.api.answers import checked
from kintone_orm.api.records import add_record, delete_records, update_record
from kintone_orm.exceptions import APIError, ConflictError
from kintone_orm.fields.base import UNSET
from kintone_orm.fields.list_field import ListField
from kintone_orm.fields.row_sending import rows_for_update
from kintone_orm.fields.subtable import SubtableField
from kintone_orm.http.codes import Meaning, meaning_of
from kintone_orm.models.record.changes import changes
from kintone_orm.models.record.conflict import conflict
from kintone_orm.models.record.state import settle, still_left_out, unmixed
from kintone_orm.models.record.tracked_lists import base_of, held_by, is_overtaken
from kintone_orm.models.record.validation import (
    problems_of_new,
    problems_of_values,
    require_sent,
    validate,
)
from kintone_orm.models.writing.form_check import require_fields
from kintone_orm.models.writing.outgoing import can_be_merged, outgoing, sent_columns
from kintone_orm.models.writing.refusals import name_of, told_about
from kintone_orm.models.writing.server_fields import made_there
from kintone_orm.models.writing.uploads import forget_uploads, upload_files

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from kintone_orm.connection import Connection
    from kintone_orm.models.base import Model
    from kintone_orm.models.record.conflict import Conflict
    from kintone_orm.models.writing.outgoing import Outgoing

__all__ = [
    "accepted",
    "changed_values",
    "conflict_before_sending",
    "delete_one",
    "encode",
    "insert_one",
    "inserted",
    "update_one",
    "updated",
]


def insert_one(instance: Model, connection: Connection, *, validated: bool) -> None:
    """Add the record, in one request; `validated` if our own checks are to be left out."""
    values = changed_values(instance)
    if not validated:
        validate(problems_of_new(instance, values), where=name_of(instance))
    meta = instance._meta
    require_fields(meta, connection, values, lambda: sent_columns(meta, [(values, {})]))
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
    sent = outgoing(instance, names, fetch=True)
    if not sent.values:
        return False
    if check and (seen := conflict_before_sending(sent)) is not None:
        raise seen
    meta = instance._meta
    if not validated:
        validate(problems_of_values(meta, sent.values, sent.bases), where=name_of(instance))
    require_sent(instance, sent.values)
    require_fields(meta, connection, sent.values, sent.columns)
    sent.leave_out_keys(made_there(meta, connection).lookups)
    if not sent.values:
        return False
    with told_about(instance, sent.values, connection):
        answer = _send(sent, connection, check=check)
    accepted(sent, connection, answer["revision"])
    return True


def _send(sent: Outgoing, connection: Connection, *, check: bool) -> dict[str, Any]:
    """kintone's answer; without a `check`, tables are merged with what others wrote."""
    instance = sent.instance
    while True:
        try:
            return update_record(
                checked(connection),
                app=instance._meta.app_id(connection),
                id=instance._require_id(),
                record=encode(instance, connection, sent.values, sent.bases),
                revision=sent.revision_to_send(check=check),
            )
        except APIError as error:
            if not check and can_be_merged(error, [sent], connection):
                continue
            if sent.overtaken and meaning_of(error) is Meaning.LOST_RACE:
                raise conflict(instance, error) from error
            raise


def conflict_before_sending(sent: Outgoing) -> Conflict | None:
    """The Conflict that a save is to meet without asking kintone, if it is known of already.

    `is_overtaken` says when; no such save could be sent, as it lacks the keys of files.
    """
    if not is_overtaken(sent.instance, sent.values, sent.bases):
        return None
    return conflict(sent.instance, ConflictError("seen before anything was sent"))


def delete_one(instance: Model, connection: Connection, *, check: bool) -> None:
    """Delete the record, in one request."""
    app = instance._meta.app_id(connection)
    revisions = [instance.revision] if check and instance.revision is not None else None
    with told_about(instance):
        delete_records(connection, app=app, ids=[instance._require_id()], revisions=revisions)


# -- what every write needs -----------------------------------------------------------------------


def encode(
    instance: Model,
    connection: Connection,
    values: Mapping[str, Any],
    bases: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """The values of the instance as kintone takes them there; new files among them are sent.

    In a record that is there they take the place of the `bases`: see `Outgoing`.
    """
    fields = {name: instance._meta.fields[name] for name in values}
    known = bases or {}
    for name, field in fields.items():
        if isinstance(field, ListField):
            field.tidy(values[name], lambda: connection.timezone)
    upload_files(instance, connection, values, known)
    return {
        field.code: {
            "value": rows_for_update(values[name], known.get(name, UNSET))
            if isinstance(field, SubtableField)
            else field.to_api(values[name])
        }
        for name, field in fields.items()
    }


def changed_values(instance: Model) -> dict[str, Any]:
    """The values that a save is to send, by name; what they lack is learned in one request."""
    return outgoing(instance).values


def accepted(sent: Outgoing, connection: Connection, revision: Any) -> None:
    """kintone took what was sent, and the record is at this revision."""
    updated(sent.instance, sent.values, revision, connection=connection, sent=sent)


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
    unmixed(instance, int(revision))
    _written(instance, values, revision, rest_of=int(revision), unsaved=(), connection=connection)
    left_out = frozenset(instance._meta.fields.keys() - values.keys())
    for name in left_out:
        (state.originals or {}).pop(name, None)
        # A list that was read holds what it showed, which no revision of a found record is.
        field = instance._meta.fields[name]
        held_by(instance).defer(instance, field, int(revision) if added else 0, UNSET)
    state.left_out = left_out if added else None


def updated(
    instance: Model,
    values: Mapping[str, Any],
    revision: Any,
    *,
    steps: int = 1,
    connection: Connection | None = None,
    sent: Outgoing | None = None,
) -> None:
    """What was sent is kintone's now; what others wrote in between is to be fetched again.

    `steps` are the revisions that such a write counts. Changes that wait unsaved stay based on the
    revision that their writer has seen: a save of them meets the Conflict.
    """
    known, held = instance._revision or 0, held_by(instance)
    unsaved = changes(instance).keys() - values.keys() if sent is None else sent.unsaved
    alone = int(revision) == known + steps
    if alone:
        held.moved(known, int(revision))
    rest_of = int(revision) if alone else known
    _written(
        instance,
        values,
        revision,
        rest_of=rest_of,
        unsaved=unsaved,
        connection=connection,
        sent=sent,
    )
    if alone:
        unmixed(instance, int(revision))
        return
    # Others wrote in between: what we hold may be old.
    state = instance._state
    overtaken = set(instance._meta.fields) - set(values) - set(unsaved)
    still_left_out(instance, except_for=overtaken)
    for name in overtaken:
        (state.originals or {}).pop(name, None)
        (state.undecoded or {}).pop(name, None)
        field = instance._meta.fields[name]
        held.defer(instance, field, known, base_of(instance, field))
    if unsaved:
        instance._revision = known
        state.mixed = (state.mixed or frozenset()) & unsaved or None
    else:
        unmixed(instance, int(revision))


def _written(
    instance: Model,
    values: Mapping[str, Any],
    revision: Any,
    *,
    rest_of: int,
    unsaved: Collection[str],
    connection: Connection | None,
    sent: Outgoing | None = None,
) -> None:
    """What was sent is kintone's now; what kintone wrote by itself is to be fetched again.

    What was not sent is what it was at the revision `rest_of`.
    """
    fields, held = instance._meta.fields, held_by(instance)
    replaced = {name: base_of(instance, fields[name]) for name in values}
    if sent is not None:
        replaced |= sent.bases
    rewritten = {
        name
        for name, value in values.items()
        if not fields[name].typed().kept_as_sent(value, replaced[name])
    }
    if sent is not None:
        rewritten |= sent.overtaken
    there = made_there(instance._meta, connection or instance._state.connection)
    rewritten |= there.calculated - set(unsaved)
    rewritten |= {name for name, lookup in there.copied_by.items() if lookup in values}
    if sent is not None and not there.row_keys.keys().isdisjoint(values):
        columns = sent.columns()
        sent_keys = {name: keys & columns.get(name, set()) for name, keys in there.row_keys.items()}
        rewritten |= {name for name, keys in sent_keys.items() if keys}
    instance._revision = int(revision)
    held.give_back(instance, values)
    forget_uploads(instance, values)
    settle(instance, values)
    for name, field in fields.items():
        by_itself = field.changes_by_itself and name not in unsaved
        if by_itself or name in rewritten or field.filled_by in values:
            was_sent = name in values
            at = int(revision) if was_sent else rest_of
            base = replaced[name] if was_sent else base_of(instance, field)
            held.defer(instance, field, at, base)
            if field.peek(instance) is UNSET:
                (instance._state.undecoded or {}).pop(name, None)
