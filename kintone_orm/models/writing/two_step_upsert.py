"""Upserts in two steps: read the records with the keys, then update or add in one bulkRequest.

kintone's own upsert writes the same values into existing and new records. Two steps are needed
where the values differ, for example because the model's defaults are for new records only. Records
that exist are updated by their ids, and the other objects are added. One atomic request does both.
A lookup's key that the record already has is left out: kintone would copy the source's values
again.

Between the two steps somebody else may add a key or delete a record. Then kintone refuses the whole
request, the keys are read again, and the request is built and sent again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from kintone_orm import exceptions
from kintone_orm.api.records import add_records, update_records
from kintone_orm.exceptions import InvalidInput
from kintone_orm.fields.lookup import LookupField
from kintone_orm.http.codes import Meaning, meaning_of
from kintone_orm.limits import REQUESTS_PER_BULK
from kintone_orm.models.ground.chunks import cut
from kintone_orm.models.record.home import require_id
from kintone_orm.models.record.validation import messages_by_field
from kintone_orm.models.writing.batches import Part, write_groups
from kintone_orm.models.writing.bulk import encode_one
from kintone_orm.models.writing.form_check import check_write
from kintone_orm.models.writing.refusals import Sent, refused_many
from kintone_orm.models.writing.saving import apply_insert
from kintone_orm.models.writing.stored_keys import KnownKeys
from kintone_orm.models.writing.taken_values import mention_hidden_records

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kintone_orm.api.caller import Caller
    from kintone_orm.connection import Connection
    from kintone_orm.exceptions import APIError, KintoneORMError
    from kintone_orm.fields.base import Field
    from kintone_orm.models.ground.protocols import Meta
    from kintone_orm.models.ground.values import Answer
    from kintone_orm.models.record.instance import Instance

__all__ = ["Upsert", "look_and_write"]

_ATTEMPTS = 3


class Upsert(NamedTuple):
    """An object, with its values for a new record and its values for an existing record."""

    new: Sent
    existing: Mapping[str, Any]


def look_and_write(
    meta: Meta,
    upserts: Sequence[Upsert],
    key: Field,
    connection: Connection,
    *,
    size: int,
) -> None:
    """Update the records that have the objects' `key`, and add the other objects.

    One request reads 499 keys, and one bulkRequest writes a group of 1,900 objects. A bulkRequest
    holds 20 requests of 100 records. Updates and additions are separate requests, and the last one
    of each may be incomplete, so 1,900 objects always fit in 20. With an OAuth token, each of these
    requests is sent by itself. If a group is refused because of somebody else's write, its keys are
    read again and the group is sent again, up to three times.

    Before the first group is written, objects without a stored record are checked by the app's form
    as new ones.
    """
    names = {name for upsert in upserts for name in upsert.existing}
    lookups = [name for name in names if isinstance(meta.fields[name], LookupField)]
    known = KnownKeys(meta, key, lookups, connection)
    known.look_up(upsert.new.values[key.name] for upsert in upserts)
    check_write(
        meta,
        connection,
        [sent for sent, _ in upserts if not known.may_be_stored(sent.values[key.name])],
        {},
        (),
        dict,
        where=f"{meta.label}.objects.bulk_create",
        is_new=True,
        is_bulk=True,
    )
    # The number of attempts of each group, by the index of the group's first object.
    attempts: dict[int, int] = {}

    def parts_of(group: Sequence[Upsert]) -> list[Part]:
        return _Group(meta, key, connection, group, known).parts(size)

    def again(group: Sequence[Upsert], part: int, error: APIError) -> bool:
        members = _Group(meta, key, connection, group, known)
        taken_keys = members.taken_keys(error, part, size)
        first = group[0].new.place
        attempts[first] = attempts.get(first, 0) + 1
        if attempts[first] > _ATTEMPTS or taken_keys is None:
            return False
        ids_before = members.ids()
        known.look_up((upsert.new.values[key.name] for upsert in group), taken_keys)
        # If the keys lead to the same records as before, kintone would refuse the next attempt
        # too. The reason is then a record that the user may not view, or a value that kintone
        # does not accept.
        return members.ids() != ids_before

    write_groups(
        meta,
        connection,
        upserts,
        parts_of,
        group=size * (REQUESTS_PER_BULK - 1),
        name=lambda upsert: upsert.new.instance,
        again=again,
    )


class _Group:
    """The objects of one atomic request, with the stored records that have their keys."""

    def __init__(
        self,
        meta: Meta,
        key: Field,
        connection: Connection,
        group: Sequence[Upsert],
        known: KnownKeys,
    ) -> None:
        self._meta = meta
        self._key = key
        self._connection = connection
        self._group = group
        self._known = known
        self._places = {upsert.new.place: place for place, upsert in enumerate(group)}

    def ids(self) -> list[int | None]:
        """Return the id of each object's stored record, or None, in the order of the objects."""
        records = [self._record_of(upsert) for upsert in self._group]
        return [None if record is None else record.pk for record in records]

    def parts(self, size: int) -> list[Part]:
        """Return the requests: updates by id first, then additions."""
        changed = [self._change_part(part) for part in cut(self._changes(), size)]
        added = [self._add_part(part) for part in cut(self._additions(), size)]
        return [*changed, *added, self._unchanged_part()]

    def taken_keys(self, error: APIError, part: int, size: int) -> list[Any] | None:
        """Return the keys that kintone refused as taken; an empty list if a record was deleted.

        None means that the refusal has another reason, so that reading again does not help.
        """
        if meaning_of(error) is Meaning.RECORD_GONE:
            return []
        added = part - len(list(cut(self._changes(), size)))
        if not isinstance(error, InvalidInput) or added < 0:
            return None
        sent = self._additions()[added * size :]
        refused = [
            sent[index].values[self._key.name]
            for index, name in messages_by_field(self._meta, error)
            if name == self._key.name and index < len(sent)
        ]
        return refused or None

    def _places_of(self, part: Sequence[Sent]) -> list[int]:
        """Return the positions of the part's objects in the group."""
        return [self._places[sent.place] for sent in part]

    def _record_of(self, upsert: Upsert) -> Instance | None:
        return self._known.record(upsert.new.values[self._key.name])

    def _additions(self) -> list[Sent]:
        return [upsert.new for upsert in self._group if self._record_of(upsert) is None]

    def _changes(self) -> list[tuple[Sent, Instance]]:
        return [(sent, record) for sent, record in self._existing() if sent.values]

    def _existing(self) -> list[tuple[Sent, Instance]]:
        """Return the objects with a stored record, each with the values to send, and the record."""
        existing = []
        for upsert in self._group:
            if (record := self._record_of(upsert)) is not None:
                sent = {
                    name: value
                    for name, value in upsert.existing.items()
                    if not self._is_copied(record, name, value)
                }
                existing.append((upsert.new._replace(values=sent), record))
        return existing

    def _is_copied(self, record: Instance, name: str, value: object) -> bool:
        field = self._meta.fields[name]
        return isinstance(field, LookupField) and field.peek(record) == value

    def _change_part(self, part: Sequence[tuple[Sent, Instance]]) -> Part:
        app = self._meta.app_id(self._connection)

        def send(caller: Caller) -> Answer:
            records = [
                {"id": record.pk, "record": encode_one(sent, self._connection)}
                for sent, record in part
            ]
            return update_records(caller, app=app, records=records)

        def learn(answer: Answer) -> None:
            for (sent, record), written in zip(part, answer["records"], strict=True):
                self._apply_existing(sent, record, written["revision"])

        def refused(error: APIError) -> KintoneORMError:
            return refused_many(self._meta, self._connection, error, [sent for sent, _ in part])

        return Part(self._places_of([sent for sent, _ in part]), send, learn, refused)

    def _unchanged_part(self) -> Part:
        """Return a `Part` without a request, for objects whose stored record gets no values."""
        unchanged = [(sent, record) for sent, record in self._existing() if not sent.values]

        def learn(_answer: Answer) -> None:
            for sent, record in unchanged:
                self._apply_existing(sent, record, record.revision)

        return Part(
            self._places_of([sent for sent, _ in unchanged]), None, learn, lambda error: error
        )

    def _apply_existing(self, sent: Sent, record: Instance, revision: Any) -> None:
        """Turn the object into an instance of the record that an upsert updated.

        Every value that was not sent is deferred.
        """
        key = self._key.peek(record)
        self._key.put(sent.instance, key)
        values = {**sent.values, self._key.name: key}
        id_ = require_id(record)
        apply_insert(sent.instance, self._connection, values, id_, revision, added=False)

    def _add_part(self, part: Sequence[Sent]) -> Part:
        app = self._meta.app_id(self._connection)

        def send(caller: Caller) -> Answer:
            records = [encode_one(sent, self._connection) for sent in part]
            return add_records(caller, app=app, records=records)

        def learn(answer: Answer) -> None:
            added = zip(part, answer["ids"], answer["revisions"], strict=True)
            for sent, id_, revision in added:
                apply_insert(sent.instance, self._connection, sent.values, id_, revision)

        return Part(self._places_of(part), send, learn, lambda error: self._not_added(error, part))

    def _not_added(self, error: APIError, part: Sequence[Sent]) -> KintoneORMError:
        """Return the error of `refused_many`; it mentions that a hidden record may have the key."""
        refusal = refused_many(self._meta, self._connection, error, part)
        if isinstance(refusal, exceptions.ValidationError):
            taken = refusal.taken_by if isinstance(refusal, exceptions.UniqueViolation) else {}
            for sent in part:
                place = f"[{sent.place}].{self._key.name}"
                if place not in taken:
                    mention_hidden_records(refusal, place, sent.values[self._key.name])
        return refusal
