"""A save of a known record: it sends the changes, or the fields that were named.

A subtable goes as the ids of its rows and the cells that changed (`fields.row_sending`), so it
always carries the revision that the ids are of: an id that is gone would make a new, blank row.
Where no check was asked for and kintone refuses that revision, the tables are read again: rows that
are still there go by id, rows that are gone go whole, and the cells that were changed here win.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Any

from kintone_orm.fields.base import UNSET
from kintone_orm.fields.lookup import LookupField
from kintone_orm.fields.row_sending import kept_ids, sent_rows
from kintone_orm.fields.subtable import SubtableField
from kintone_orm.fields.subtable_row import Row
from kintone_orm.http.codes import Meaning, meaning_of
from kintone_orm.limits import RECORDS_PER_PAGE
from kintone_orm.models.ground.chunks import cut
from kintone_orm.models.record.changes import changes
from kintone_orm.models.record.lost_values import require_not_lost
from kintone_orm.models.record.tracked_lists import at_hand, base_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from kintone_orm.connection import Connection
    from kintone_orm.exceptions import APIError
    from kintone_orm.models.base import Model
    from kintone_orm.models.definition.options import Options

__all__ = ["Outgoing", "can_be_merged", "outgoing", "sent_columns"]

# How often a record is sent again after somebody else wrote its tables in between.
_MOST_MERGES = 3


class Outgoing:
    """The `values` of a record that are to be sent, by name, and what they take the place of.

    `bases` are snapshots of what kintone holds in the lists among them, `unsaved` are the changes
    that stay behind, and `unchanged` the names that were given although nothing changed. `by_id`
    are the subtables that are sent by the ids of their rows, and `overtaken` those that were read
    again. `place` is the object's among those that a program gave.
    """

    __slots__ = (
        *("bases", "by_id", "instance", "merges", "overtaken", "place", "revision"),
        *("unchanged", "unsaved", "values"),
    )

    def __init__(
        self, instance: Model, values: dict[str, Any], changed: Iterable[str], place: int
    ) -> None:
        fields = instance._meta.fields
        self.instance = instance
        self.place = place
        self.merges = 0
        self.values = values
        self.unsaved = frozenset(changed) - values.keys()
        self.unchanged = values.keys() - frozenset(changed)
        self.bases = {name: base_of(instance, fields[name]) for name in values}
        self.by_id = [
            name
            for name, value in values.items()
            if isinstance(fields[name], SubtableField) and any(kept_ids(value, self.bases[name]))
        ]
        self.revision = instance.revision
        self.overtaken: frozenset[str] = frozenset()

    def leave_out_keys(self, lookups: frozenset[str]) -> None:
        """Send no key of the `lookups` that is as it was read: kintone would copy again."""
        for name in self.unchanged & lookups:
            del self.values[name]

    def columns(self) -> dict[str, set[str]]:
        """The names of the columns of which cells are sent, by the table's name."""
        return sent_columns(self.instance._meta, [(self.values, self.bases)])

    def revision_to_send(self, *, check: bool) -> int | None:
        """The revision that goes along; None if it does not matter."""
        return self.revision if check or self.by_id else None

    def take_over(self, record: Mapping[str, Any]) -> None:
        """Base the tables on the rows that `record`, just read, still has."""
        self.revision = int(record["$revision"]["value"])
        for name in self.by_id:
            sent = record[self.instance._meta.fields[name].code]["value"]
            ids = {int(row["id"]) for row in sent}
            self.bases[name] = tuple(row for row in self.bases[name] if row[0] in ids)
        self.overtaken = frozenset(self.by_id)
        self.merges += 1


def sent_columns(
    meta: Options, sent: Iterable[tuple[Mapping[str, Any], Mapping[str, Any]]]
) -> dict[str, set[str]]:
    """The names of the columns of which cells are sent, by the table's name.

    `sent` are the values of each record, and what they take the place of.
    """
    found: dict[str, set[str]] = {}
    for values, bases in sent:
        for name, value in values.items():
            if isinstance(meta.fields[name], SubtableField):
                rows = [row for row in value if isinstance(row, Row)]  # the rest is refused later
                cells = (each.cells for each in sent_rows(rows, bases.get(name, UNSET)))
                found.setdefault(name, set()).update(f.name for c in cells for f, _ in c)
    return found


def outgoing(
    instance: Model, names: Sequence[str] | None = None, *, fetch: bool = False, place: int = 0
) -> Outgoing:
    """The changes to be sent, or the fields `names`; what they lack is read, in one request.

    Of the `names`, those that are loaded are sent; with `fetch`, all. The key of a declared lookup
    that is as it was read is left out; `leave_out_keys` does so for one that only the form knows.
    """
    require_not_lost(instance, instance._meta.fields)
    changed, held = changes(instance), instance._state.held
    wanted = set(changed) if names is None else set(names)
    if not fetch:
        wanted &= changed.keys()
    if held is not None and held.make_ready(instance, wanted):
        changed = changes(instance)
    if names is None:
        values = {name: new for name, (_, new) in changed.items()}
        return Outgoing(instance, values, values, place)
    fields = instance._meta.fields
    if fetch and any(at_hand(instance, fields[name]) is UNSET for name in names):
        for name in names:
            getattr(instance, name)  # the first one reads all that is deferred
        changed = changes(instance)
    values = {}
    for name in names:
        field = fields[name]
        loaded = fetch or name in changed
        value = at_hand(instance, field) if loaded else field.peek(instance)
        if value is not UNSET and (name in changed or not isinstance(field, LookupField)):
            values[name] = value
    return Outgoing(instance, values, changed, place)


def can_be_merged(error: APIError, records: Iterable[Outgoing], connection: Connection) -> bool:
    """True if records that were refused can be sent again, where no check was asked for.

    They can if somebody else was faster and tables among them are sent by id, which are read again
    now, five hundred records a request; three times at most. A record that is gone stays as it is:
    kintone refuses it by its id.
    """
    by_id = {each.instance._require_id(): each for each in records if each.by_id}
    lost = meaning_of(error) is Meaning.LOST_RACE
    if not lost or not by_id or max(each.merges for each in by_id.values()) >= _MOST_MERGES:
        return False
    model = type(next(iter(by_id.values())).instance)
    names = {name for each in by_id.values() for name in each.by_id}
    codes = ["$id", "$revision", *(f.code for n, f in model._meta.fields.items() if n in names)]
    for part in cut(by_id, RECORDS_PER_PAGE):
        found = model._records(connection).filter(pk__in=part)[: len(part)]
        for record in chain.from_iterable(found._pages(codes)):
            by_id[int(record["$id"]["value"])].take_over(record)
    return True
