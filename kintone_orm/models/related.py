"""The records that a record refers to, and those that refer to it, found by keys, in hundreds."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from kintone_orm.exceptions import FieldError, NotSupportedError
from kintone_orm.fields.base import UNSET
from kintone_orm.limits import KEYS_PER_REQUEST
from kintone_orm.models.bulk_writer import cut
from kintone_orm.models.fetch_modes import FETCH_ONE
from kintone_orm.models.peers import fetch_missing, make_peers, peers_of, require_fetching

if TYPE_CHECKING:
    from collections.abc import Iterable, MutableMapping, Sequence

    from kintone_orm.connection import Connection
    from kintone_orm.fields.reference import ReferenceTableField
    from kintone_orm.fields.related import RelatedRecord
    from kintone_orm.models.base import Model
    from kintone_orm.models.queryset import QuerySet

__all__ = ["fetch_referring", "fetch_related", "referring", "supply_related"]

_BLANK = (None, "")


def supply_related(instance: Model, relation: RelatedRecord[Any]) -> Any:
    """As `RelatedRecord`: the other record, fetched if it is not there, or None."""
    key = getattr(instance, relation.field)
    if key in _BLANK:
        return None
    found = instance._state.related_by(relation.name, key)
    if found is UNSET:
        require_fetching(instance, relation, f"Name it in select_related({relation.name!r})")
        fetch_related(relation, relation.name, _unrelated(relation, instance))
        found = instance._state.related_by(relation.name, key)
    gone = relation.target.DoesNotExist
    if found is gone:
        raise gone(
            f"{instance!r}: no {relation.target.__name__} has the {relation.key} {key!r} of "
            f"{relation.holder} any more, or you may not see it."
        )
    return found


def fetch_related(
    relation: RelatedRecord[Any],
    name: str,
    instances: Sequence[Model],
    *,
    records: QuerySet[Any, Any] | None = None,
    known: MutableMapping[Any, Any] | None = None,
) -> list[Model]:
    """The records that `instances` refer to, each once; they are put there under `name`.

    Those with the same key get the same object. One request for a hundred keys; none for keys that
    are in `known`, which gets what is found. `records` are those to choose from: what is not among
    them is None. Without it, what is not found is gone, and who reads it is told.
    """
    absent = None if records is not None or name != relation.name else relation.target.DoesNotExist
    related: dict[int, Model] = {}
    for connection, group in _by_connection(instances):
        keys = _keys_of(group, relation.field)
        found = dict(known or {})
        wanted = [key for key in dict.fromkeys(keys.values()) if key not in found]
        base = relation.target._records(connection) if records is None else records
        base = base.using(connection).fetch_mode(group[0]._state.fetch_mode)
        fresh: dict[Any, Model] = {}
        for part in cut(_askable(relation, wanted), KEYS_PER_REQUEST):
            fresh |= base.in_bulk(part, field_name=relation.key)
        make_peers(fresh.values())
        found |= fresh
        if known is not None:
            known.update(fresh)
        for instance in group:
            key = keys[id(instance)]
            if key is UNSET:
                continue  # it cannot be decoded, and who reads it is told
            record = None if key in _BLANK else found.get(key, absent)
            instance._state.relate(name, key, record)
            if record not in (None, absent):
                related[id(record)] = record
    return list(related.values())


def referring(instance: Model, field: ReferenceTableField) -> Any:
    """As `ReferenceTableField`: a queryset of the records that refer to this one."""
    key = getattr(instance, field.key)
    records = _that_refer(field, field.target._default_manager, instance._connection(None))
    if key in _BLANK:
        records = records.none()
    else:
        records = records.filter(**{field.related: key})
        found = instance._state.related_by(field.name, key)
        records._cache = None if found is UNSET else found
    records._as_manager, records._made_with = True, {field.related: key}
    return records


def fetch_referring(
    field: ReferenceTableField,
    name: str,
    instances: Sequence[Model],
    *,
    records: QuerySet[Any, Any] | None = None,
) -> list[Model]:
    """The records that refer to `instances`; those of each are put there under `name`, in a list.

    One request for the records, up to five hundred, of a hundred keys.
    """
    every: list[Model] = []
    theirs = field.target._meta.get_field(field.related).typed()
    for connection, group in _by_connection(instances):
        keys = _keys_of(group, field.key)
        # Compared in the form that the other model has them: "5" may be 5 there.
        same = {
            key: theirs.coerce(key, group[0]._zone)
            for key in dict.fromkeys(keys.values())
            if key not in (*_BLANK, UNSET)
        }
        every_one = field.target._default_manager if records is None else records
        base = _that_refer(field, every_one, connection)
        base = base.fetch_mode(group[0]._state.fetch_mode)
        base._shape = base._instances("prefetch_related").including(theirs.name)
        rows: dict[Any, list[Model]] = {key: [] for key in same.values()}
        for part in cut(rows, KEYS_PER_REQUEST):
            for row in base.filter(**{f"{field.related}__in": part}).iterator():
                rows[_peek(row, field.related)].append(row)
        found = [row for each in rows.values() for row in each]
        make_peers(found)
        every += found
        back = [r for r in field.target._meta.relations.values() if _is_back(r, field)]
        for instance in group:
            key = keys[id(instance)]
            if key is UNSET:
                continue
            mine = rows[same[key]] if key in same else []
            instance._state.relate(name, key, list(mine))
            for relation in back:
                for row in mine:
                    row._state.relate(relation.name, _peek(row, relation.field), instance)
    return every


def _that_refer(
    field: ReferenceTableField, records: QuerySet[Any, Any], connection: Connection
) -> QuerySet[Any, Any]:
    records = records.using(connection)
    return records.raw(field.filter_cond) if field.filter_cond else records


def _is_back(relation: RelatedRecord[Any], field: ReferenceTableField) -> bool:
    """Whether the relation of the other model leads from the related records back to this one."""
    ours = field.model._meta
    return (
        relation.field == field.related
        and ours.get_field(relation.key) is ours.get_field(field.key)
        and relation.target._meta.concrete_model is ours.concrete_model
    )


def _unrelated(relation: RelatedRecord[Any], instance: Model) -> list[Model]:
    """The record, and its peers that do not have the other record yet."""
    if instance._state.fetch_mode is FETCH_ONE:
        return [instance]
    return [
        each
        for each in peers_of(instance)
        if (key := _peek(each, relation.field)) is not UNSET
        and each._state.related_by(relation.name, key) is UNSET
    ]


def _by_connection(instances: Iterable[Model]) -> Iterable[tuple[Connection, list[Model]]]:
    groups: dict[int, tuple[Connection, list[Model]]] = {}
    for instance in instances:
        connection = instance._connection(None)
        groups.setdefault(id(connection), (connection, []))[1].append(instance)
    return groups.values()


def _keys_of(instances: Sequence[Model], name: str) -> dict[int, Any]:
    """The values of the field `name` by the `id()` of the record, read where they are deferred."""
    absent = [each for each in instances if _peek(each, name) is UNSET]
    if lacking := [each for each in absent if name in each.get_deferred_fields()]:
        fetch_missing(lacking)
    return {id(each): _peek(each, name) for each in instances}


def _peek(instance: Model, name: str) -> Any:
    return instance.pk if name in ("id", "pk") else instance._meta.fields[name].peek(instance)


def _askable(relation: RelatedRecord[Any], keys: Iterable[Any]) -> list[Any]:
    """The keys that a record can have: another one, such as 5.5 for an id, nobody need ask for."""
    field, found = relation.key_field, []
    for key in keys:
        if key in (*_BLANK, UNSET):
            continue
        whole = int(key) if isinstance(key, Decimal) and key == int(key) else key
        try:
            field.operand("in", whole, lambda: None)
        except (FieldError, NotSupportedError):
            continue
        found.append(whole)
    return found
