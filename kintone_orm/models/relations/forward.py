"""The record of another app that a record refers to, found by its key, a hundred at a time."""

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

    # What was found before, by the `id()` of the connection, and by key.
    Known: TypeAlias = dict[int, WeakValueDictionary[Any, Any]]

__all__ = ["fetch_related", "supply_related"]


def supply_related(instance: Instance, relation: RelatedRecord[Any]) -> Any:
    """As `RelatedRecord`: the other record, fetched if it is not there, or None."""
    key = getattr(instance, relation.field)
    if is_blank(key):
        return None
    found = instance._state.related_by(relation.name, key)
    if found is UNSET:
        require_fetching(instance, relation, f"Name it in select_related({relation.name!r})")
        fetch_related(relation, relation.name, _readable(relation, peers_of(instance)))
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
    instances: Sequence[Instance],
    *,
    records: Records | None = None,
    known: Known | None = None,
) -> list[Instance]:
    """The records that `instances` refer to, each once; they are put there under `name`.

    Those with the same key get the same object. One request for a hundred keys; none for what is
    there already, or in `known`, which gets what is found. `records` are those to choose from: what
    is not among them is None. Without it, what is not found is gone, and who reads it is told.
    """
    absent = None if records is not None or name != relation.name else relation.target.DoesNotExist
    before: Known = {} if known is None else known
    related: dict[int, Instance] = {}
    for connection, group in by_connection(instances):
        keys = keys_of(group, relation.field)
        there = {
            id(each): UNSET if records is not None else each._state.related_by(name, keys[id(each)])
            for each in group
        }
        wanted = dict.fromkeys(keys[each] for each, found in there.items() if found is UNSET)
        base = relation.target._meta.records(connection) if records is None else records
        base = base.using(connection).fetch_mode(group[0]._state.fetch_mode)
        found = _find(
            relation, wanted, base, before.setdefault(id(connection), WeakValueDictionary())
        )
        for instance in group:
            key, record = keys[id(instance)], there[id(instance)]
            if key is UNSET:
                continue
            if record is UNSET:
                record = None if is_blank(key) else found.get(relation.compared(key), absent)
                instance._state.relate(name, key, record)
            if record not in (None, absent):
                related[id(record)] = record
    return list(related.values())


def _find(
    relation: RelatedRecord[Any],
    keys: Iterable[Any],
    records: Records,
    known: WeakValueDictionary[Any, Any],
) -> dict[Any, Any]:
    """The records with these keys, as they are compared: of `records`, but for what is known."""
    wanted = dict.fromkeys(
        relation.compared(key) for key in keys if key is not UNSET and not is_blank(key)
    )
    found = {key: record for key in wanted if (record := known.get(key)) is not None}
    fresh: dict[Any, Any] = {}
    asked = relation.key_field
    name = "pk" if asked.kintone_type == "__ID__" else relation.key
    unknown = [key for key in wanted if key not in found]
    for part in cut(_askable(asked, unknown), KEYS_PER_REQUEST):
        there = records.in_bulk(part, field_name=name)
        fresh |= {as_compared(key): record for key, record in there.items()}
    make_peers(fresh.values())
    known.update(fresh)
    return found | fresh


def _readable(relation: RelatedRecord[Any], instances: Sequence[Instance]) -> list[Instance]:
    """Those whose key is at hand; for the others nothing is fetched by the way."""
    return [each for each in instances if key_at_hand(each, relation.field) is not UNSET]


def _askable(field: Field[Any, Any], keys: Iterable[Any]) -> list[Any]:
    """The keys that a record can have: another one, such as 5.5 for an id, nobody need ask for."""
    found = []
    for key in keys:
        whole = int(key) if isinstance(key, Decimal) and key == int(key) else key
        try:
            field.operand("in", whole, lambda: None)
        except (FieldError, NotSupportedError):
            continue
        found.append(whole)
    return found
