"""The records of another app that refer to a record: a queryset, or read for many at a time."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from kintone_orm.fields.base import UNSET
from kintone_orm.limits import KEYS_PER_REQUEST
from kintone_orm.models.ground.answer_checks import not_kintones
from kintone_orm.models.ground.chunks import cut
from kintone_orm.models.record.home import connection_of, zone_of
from kintone_orm.models.record.peers import make_peers
from kintone_orm.models.record.relation_keys import by_connection, is_blank, key_at_hand, keys_of
from kintone_orm.query.long_texts import as_compared

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from kintone_orm.connection import Connection
    from kintone_orm.fields.reference_table import ReferenceTableField
    from kintone_orm.fields.related_record import RelatedRecord
    from kintone_orm.models.ground.protocols import RelatedRecords
    from kintone_orm.models.record.instance import Instance

__all__ = ["Referred", "fetch_referring", "referring"]


class Referred:
    """The record that the records of a queryset refer to, and by which key.

    What `prefetch_related` read is kept by the record, not by the queryset.
    """

    __slots__ = ("_instance", "_key", "_name")

    def __init__(self, field: ReferenceTableField, instance: Instance, key: Any) -> None:
        self._name = field.name
        self._instance = instance
        self._key = key

    def prefetched(self) -> list[Any] | None:
        """The rows that were read for the record, until it is refreshed or one is written."""
        found = self._instance._state.related_by(self._name, self._key)
        return None if found is UNSET else found

    def forget_prefetched(self) -> None:
        """One of the rows is written now, or one is added: those that were read are old."""
        (self._instance._state.related or {}).pop(self._name, None)

    @property
    def _field(self) -> Any:
        return self._instance._meta.fields[self._name]

    def values(self) -> dict[str, Any]:
        """What a new record needs to refer to it; ValueError if it has no key."""
        if is_blank(self._key):
            raise ValueError(
                f"Nothing can refer to {self._instance!r}: its {self._field.key!r} is blank."
            )
        return {self._field.related: self._key}

    def let_refer(self, rows: Iterable[Instance]) -> None:
        """Let new records refer to it; ValueError, and none does, if one refers to another."""
        unsaid = []
        for name, key in self.values().items():
            for row in rows:
                field = row._meta.get_field(name)
                held = field.peek(row)
                if held is UNSET or is_blank(held):
                    unsaid.append((row, name, key))
                elif as_compared(held) != as_compared(field.coerce(key, partial(zone_of, row))):
                    raise ValueError(f"{row!r} refers to {held!r}, not to {self._instance!r}.")
        for row, name, key in unsaid:
            setattr(row, name, key)

    def lead_back(self, rows: Iterable[Instance]) -> None:
        """Let the rows have the record at hand, where they have a relation that leads to it."""
        back = [each for each in self._field.target._meta.relations.values() if self._is_back(each)]
        for relation in back:
            for row in rows:
                key = key_at_hand(row, relation.field)
                if as_compared(key) == as_compared(self._key):
                    row._state.relate(relation.name, key, self._instance)

    def _is_back(self, relation: RelatedRecord[Any]) -> bool:
        field, ours = self._field, self._field.model._meta
        return (
            relation.field == field.related
            and relation.target._meta.concrete_model is ours.concrete_model
            and ours.get_field(relation.key) is ours.get_field(field.key)
        )


def referring(instance: Instance, field: ReferenceTableField) -> Any:
    """As `ReferenceTableField`: a queryset of the records that refer to this one."""
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
    """The records that refer to `instances`; those of each are put there under `name`, in a list.

    One request for the records, up to five hundred, of a hundred keys; none for what is there
    already, unless `records` says which to choose from.
    """
    every: list[Instance] = []
    theirs = field.target._meta.get_field(field.related).typed()
    for connection, group in by_connection(instances):
        keys = keys_of(group, field.key_name)
        lacking = []
        for instance in group:
            there = instance._state.related_by(name, keys[id(instance)])
            if records is not None or there is UNSET:
                lacking.append(instance)
            else:
                every += there
        # Compared in the form that the other model has them: "5" may be 5 there.
        same = {
            key: as_compared(theirs.coerce(key, partial(zone_of, group[0])))
            for key in dict.fromkeys(keys[id(each)] for each in lacking)
            if key is not UNSET and not is_blank(key)
        }
        every_one = field.target._default_manager if records is None else records
        base = _that_refer(field, every_one, connection)
        base = base.fetch_mode(group[0]._state.fetch_mode)
        base = base._asking(base._query.including(theirs.name))
        rows: dict[Any, list[Instance]] = {key: [] for key in same.values()}
        for part in cut(rows, KEYS_PER_REQUEST):
            for row in base.filter(**{f"{field.related}__in": part}).iterator():
                key = as_compared(getattr(row, field.related))  # DecodeError if it is unreadable
                if key not in rows:
                    why = f"{row!r} does not refer to a record by which it was asked for"
                    raise not_kintones(connection, why)
                rows[key].append(row)
        found = [row for each in rows.values() for row in each]
        make_peers(found)
        every += found
        for instance in lacking:
            key = keys[id(instance)]
            if key is not UNSET:
                mine = list(rows[same[key]]) if key in same else []
                instance._state.relate(name, key, mine)
                Referred(field, instance, same.get(key)).lead_back(mine)
    return every


def _that_refer(
    field: ReferenceTableField, records: RelatedRecords, connection: Connection
) -> RelatedRecords:
    records = records.using(connection)
    return records.raw(field.filter_cond) if field.filter_cond else records
