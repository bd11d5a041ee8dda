"""Writing many records: requests of 100 records, 20 of them in an atomic bulkRequest.

Objects get their id and revision as soon as the request that carried them has succeeded.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from kintone_orm import exceptions
from kintone_orm.api.caller import drop_none
from kintone_orm.api.records import add_records, delete_records, update_records
from kintone_orm.exceptions import KintoneORMError
from kintone_orm.limits import RECORDS_PER_PAGE
from kintone_orm.models.ground.chunks import cut
from kintone_orm.models.record.home import require_id
from kintone_orm.models.record.validation import (
    problems_of_new,
    problems_of_values,
    require_sent,
    validate,
)
from kintone_orm.models.writing.batches import write_all
from kintone_orm.models.writing.form_check import check_write, refuse_doubles
from kintone_orm.models.writing.group_errors import not_sent
from kintone_orm.models.writing.outgoing import (
    Outgoing,
    look_saved,
    look_written,
    merge_refused,
    outgoing,
    sent_columns,
)
from kintone_orm.models.writing.refusals import Known, Sent, refused_known, refused_many
from kintone_orm.models.writing.saving import (
    apply_accepted,
    apply_insert,
    changed_values,
    conflict_before_sending,
    encode,
)
from kintone_orm.models.writing.server_fields import made_there
from kintone_orm.models.writing.uploads import refuse_files

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from kintone_orm.api.caller import Caller
    from kintone_orm.connection import Connection
    from kintone_orm.exceptions import APIError
    from kintone_orm.models.ground.protocols import Meta
    from kintone_orm.models.ground.values import Answer, Values
    from kintone_orm.models.record.instance import Instance

__all__ = [
    "check_values",
    "columns_of_new",
    "delete_all",
    "encode_one",
    "insert_all",
    "prepare_new",
    "update_all",
    "update_each",
    "write_instances",
]


class _ForAll(NamedTuple):
    """The values that an update sends for every record: see `form_check.Written`."""

    values: Values
    place: int = 0
    instance: None = None
    bases: Values = MappingProxyType({})


def insert_all(
    meta: Meta, instances: Sequence[Instance], connection: Connection, *, size: int
) -> None:
    """Add all instances in their order; all are checked before the first request."""
    prepared, own_problems = prepare_new(instances)
    names = {name for sent in prepared for name in sent.values}
    check_write(
        meta,
        connection,
        prepared,
        own_problems,
        names,
        lambda: columns_of_new(meta, prepared),
        where=f"{meta.label}.objects.bulk_create",
        is_new=True,
        is_bulk=True,
    )
    app = meta.app_id(connection)

    def send(caller: Caller, hundred: Sequence[Sent]) -> Answer:
        records = [encode_one(sent, connection) for sent in hundred]
        return add_records(caller, app=app, records=records)

    def learn(hundred: Sequence[Sent], answer: Answer) -> None:
        ids = zip(hundred, answer["ids"], answer["revisions"], strict=True)
        for sent, id_, revision in ids:
            apply_insert(sent.instance, connection, sent.values, id_, revision)

    write_instances(meta, connection, prepared, send, learn, size=size)


def columns_of_new(meta: Meta, prepared: Iterable[Sent]) -> dict[str, set[str]]:
    """Return the names of the columns whose cells are sent for new records: see `sent_columns`."""
    return sent_columns(meta, ((sent.values, {}) for sent in prepared))


def prepare_new(
    instances: Iterable[Instance],
) -> tuple[list[Sent], dict[int, dict[str, list[str]]]]:
    """Return the new instances with their values, and the problems that the model finds."""
    prepared = [
        Sent(place, instance, changed_values(instance)) for place, instance in enumerate(instances)
    ]
    found = ((sent.place, problems_of_new(sent.instance, sent.values)) for sent in prepared)
    return prepared, {place: problems for place, problems in found if problems}


def update_each(
    meta: Meta,
    instances: Iterable[Instance],
    names: Sequence[str] | None,
    connection: Connection,
    *,
    size: int,
    check: bool,
) -> int:
    """Send each object's changes, or its loaded fields among `names`; return how many were sent."""
    prepared = [outgoing(instance, names, place=place) for place, instance in enumerate(instances)]
    prepared = [sent for sent in prepared if sent.values]
    known_conflicts = (conflict_before_sending(sent) for sent in prepared if check)
    if (conflict := next(filter(None, known_conflicts), None)) is not None:
        raise not_sent(meta, [sent.instance for sent in prepared], conflict) from conflict
    _check_changes(meta, prepared, connection)
    lookups = made_there(meta, connection).lookups
    for sent in prepared:
        sent.leave_out_keys(lookups)
    prepared = [sent for sent in prepared if sent.values]
    app = meta.app_id(connection)

    def send(caller: Caller, hundred: Sequence[Outgoing]) -> Answer:
        records = [
            drop_none(
                id=require_id(sent.instance),
                revision=sent.revision_to_send(check=check),
                record=encode_one(sent, connection),
            )
            for sent in hundred
        ]
        return update_records(caller, app=app, records=records)

    def learn(hundred: Sequence[Outgoing], answer: Answer) -> None:
        for sent, record in zip(hundred, answer["records"], strict=True):
            apply_accepted(sent, connection, record["revision"])

    def refused(error: APIError, hundred: Sequence[Outgoing]) -> KintoneORMError:
        objects = [Sent(sent.place, sent.instance, sent.values) for sent in hundred]
        return refused_many(meta, connection, error, objects)

    def again(group: Sequence[Outgoing], _: int, error: APIError) -> bool:
        return not check and merge_refused(error, group, connection)

    def unwritten(group: Sequence[Outgoing]) -> list[int] | None:
        """Settle the group if every record looks saved; otherwise it is unknown."""
        if not look_saved(group, connection, check=check):
            return None
        for sent in group:
            apply_accepted(sent, connection, (sent.revision or 0) + 1)
        return []

    write_all(
        meta,
        connection,
        prepared,
        send,
        learn,
        size=size,
        name=lambda sent: sent.instance,
        refused=refused,
        again=again,
        unwritten=unwritten,
    )
    return len(prepared)


