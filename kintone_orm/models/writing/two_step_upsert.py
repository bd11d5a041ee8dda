"""Adding or changing records by a key in two steps: the keys are looked up, then all is written.

kintone's upsert writes one and the same into a record that is there and into a new one. Where those
two differ, a default of the model's being for new records alone, the keys are read first, and what
is there is changed by its id, what is not is added, in one atomic request. A lookup's key that the
record has already is left out: kintone would copy its record's values once more.

Between the two steps somebody else may add a key, or delete a record. Then the request is refused
as a whole, the keys are looked up again, and it is sent again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from kintone_orm.api.records import add_records, update_records
from kintone_orm.exceptions import InvalidInput, UniqueViolation, ValidationError
from kintone_orm.fields.lookup import LookupField
from kintone_orm.http.codes import Meaning, meaning_of
from kintone_orm.limits import REQUESTS_PER_BULK
from kintone_orm.models.ground.chunks import cut
from kintone_orm.models.record.validation import messages_by_field
from kintone_orm.models.writing.batches import Part, write_groups
from kintone_orm.models.writing.bulk import encode_one
from kintone_orm.models.writing.refusals import Sent, refused_many
from kintone_orm.models.writing.saving import inserted
from kintone_orm.models.writing.stored_keys import KnownKeys
from kintone_orm.models.writing.taken_values import say_that_it_may_be_unseen

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kintone_orm.api.caller import Caller
    from kintone_orm.connection import Connection
    from kintone_orm.exceptions import APIError, KintoneORMError
    from kintone_orm.fields.base import Field
    from kintone_orm.models.base import Model
    from kintone_orm.models.definition.options import Options

__all__ = ["Wanted", "look_and_write"]

_ATTEMPTS = 3


class Wanted(NamedTuple):
    """An object with what a new record gets of it, and what one gets that is there."""

    new: Sent
    existing: Mapping[str, Any]


def look_and_write(
    meta: Options,
    wanted: Sequence[Wanted],
    key: Field[Any, Any],
    connection: Connection,
    *,
    size: int,
) -> None:
    """Add those of them whose `key` no record has, and change the records of the others.

    One request for each 499 keys, and one for each 1,900 objects (the changed ones and the new ones
    are hundreds of their own, of which a request has twenty). A group that is refused because of
    somebody else is looked up and sent again, three times at most.
    """
    names = {name for each in wanted for name in each.existing}
    lookups = [name for name in names if isinstance(meta.fields[name], LookupField)]
    known = KnownKeys(meta, key, lookups, connection)
    known.look_up(each.new.values[key.name] for each in wanted)
    tried: dict[int, int] = {}

    def parts_of(group: Sequence[Wanted]) -> list[Part]:
        return _Group(meta, key, connection, group, known).parts(size)

    def again(group: Sequence[Wanted], part: int, error: APIError) -> bool:
        here = _Group(meta, key, connection, group, known)
        refused = here.keys_in_the_way(error, part, size)
        first = group[0].new.place
        tried[first] = tried.get(first, 0) + 1
        if tried[first] > _ATTEMPTS or refused is None:
            return False
        before = here.ids()
        known.look_up((each.new.values[key.name] for each in group), refused)
        # What is there as before is refused as before: for a record that may not be seen, or for
        # a value that kintone does not take.
        return here.ids() != before

    write_groups(
        meta,
        connection,
        wanted,
        parts_of,
        group=size * (REQUESTS_PER_BULK - 1),
        name=lambda each: each.new.instance,
        again=again,
    )


class _Group:
    """The objects of one atomic request, and the records that were found for them."""

    def __init__(
        self,
        meta: Options,
        key: Field[Any, Any],
        connection: Connection,
        group: Sequence[Wanted],
        known: KnownKeys,
    ) -> None:
        self._meta = meta
        self._key = key
        self._connection = connection
        self._group = group
        self._known = known

    def ids(self) -> list[int | None]:
        """The ids of the records that are there, by the objects."""
        records = [self._record_of(each) for each in self._group]
        return [None if record is None else record.pk for record in records]

    def parts(self, size: int) -> list[Part]:
        """The requests: what is there by its id, then what is new."""
        changed = [self._change_part(part) for part in cut(self._changes(), size)]
        added = [self._add_part(part) for part in cut(self._additions(), size)]
        return [*changed, *added, self._unchanged_part()]

    def keys_in_the_way(self, error: APIError, part: int, size: int) -> list[Any] | None:
        """The keys of new records that exist by now; none if a record is gone; None if neither."""
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

    def _record_of(self, wanted: Wanted) -> Model | None:
        return self._known.record(wanted.new.values[self._key.name])

    def _additions(self) -> list[Sent]:
        return [each.new for each in self._group if self._record_of(each) is None]

    def _changes(self) -> list[tuple[Sent, Model]]:
        return [(sent, record) for sent, record in self._existing() if sent.values]

    def _existing(self) -> list[tuple[Sent, Model]]:
        """The objects whose record is there, with what that is to get."""
        found = []
        for each in self._group:
            if (record := self._record_of(each)) is not None:
                sent = {
                    name: value
                    for name, value in each.existing.items()
                    if not self._is_copied(record, name, value)
                }
                found.append((each.new._replace(values=sent), record))
        return found

    def _is_copied(self, record: Model, name: str, value: Any) -> bool:
        field = self._meta.fields[name]
        return isinstance(field, LookupField) and field.peek(record) == value

    def _change_part(self, part: Sequence[tuple[Sent, Model]]) -> Part:
        app = self._meta.app_id(self._connection)

        def send(caller: Caller) -> Any:
            records = [
                {"id": record.pk, "record": encode_one(each, self._connection)}
                for each, record in part
            ]
            return update_records(caller, app=app, records=records)

        def learn(answer: Mapping[str, Any]) -> None:
            for (each, record), told in zip(part, answer["records"], strict=True):
                self._is_there(each, record, told["revision"])

        def refused(error: APIError) -> KintoneORMError:
            return refused_many(self._meta, self._connection, error, [each for each, _ in part])

        return Part(send, learn, refused)

    def _unchanged_part(self) -> Part:
        """Those whose record is to get nothing: they are that record, and no request is sent."""

        def learn(_answer: Any) -> None:
            for each, record in self._existing():
                if not each.values:
                    self._is_there(each, record, record.revision)

        return Part(None, learn, lambda error: error)

    def _is_there(self, sent: Sent, record: Model, revision: Any) -> None:
        """The object is a record that was there; what was not sent of it is to be read."""
        key = self._key.peek(record)
        self._key.put(sent.instance, key)
        values = {**sent.values, self._key.name: key}
        inserted(sent.instance, self._connection, values, record.pk, revision, added=False)

    def _add_part(self, part: Sequence[Sent]) -> Part:
        app = self._meta.app_id(self._connection)

        def send(caller: Caller) -> Any:
            records = [encode_one(each, self._connection) for each in part]
            return add_records(caller, app=app, records=records)

        def learn(answer: Mapping[str, Any]) -> None:
            told = zip(part, answer["ids"], answer["revisions"], strict=True)
            for each, id_, revision in told:
                inserted(each.instance, self._connection, each.values, id_, revision)

        return Part(send, learn, lambda error: self._not_added(error, part))

    def _not_added(self, error: APIError, part: Sequence[Sent]) -> KintoneORMError:
        """As `refused_many`; a key that nobody is seen to have may be an unseen record's."""
        refusal = refused_many(self._meta, self._connection, error, part)
        if isinstance(refusal, ValidationError):
            taken = refusal.taken_by if isinstance(refusal, UniqueViolation) else {}
            for each in part:
                place = f"[{each.place}].{self._key.name}"
                if place not in taken:
                    say_that_it_may_be_unseen(refusal, place, each.values[self._key.name])
        return refusal
