"""Forward relations: the record of another app that a record refers to, found by its key."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any
from weakref import WeakValueDictionary

from kintone_orm.exceptions import FieldError, NotSupportedError
from kintone_orm.fields.base import UNSET
from kintone_orm.limits import KEYS_PER_REQUEST
from kintone_orm.models.ground.chunks import cut
from kintone_orm.models.record.peers import make_peers, peers_of, require_fetching
from kintone_orm.models.record.relation_keys import by_connection, is_blank, key_at_hand, keys_of
from kintone_orm.query.long_texts import as_compared

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import TypeAlias

    from kintone_orm.fields.base import Field
    from kintone_orm.fields.related_record import RelatedRecord
    from kintone_orm.models.ground.protocols import Records
    from kintone_orm.models.record.instance import Instance

    # Records that were read before: by the `id()` of the connection, then by key.
    Known: TypeAlias = dict[int, WeakValueDictionary[Any, Any]]

__all__ = ["fetch_related", "related_record"]


def related_record(instance: Instance, relation: RelatedRecord[Any]) -> Any:
    """Return the related record, fetched if it is unknown; None if the key is blank."""
    key = getattr(instance, relation.field)
    if is_blank(key):
        return None
    related = instance._state.related_by(relation.name, key)
    if related is UNSET:
        require_fetching(instance, relation, f"Name it in select_related({relation.name!r})")
        fetch_related(relation, relation.name, _with_key(relation, peers_of(instance)))
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
    known: Known | None = None,
) -> list[Instance]:
    """Read the records that `instances` refer to; each instance keeps its own under `name`.

    Return the related records, each once. Instances with the same key get the same object. One
    request for each hundred keys. Records that the instances or `known` already have are not read
    again, and new records are added to `known`.

    `records` is a queryset that limits the related records: for a record outside the queryset, the
    relation is None. Without `records`, a missing record no longer exists, and reading the relation
    raises DoesNotExist.
    """
    absent = None if records is not None or name != relation.name else relation.target.DoesNotExist
    before: Known = {} if known is None else known
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
        by_key = _find(
            relation, missing_keys, base, before.setdefault(id(connection), WeakValueDictionary())
        )
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


def _find(
    relation: RelatedRecord[Any],
    keys: Iterable[object],
    records: Records,
    known: WeakValueDictionary[Any, Any],
) -> dict[Any, Any]:
    """Return the records with these keys, from `known` or else from `records`.

    The result maps each key, in the form for comparisons, to its record.
    """
    compared = dict.fromkeys(
        relation.compared(key) for key in keys if key is not UNSET and not is_blank(key)
    )
    by_key = {key: record for key in compared if (record := known.get(key)) is not None}
    fetched: dict[Any, Any] = {}
    key_field = relation.key_field
    name = "pk" if key_field.kintone_type == "__ID__" else relation.key
    unknown = [key for key in compared if key not in by_key]
    for keys_asked in cut(_possible_keys(key_field, unknown), KEYS_PER_REQUEST):
        page = records.in_bulk(keys_asked, field_name=name)
        fetched |= {as_compared(key): record for key, record in page.items()}
    make_peers(fetched.values())
    known.update(fetched)
    return by_key | fetched


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
