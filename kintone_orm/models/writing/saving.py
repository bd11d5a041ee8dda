"""Writing one record, and updating the instance from kintone's answer.

After a write each value of the instance is in one of three states:

* sent, and stored by kintone unchanged: the value becomes the new snapshot;
* rewritten by kintone (calculated values, lookup copies, defaults, row ids): the value is
  deferred, and the next access reads it;
* not sent: the value stays as it is if nobody else wrote the record in between. Otherwise the
  value may be old, so it is deferred too.

kintone raises the revision by one with each write. A larger step means that somebody else wrote
the record in between.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kintone_orm.api.answers import checked
from kintone_orm.api.records import add_record, delete_records, update_record
from kintone_orm.exceptions import APIError, ConflictError
from kintone_orm.fields.base import UNSET
from kintone_orm.fields.list_field import ListField
from kintone_orm.fields.row_sending import rows_for_update
from kintone_orm.fields.subtable import SubtableField
from kintone_orm.models.record.changes import changes
from kintone_orm.models.record.conflict import conflict
from kintone_orm.models.record.home import require_id
from kintone_orm.models.record.instance import set_id, set_revision
from kintone_orm.models.record.lost_save import lost_save, settles
from kintone_orm.models.record.state import forget_left_out, settle, take_revision
from kintone_orm.models.record.tracked_lists import is_overtaken, stored_snapshot, tracked_lists
from kintone_orm.models.record.validation import (
    problems_of_new,
    problems_of_values,
    require_sent,
)
from kintone_orm.models.writing.form_check import check_write, require_fields
from kintone_orm.models.writing.outgoing import merge_refused, outgoing, sent_columns
from kintone_orm.models.writing.refusals import Sent, name_of, translating_refusals
from kintone_orm.models.writing.server_fields import made_there
from kintone_orm.models.writing.uploads import forget_uploads, upload_files

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from kintone_orm.connection import Connection
    from kintone_orm.models.ground.values import Values
    from kintone_orm.models.record.conflict import Conflict
    from kintone_orm.models.record.instance import Instance
    from kintone_orm.models.writing.outgoing import Outgoing

__all__ = [
    "apply_accepted",
    "apply_insert",
    "apply_update",
    "changed_values",
    "conflict_before_sending",
    "delete_one",
    "encode",
    "insert_one",
    "update_one",
]


def insert_one(instance: Instance, connection: Connection, *, check_values: bool) -> None:
    """Add the record, in one request; `check_values` checks the values first."""
    values = changed_values(instance)
    sent = Sent(0, instance, values)
    _check(sent, connection, problems_of_new(instance, values) if check_values else None)
    app = instance._meta.app_id(connection)
    lost = "The record may be added or not. Look for it before you save it again."
    with translating_refusals(instance, values, connection, lost=lost):
        record = encode(instance, connection, values)
        answer = add_record(checked(connection), app=app, record=record)
    apply_insert(instance, connection, values, answer["id"], answer["revision"])


def update_one(
    instance: Instance,
    connection: Connection,
    *,
    names: Sequence[str] | None,
    check: bool,
    check_values: bool,
) -> bool:
    """Send the changes, or only the fields `names`; return False if there was nothing to send.

    `check` sends the revision along; `check_values` checks the values first.
    """
    sent = outgoing(instance, names, fetch=True)
    if not sent.values:
        return False
    if check and (known_conflict := conflict_before_sending(sent)) is not None:
        raise known_conflict
    meta = instance._meta
    problems = problems_of_values(meta, sent.values, sent.bases) if check_values else None
    if not problems:
        require_sent(instance, sent.values)
    _check(sent, connection, problems)
    sent.leave_out_keys(made_there(meta, connection).lookups)
    if not sent.values:
        return False
    with translating_refusals(instance, sent.values, connection):
        revision = _send(sent, connection, check=check)
    apply_accepted(sent, connection, revision)
    return True


def _check(
    sent: Sent | Outgoing, connection: Connection, problems: Mapping[str, list[str]] | None
) -> None:
    """Raise an error for the `problems`, and for those by the app's form: see `check_write`.

    If `problems` is None, the values are not checked, but only the fields.
    """
    instance = sent.instance
    meta = instance._meta

    def columns() -> dict[str, set[str]]:
        return sent_columns(meta, [(sent.values, sent.bases)])

    if problems is None:
        require_fields(meta, connection, sent.values, columns)
        return
    check_write(
        meta,
        connection,
        [sent],
        {0: problems} if problems else {},
        sent.values,
        columns,
        where=name_of(instance),
        is_new=instance._state.adding,
        is_bulk=False,
    )


def _send(sent: Outgoing, connection: Connection, *, check: bool) -> int:
    """Send the update and return the record's new revision.

    With `check`, kintone compares the revisions, and its refusal is raised. Without `check`, if
    kintone refuses because somebody else wrote the record, the tables are merged with the stored
    rows and the update is sent again (see `merge_refused`). Raises kintone's refusal if it still
    refuses after the last merge, and LostSave if the answer was lost.
    """
    instance = sent.instance
    while True:
        revision = sent.revision_to_send(check=check)
        try:
            answer = update_record(
                checked(connection),
                app=instance._meta.app_id(connection),
                id=require_id(instance),
                record=encode(instance, connection, sent.values, sent.bases),
                revision=revision,
            )
        except APIError as error:
            if not check and merge_refused(error, [sent], connection):
                continue
            if (lost := lost_save(instance, sent.values, revision, error)) is None:
                raise
            if revision is None or not settles(lost, connection.current_retry):
                # The cause is the network's error, as it is of the error that `lost` replaces.
                raise lost from error.__cause__
            return revision + 1
        else:
            return int(answer["revision"])


def conflict_before_sending(sent: Outgoing) -> Conflict | None:
    """Return the Conflict that is known before any request, or None.

    If `is_overtaken` is true, the save cannot be sent: the keys of some of its files are unknown.
    """
    if not is_overtaken(sent.instance, sent.values, sent.bases):
        return None
    return conflict(sent.instance, ConflictError("The conflict was found before sending."))


def delete_one(instance: Instance, connection: Connection, *, check: bool) -> None:
    """Delete the record, in one request; `check` sends its revision along."""
    app = instance._meta.app_id(connection)
    revisions = [instance.revision] if check and instance.revision is not None else None
    lost = "The record may be deleted or not. Read it before you delete it again."
    with translating_refusals(instance, lost=lost):
        delete_records(
            checked(connection), app=app, ids=[require_id(instance)], revisions=revisions
        )


# -- what every write needs -----------------------------------------------------------------------


def encode(
    instance: Instance,
    connection: Connection,
    values: Values,
    bases: Values | None = None,
) -> dict[str, Any]:
    """Return the values as kintone's JSON, by field code; upload the new files among them.

    `bases` are the snapshots that the values replace in an existing record: see `Outgoing`.
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