def _check_changes(meta: Meta, prepared: Sequence[Outgoing], connection: Connection) -> None:
    found = (
        (index, problems_of_values(meta, sent.values, sent.bases))
        for index, sent in enumerate(prepared)
    )
    own_problems = {index: problems for index, problems in found if problems}
    if not own_problems:
        for sent in prepared:
            require_sent(sent.instance, sent.values)
    check_write(
        meta,
        connection,
        prepared,
        own_problems,
        {name for sent in prepared for name in sent.values},
        lambda: sent_columns(meta, ((sent.values, sent.bases) for sent in prepared)),
        where=f"{meta.label}.objects.bulk_update",
        is_new=False,
        is_bulk=True,
    )


def encode_one(sent: Sent | Outgoing, connection: Connection) -> dict[str, Any]:
    """Return one object's JSON; the error of a file that cannot be sent has the object's index."""
    try:
        bases = sent.bases if isinstance(sent, Outgoing) else {}
        return encode(sent.instance, connection, sent.values, bases)
    except exceptions.ValidationError as error:
        named = {f"[{sent.place}].{name}": texts for name, texts in error.errors.items()}
        raise exceptions.ValidationError(named, where=error.where) from error


def write_instances(
    meta: Meta,
    connection: Connection,
    prepared: Sequence[Sent],
    send: Callable[[Caller, Sequence[Sent]], Answer],
    learn: Callable[[Sequence[Sent], Answer], None],
    *,
    size: int,
    key: str = "",
) -> None:
    """Write objects by `write_all`; `key` is the name of an upsert's key field."""
    write_all(
        meta,
        connection,
        prepared,
        send,
        learn,
        size=size,
        name=lambda sent: sent.instance,
        refused=lambda error, hundred: refused_many(meta, connection, error, hundred, key=key),
    )


def check_values(meta: Meta, values: Values, connection: Connection | None) -> None:
    """Raise ValidationError, NotSupportedError or FieldError if `values` do not fit every record.

    Without a `connection`, the values are not checked by the app's form.
    """
    refuse_files(meta, values)
    problems, where = problems_of_values(meta, values), f"{meta.label}.objects.update"
    if connection is None:
        validate(problems, where=where)
        return
    check_write(
        meta,
        connection,
        [_ForAll(values)],
        {0: problems} if problems else {},
        values,
        lambda: sent_columns(meta, [(values, {})]),
        where=where,
        is_new=False,
        is_bulk=False,
    )


def update_all(
    meta: Meta, records: Sequence[Known], values: Values, connection: Connection
) -> None:
    """Write the same `values`, which are checked already, into every record of `records`.

    Raises UniqueViolation if only one of several records may have one of the values.
    """
    where = f"{meta.label}.objects.update"
    refuse_doubles(meta, connection, values, len(records), where=where)
    app = meta.app_id(connection)
    record = {
        meta.fields[name].code: {"value": meta.fields[name].to_api(value)}
        for name, value in values.items()
    }

    def send(caller: Caller, hundred: Sequence[Known]) -> Answer:
        entries = [drop_none(id=id_, revision=rev, record=record) for id_, rev in hundred]
        return update_records(caller, app=app, records=entries)

    def unwritten(group: Sequence[Known]) -> list[int] | None:
        """Settle the group if every record looks saved; otherwise it is unknown."""
        if not connection.current_retry.settle_by_values:
            return None
        snapshots = {name: meta.fields[name].snapshot(value) for name, value in values.items()}
        written = {id_: (snapshots, revision) for id_, revision in group}
        return [] if look_written(meta, written, connection) else None

    _write_known(meta, connection, records, send, values, unwritten=unwritten)


def delete_all(meta: Meta, records: Sequence[Known], connection: Connection) -> None:
    """Delete every record of `records`.

    If the answer to a group is lost, the ids are read: the records that are left failed.
    """
    app = meta.app_id(connection)

    def send(caller: Caller, hundred: Sequence[Known]) -> Answer:
        revisions = [rev for _, rev in hundred if rev is not None]
        return delete_records(
            caller, app=app, ids=[id_ for id_, _ in hundred], revisions=revisions or None
        )

    def unwritten(group: Sequence[Known]) -> list[int] | None:
        """Return the indexes of the records that still exist; None if they cannot be read."""
        left: set[int] = set()
        try:
            for ids in cut([id_ for id_, _ in group], RECORDS_PER_PAGE):
                records = meta.raw_records(connection, ["$id"], limit=len(ids), pk__in=ids)
                left.update(int(record["$id"]["value"]) for record in records)
        except KintoneORMError:
            return None
        return [index for index, (id_, _) in enumerate(group) if id_ in left]

    _write_known(meta, connection, records, send, {}, unwritten=unwritten)


def _write_known(
    meta: Meta,
    connection: Connection,
    records: Sequence[Known],
    send: Callable[[Caller, Sequence[Known]], Answer],
    values: Values,
    *,
    unwritten: Callable[[Sequence[Known]], list[int] | None] = lambda _records: None,
) -> None:
    def refused(error: APIError, hundred: Sequence[Known]) -> KintoneORMError:
        first = records.index(hundred[0])
        return refused_known(meta, connection, error, hundred, values=values, first=first)

    write_all(
        meta,
        connection,
        records,
        send,
        name=lambda record: record[0],
        refused=refused,
        unwritten=unwritten,
    )
