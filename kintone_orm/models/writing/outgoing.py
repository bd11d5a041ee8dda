"""The values that a save of a known record sends: its changes, or the fields that were named.

A subtable is sent as the ids of its rows with the cells that changed (see `fields.row_sending`).
The request then always carries the revision that the ids were read at, because kintone makes a new,
blank row from an id that no longer exists.

A save without a check of the revision must not fail because a table sent the revision. If kintone
refuses the revision, the tables are read again and merged: rows that still exist are sent by id,
deleted rows are sent whole, and the cells that changed here win. Then the save is sent again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kintone_orm.exceptions import KintoneORMError, ServerBusy
from kintone_orm.fields.base import UNSET
from kintone_orm.fields.lookup import LookupField
from kintone_orm.fields.row_sending import kept_ids, sent_rows
from kintone_orm.fields.subtable import SubtableField
from kintone_orm.fields.subtable_row import Row
from kintone_orm.http.codes import Meaning, meaning_of
from kintone_orm.limits import RECORDS_PER_PAGE
from kintone_orm.models.ground.chunks import cut
from kintone_orm.models.record.changes import changes
from kintone_orm.models.record.fetching import fetch_to_send
from kintone_orm.models.record.home import require_id
from kintone_orm.models.record.lost_save import is_as_sent, may_settle, sent_snapshots
from kintone_orm.models.record.lost_values import require_not_lost
from kintone_orm.models.record.tracked_lists import stored_snapshot, value_at_hand

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from kintone_orm.connection import Connection
    from kintone_orm.exceptions import APIError
    from kintone_orm.models.ground.protocols import Meta
    from kintone_orm.models.ground.values import Answer, Values
    from kintone_orm.models.record.instance import Instance

__all__ = [
    "Outgoing",
    "look_saved",
    "look_written",
    "merge_refused",
    "outgoing",
    "sent_columns",
]

# The number of times that a record is sent again because somebody else wrote its tables.
_MOST_MERGES = 3


class Outgoing:
    """The values of one record to send, with the snapshots that they replace.

    * `values`: the values to send, by field name.
    * `bases`: the snapshot of each of these values; for a list, the content that kintone stores.
    * `unsaved`: the names of changes that are not sent.
    * `unchanged`: the names that are sent although their value did not change.
    * `by_id`: the names of subtables that are sent by the ids of their rows.
    * `overtaken`: the names of subtables that were read again, to merge them.
    * `place`: the object's index in the program's list.
    """

    __slots__ = (
        *("bases", "by_id", "instance", "merges", "overtaken", "place", "revision"),
        *("unchanged", "unsaved", "values"),
    )

    def __init__(
        self, instance: Instance, values: dict[str, Any], changed: Iterable[str], place: int
    ) -> None:
        fields = instance._meta.fields
        self.instance = instance
        self.place = place
        self.merges = 0
        self.values = values
        self.unsaved = frozenset(changed) - values.keys()
        self.unchanged = values.keys() - frozenset(changed)
        self.bases = {name: stored_snapshot(instance, fields[name]) for name in values}
        self.by_id = [
            name
            for name, value in values.items()
            if isinstance(fields[name], SubtableField) and any(kept_ids(value, self.bases[name]))
        ]
        self.revision = instance.revision
        self.overtaken: frozenset[str] = frozenset()

    def leave_out_keys(self, lookups: frozenset[str]) -> None:
        """Drop the unchanged keys of `lookups`: kintone would copy the source's values again."""
        for name in self.unchanged & lookups:
            del self.values[name]

    def columns(self) -> dict[str, set[str]]:
        """Return the names of the columns with sent cells, by the table's name."""
        return sent_columns(self.instance._meta, [(self.values, self.bases)])

    def revision_to_send(self, *, check: bool) -> int | None:
        """Return the revision to send along, or None to send no revision."""
        return self.revision if check or self.by_id else None

    def take_over(self, record: Answer) -> None:
        """Drop the rows that `record`, which was just read, lacks from the snapshots of tables."""
        self.revision = int(record["$revision"]["value"])
        for name in self.by_id:
            rows = record[self.instance._meta.fields[name].code]["value"]
            ids = {int(row["id"]) for row in rows}
            self.bases[name] = tuple(row for row in self.bases[name] if row[0] in ids)
        self.overtaken = frozenset(self.by_id)
        self.merges += 1