def changed_values(instance: Instance) -> dict[str, Any]:
    """Return the values to send, by name; one request reads the deferred values that they need."""
    return outgoing(instance).values


def apply_accepted(sent: Outgoing, connection: Connection, revision: int | str) -> None:
    """Update the instance after kintone accepted `sent`; the record now has this revision."""
    apply_update(sent.instance, sent.values, revision, connection=connection, sent=sent)


def apply_insert(
    instance: Instance,
    connection: Connection,
    values: Values,
    id_: int | str,
    revision: int | str,
    *,
    added: bool = True,
) -> None:
    """Give the instance the id and revision of its stored record, and defer every unsent value.

    kintone gives a new record its unsent values: the app's defaults, or values that kintone writes
    itself. If an upsert found the record (`added` is False), the record keeps its earlier values.
    """
    state = instance._state
    set_id(instance, int(id_), int(revision))
    state.adding, state.home, state.lost = False, connection, None
    take_revision(instance, int(revision))
    _settle_sent(
        instance, values, revision, rest_of=int(revision), unsaved=(), connection=connection
    )
    left_out = frozenset(instance._meta.fields.keys() - values.keys())
    for name in left_out:
        (state.originals or {}).pop(name, None)
        # A list that the program read keeps its content. In a record that an upsert found,
        # the content belongs to no revision. The list then gets the revision 0, which no record
        # has, so that saving the list raises the Conflict.
        field = instance._meta.fields[name]
        tracked_lists(instance).defer(instance, field, int(revision) if added else 0, UNSET)
    state.left_out = left_out if added else None


