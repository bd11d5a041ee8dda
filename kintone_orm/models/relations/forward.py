"""Forward relations: the record of another app that a record refers to, found by its key."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from kintone_orm.exceptions import FieldError, NotSupportedError
from kintone_orm.fields.base import UNSET
from kintone_orm.limits import KEYS_PER_REQUEST
from kintone_orm.models.ground.chunks import cut
from kintone_orm.models.ground.fetch_modes import FETCH_PEERS
from kintone_orm.models.record.peers import make_peers, memory_of, peers_of, require_fetching
from kintone_orm.models.record.relation_keys import by_connection, is_blank, key_at_hand, keys_of
from kintone_orm.query.long_texts import as_compared

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from kintone_orm.connection import Connection
    from kintone_orm.fields.base import Field
    from kintone_orm.fields.related_record import RelatedRecord
    from kintone_orm.models.ground.protocols import Records
    from kintone_orm.models.record.instance import Instance
    from kintone_orm.models.record.related_memory import RelatedMemory, RememberedRecords

__all__ = ["fetch_related", "related_record"]


def related_record(instance: Instance, relation: RelatedRecord[Any]) -> Any:
    """Return the related record, fetched if it is unknown; None if the key is blank."""
    key = getattr(instance, relation.field)
    if is_blank(key):
        return None
    related = instance._state.related_by(relation.name, key)
    if related is UNSET:
        require_fetching(instance, relation, f"Name it in select_related({relation.name!r})")
        memory = memory_of(instance) if instance._state.fetch_mode is FETCH_PEERS else None
        fetch_related(
            relation,
            relation.name,
            _with_key(relation, peers_of(instance)),
            remembered=None if memory is None else memory.of(relation),
        )
        related = instance._state.related_by(relation.name, key)
    gone = relation.target.DoesNotExist
    if related is gone:
        raise gone(
            f"{instance!r}: {relation.holder} is {key!r}, but no {relation.target.__name__} has "
            f"this {relation.key}, or you may not view the record."
        )
    return related


def fetch_related(
    relation: RelatedRecord[Any],
    name: str,
    instances: Sequence[Instance],
    *,
    records: Records | None = None,
    remembered: RememberedRecords | None = None,
) -> list[Instance]:
    """Read the records that `instances` refer to; each instance keeps its own under `name`.

    Return the related records, each once. Instances with the same key get the same object. One
    request for each hundred keys. Records that the instances already have are not read again.

    `records` is a queryset that limits the related records: for a record outside the queryset, the
    relation is None. Without `records`, a missing record no longer exists, and reading the relation
    raises DoesNotExist.

    Records that are `remembered` are not read again either, and new records are added to them.
    """
    absent = None if records is not None or name != relation.name else relation.target.DoesNotExist
    related: dict[int, Instance] = {}
    for connection, group in by_connection(instances):
        keys = keys_of(group, relation.field)
        kept = {
            id(one): UNSET if records is not None else one._state.related_by(name, keys[id(one)])
            for one in group
        }
        missing_keys = dict.fromkeys(keys[one] for one, other in kept.items() if other is UNSET)
        base = relation.target._meta.records(connection) if records is None else records
        base = base.using(connection).fetch_mode(group[0]._state.fetch_mode)
        compared = dict.fromkeys(
            relation.compared(key) for key in missing_keys if key is not UNSET and not is_blank(key)
        )
        if remembered is None:
            by_key = _fetch(relation, compared, base)
        else:
            by_key = _recall_or_fetch(relation, compared, base, connection, remembered)
        for instance in group:
            key, record = keys[id(instance)], kept[id(instance)]
            if key is UNSET:
                continue
            if record is UNSET:
                record = None if is_blank(key) else by_key.get(relation.compared(key), absent)
                instance._state.relate(name, key, record)
            if record not in (None, absent):
                related[id(record)] = record
    return list(related.values())


def _recall_or_fetch(
    relation: RelatedRecord[Any],
    keys: Iterable[Any],
    records: Records,
    connection: Connection,
    remembered: RememberedRecords,
) -> dict[Any, Instance]:
    """Return the records with these keys, remembered or else read from `records`."""
    home = connection, relation.target._meta.app_id(connection)
    last_write = connection.last_writes.get(str(home[1]))
    by_key = {
        key: record
        for key, record in remembered.recall(home, keys, last_write).items()
        if record is None or _has_key(record, relation, key)
    }
    unknown = [key for key in keys if key not in by_key]
    fetched = _fetch(relation, unknown, records, remembered.memory)
    answers = {key: fetched.get(key) for key in unknown}
    by_key |= remembered.learn(home, answers, last_write)
    return {key: record for key, record in by_key.items() if record is not None}


def _fetch(
    relation: RelatedRecord[Any],
    keys: Iterable[Any],
    records: Records,
    memory: RelatedMemory | None = None,
) -> dict[Any, Instance]:
    """Return the records with these keys, which are given in the form for comparisons."""
    fetched: dict[Any, Instance] = {}
    key_field = relation.key_field
    name = "pk" if key_field.kintone_type == "__ID__" else relation.key
    for keys_asked in cut(_possible_keys(key_field, keys), KEYS_PER_REQUEST):
        page = records.in_bulk(keys_asked, field_name=name)
        fetched |= {as_compared(key): record for key, record in page.items()}
    make_peers(fetched.values(), memory)
    return fetched


def _has_key(record: Instance, relation: RelatedRecord[Any], key: object) -> bool:
    """Return True if the record, which was read by this key, is stored and has it still."""
    state, name = record._state, relation.key_field.name
    if state.adding or state.missing:
        return False
    assigned = state.originals or {}
    stored = assigned[name] if name in assigned else key_at_hand(record, name)
    return bool(as_compared(stored) == key)


def _with_key(relation: RelatedRecord[Any], instances: Sequence[Instance]) -> list[Instance]:
    """Return the instances whose key is loaded. No request is sent to fetch a deferred key."""
    return [one for one in instances if key_at_hand(one, relation.field) is not UNSET]


def _possible_keys(field: Field, keys: Iterable[object]) -> list[Any]:
    """Return the keys that a record can have; others, such as 5.5 for an id, need no request."""
    possible = []
    for key in keys:
        whole = int(key) if isinstance(key, Decimal) and key == int(key) else key
        try:
            field.operand("in", whole, lambda: None)
        except (FieldError, NotSupportedError):
            continue
        possible.append(whole)
    return possible