def sent_columns(meta: Meta, sent: Iterable[tuple[Values, Values]]) -> dict[str, set[str]]:
    """Return the names of the columns with sent cells, by the table's name.

    `sent` holds a pair for each record: its values, and the snapshots that they replace.
    """
    columns: dict[str, set[str]] = {}
    for values, bases in sent:
        for name, value in values.items():
            if isinstance(meta.fields[name], SubtableField):
                # Items that are not rows are skipped, because later checks refuse them.
                rows = [row for row in value if isinstance(row, Row)]
                names = columns.setdefault(name, set())
                for row in sent_rows(rows, bases.get(name, UNSET)):
                    names.update(column.name for column, _ in row.cells)
    return columns


def outgoing(
    instance: Instance, names: Sequence[str] | None = None, *, fetch: bool = False, place: int = 0
) -> Outgoing:
    """Return the changes to send, or the fields `names`; deferred parts are read in one request.

    Only loaded fields among `names` are sent; with `fetch` the deferred fields are read first. The
    unchanged key of a declared lookup is left out; `leave_out_keys` does the same for a lookup that
    only the app's form knows.
    """
    require_not_lost(instance, instance._meta.fields)
    changed = changes(instance)
    sent_names = set(changed) if names is None else set(names)
    if not fetch:
        sent_names &= changed.keys()
    if fetch_to_send(instance, sent_names):
        changed = changes(instance)
    if names is None:
        values = {name: new for name, (_, new) in changed.items()}
        return Outgoing(instance, values, values, place)
    fields = instance._meta.fields
    if fetch and any(value_at_hand(instance, fields[name]) is UNSET for name in names):
        for name in names:
            # The first access reads every deferred field, in one request.
            getattr(instance, name)
        changed = changes(instance)
    values = {}
    for name in names:
        field = fields[name]
        loaded = fetch or name in changed
        value = value_at_hand(instance, field) if loaded else field.peek(instance)
        if value is not UNSET and (name in changed or not isinstance(field, LookupField)):
            values[name] = value
    return Outgoing(instance, values, changed, place)


def merge_refused(error: APIError, records: Iterable[Outgoing], connection: Connection) -> bool:
    """Merge the tables of refused records; return True if the records can be sent again.

    Call it only for a save without a check of the revision. Return False if the refusal has another
    reason than a stale revision, if no record sends a table by the ids of its rows, or after three
    merges. One request reads the tables of 500 records. A deleted record does not change here:
    kintone refuses its id when it is sent again.

    The slower of two writers may get a ServerBusy instead of a conflict. The connection sends the
    write again after it. Only without these retries it is merged here: attempts do not multiply.
    """
    by_id = {require_id(sent.instance): sent for sent in records if sent.by_id}
    lost = meaning_of(error) is Meaning.LOST_RACE
    if isinstance(error, ServerBusy):
        lost = lost and connection.current_retry.attempts == 1
    if not lost or not by_id or max(sent.merges for sent in by_id.values()) >= _MOST_MERGES:
        return False
    meta = next(iter(by_id.values())).instance._meta
    names = {name for sent in by_id.values() for name in sent.by_id}
    codes = ["$id", "$revision", *(f.code for n, f in meta.fields.items() if n in names)]
    for ids in cut(by_id, RECORDS_PER_PAGE):
        for record in meta.raw_records(connection, codes, limit=len(ids), pk__in=ids):
            by_id[int(record["$id"]["value"])].take_over(record)
    return True


def look_saved(group: Sequence[Outgoing], connection: Connection, *, check: bool) -> bool:
    """Return True if every record of a group, whose answer was lost, may count as saved.

    The connection's `retry` must allow it. One request reads 500 records. `check` is True if the
    revisions were sent.
    """
    if not all(may_settle(sent.instance, connection.current_retry) for sent in group):
        return False
    written = {
        require_id(sent.instance): (
            sent_snapshots(sent.instance, sent.values),
            sent.revision_to_send(check=check),
        )
        for sent in group
    }
    return look_written(group[0].instance._meta, written, connection)


def look_written(
    meta: Meta,
    written: Mapping[int, tuple[Mapping[str, Any], int | None]],
    connection: Connection,
) -> bool:
    """Return True if every record has the next revision and every value that was sent.

    `written` has the sent snapshots and the sent revision of each record, by its id. One request
    reads 500 records.
    """
    if any(revision is None for _, revision in written.values()):
        return False
    try:
        latest = meta.records(connection).in_bulk(written, field_name="pk")
    # The records cannot be read now, so it stays unknown whether they are saved.
    except KintoneORMError:
        return False
    return all(
        id_ in latest and is_as_sent(latest[id_], snapshots, revision)
        for id_, (snapshots, revision) in written.items()
    )