def apply_update(
    instance: Instance,
    values: Values,
    revision: int | str,
    *,
    steps: int = 1,
    connection: Connection | None = None,
    sent: Outgoing | None = None,
) -> None:
    """Update the instance after a write of `values`, which made this `revision`.

    `steps` is the number by which the write raises the revision. If the revision rose by more,
    somebody else wrote in between: all other values are deferred. Unsaved changes stay based on
    the revision that the program read, so that a save of these changes raises the Conflict.
    """
    known, lists = instance.revision or 0, tracked_lists(instance)
    unsaved = changes(instance).keys() - values.keys() if sent is None else sent.unsaved
    alone = int(revision) == known + steps
    if alone:
        lists.advance(known, int(revision))
    rest_of = int(revision) if alone else known
    _settle_sent(
        instance,
        values,
        revision,
        rest_of=rest_of,
        unsaved=unsaved,
        connection=connection,
        sent=sent,
    )
    if alone:
        take_revision(instance, int(revision))
        return
    # Somebody else wrote the record in between, so every value that was not sent may be old.
    state = instance._state
    overtaken = set(instance._meta.fields) - set(values) - set(unsaved)
    forget_left_out(instance, except_for=overtaken)
    for name in overtaken:
        (state.originals or {}).pop(name, None)
        (state.undecoded or {}).pop(name, None)
        field = instance._meta.fields[name]
        lists.defer(instance, field, known, stored_snapshot(instance, field))
    if unsaved:
        set_revision(instance, known)
        state.mixed = (state.mixed or frozenset()) & unsaved or None
    else:
        take_revision(instance, int(revision))


def _settle_sent(
    instance: Instance,
    values: Values,
    revision: int | str,
    *,
    rest_of: int,
    unsaved: Collection[str],
    connection: Connection | None,
    sent: Outgoing | None = None,
) -> None:
    """Make the sent values the new snapshot, and defer every value that kintone rewrote.

    `rest_of` is the revision of the values that were not sent.
    """
    fields, lists = instance._meta.fields, tracked_lists(instance)
    replaced = {name: stored_snapshot(instance, fields[name]) for name in values}
    if sent is not None:
        replaced |= sent.bases
    rewritten = {
        name
        for name, value in values.items()
        if not fields[name].typed().kept_as_sent(value, replaced[name])
    }
    if sent is not None:
        rewritten |= sent.overtaken
    made = made_there(instance._meta, connection or instance._state.connection)
    rewritten |= made.calculated - set(unsaved)
    rewritten |= {name for name, lookup in made.copied_by.items() if lookup in values}
    if sent is not None and not made.row_keys.keys().isdisjoint(values):
        columns = sent.columns()
        sent_keys = {name: keys & columns.get(name, set()) for name, keys in made.row_keys.items()}
        rewritten |= {name for name, keys in sent_keys.items() if keys}
    set_revision(instance, int(revision))
    lists.put_back(instance, values)
    forget_uploads(instance, values)
    settle(instance, values)
    for name, field in fields.items():
        by_itself = field.changes_by_itself and name not in unsaved
        if by_itself or name in rewritten or field.filled_by in values:
            was_sent = name in values
            at = int(revision) if was_sent else rest_of
            base = replaced[name] if was_sent else stored_snapshot(instance, field)
            lists.defer(instance, field, at, base)
            if field.peek(instance) is UNSET:
                (instance._state.undecoded or {}).pop(name, None)
