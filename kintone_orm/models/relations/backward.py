"""Backward relations: the records of another app that refer to a record by its key."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from kintone_orm.fields.base import UNSET
from kintone_orm.limits import KEYS_PER_REQUEST
from kintone_orm.models.ground.answer_checks import impossible_answer
from kintone_orm.models.ground.chunks import cut
from kintone_orm.models.record.home import connection_of, zone_of
from kintone_orm.models.record.peers import make_peers, memory_of
from kintone_orm.models.record.relation_keys import by_connection, is_blank, key_at_hand, keys_of
from kintone_orm.query.long_texts import as_compared

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from kintone_orm.connection import Connection
    from kintone_orm.fields.reference_table import ReferenceTableField
    from kintone_orm.fields.related_record import RelatedRecord
    from kintone_orm.models.ground.protocols import RelatedRecords
    from kintone_orm.models.record.instance import Instance

__all__ = ["Referred", "fetch_referring", "referring_records"]


class Referred:
    """The record that all records of a queryset refer to, and the key by which they refer to it.

    Prefetched records are kept in the state of that record, not in the queryset.
    """

    __slots__ = ("_instance", "_key", "_name")

    def __init__(self, field: ReferenceTableField, instance: Instance, key: object) -> None:
        self._name = field.name
        self._instance = instance
        self._key = key

    def prefetched(self) -> list[Any] | None:
        """Return the prefetched records; None without a prefetch, or if the key has changed."""
        records = self._instance._state.related_by(self._name, self._key)
        return None if records is UNSET else records

    def forget_prefetched(self) -> None:
        """Drop the prefetched records, because one of them is written or a new one is added."""
        (self._instance._state.related or {}).pop(self._name, None)

    @property
    def _field(self) -> Any:
        return self._instance._meta.fields[self._name]

    def values(self) -> dict[str, Any]:
        """Return the values that make a new record refer to the instance.

        ValueError if the key of the instance is blank.
        """
        if is_blank(self._key):
            raise ValueError(
                f"No record can refer to {self._instance!r}, because its {self._field.key!r} is "
                "blank. Give it a value first."
            )
        return {self._field.related: self._key}

    def link(self, records: Iterable[Instance]) -> None:
        """Set the key of new records, so that they refer to the instance.

        If one of the records refers to another instance, ValueError is raised and no key is set.
        """
        unlinked = []
        for name, key in self.values().items():
            for record in records:
                field = record._meta.get_field(name)
                present = field.peek(record)
                if present is UNSET or is_blank(present):
                    unlinked.append((record, name, key))
                elif as_compared(present) != as_compared(
                    field.coerce(key, partial(zone_of, record))
                ):
                    raise ValueError(
                        f"{record!r} refers to {present!r}, not to {self._instance!r}."
                    )
        for record, name, key in unlinked:
            setattr(record, name, key)

    def link_back(self, records: Iterable[Instance]) -> None:
        """Make the forward relations of the records return this instance, without a request."""
        relations = self._field.target._meta.relations.values()
        for relation in (relation for relation in relations if self._is_back(relation)):
            for record in records:
                key = key_at_hand(record, relation.field)
                if as_compared(key) == as_compared(self._key):
                    record._state.relate(relation.name, key, self._instance)

    def _is_back(self, relation: RelatedRecord[Any]) -> bool:
        field, ours = self._field, self._field.model._meta
        return (
            relation.field == field.related
            and relation.target._meta.concrete_model is ours.concrete_model
            and ours.get_field(relation.key) is ours.get_field(field.key)
        )


def referring_records(instance: Instance, field: ReferenceTableField) -> Any:
    """Return a queryset of the records that refer to the instance: see `ReferenceTableField`."""
    key = getattr(instance, field.key_name)
    records = _that_refer(field, field.target._default_manager, connection_of(instance))
    records = records.fetch_mode(instance._state.fetch_mode)
    records = records.none() if is_blank(key) else records.filter(**{field.related: key})
    return records._handed_out(Referred(field, instance, key))


def fetch_referring(
    field: ReferenceTableField,
    name: str,
    instances: Sequence[Instance],
    *,
    records: RelatedRecords | None = None,
) -> list[Instance]:
    """Read the records that refer to `instances`; each instance keeps a list of its own as `name`.

    One request for each hundred keys, and one more for each further page of 500 records. Known
    lists are read again only with `records`, a queryset that limits the related records.
    """
    every: list[Instance] = []
    theirs = field.target._meta.get_field(field.related).typed()
    for connection, group in by_connection(instances):
        keys = keys_of(group, field.key_name)
        unread = []
        for instance in group:
            known = instance._state.related_by(name, keys[id(instance)])
            if records is not None or known is UNSET:
                unread.append(instance)
            else:
                every += known
        # Convert the keys to the type of the other model's field: the text "5" may be the number 5
        # in that field.
        their_keys = {
            key: as_compared(theirs.coerce(key, partial(zone_of, group[0])))
            for key in dict.fromkeys(keys[id(instance)] for instance in unread)
            if key is not UNSET and not is_blank(key)
        }
        all_records = field.target._default_manager if records is None else records
        base = _that_refer(field, all_records, connection)
        base = base.fetch_mode(group[0]._state.fetch_mode)
        base = base._asking(base._query.including(theirs.name))
        by_key: dict[Any, list[Instance]] = {key: [] for key in their_keys.values()}
        for keys_asked in cut(by_key, KEYS_PER_REQUEST):
            for record in base.filter(**{f"{field.related}__in": keys_asked}).iterator():
                # Reading the attribute decodes the value, which may raise DecodeError.
                key = as_compared(getattr(record, field.related))
                if key not in by_key:
                    why = f"{record!r} has a key that was not asked for"
                    raise impossible_answer(connection, why)
                by_key[key].append(record)
        fetched = [record for group_of_key in by_key.values() for record in group_of_key]
        make_peers(fetched, memory_of(group[0]))
        every += fetched
        for instance in unread:
            key = keys[id(instance)]
            if key is not UNSET:
                own = list(by_key[their_keys[key]]) if key in their_keys else []
                instance._state.relate(name, key, own)
                Referred(field, instance, their_keys.get(key)).link_back(own)
    return every


def _that_refer(
    field: ReferenceTableField, records: RelatedRecords, connection: Connection
) -> RelatedRecords:
    records = records.using(connection)
    return records.raw(field.filter_cond) if field.filter_cond else records
