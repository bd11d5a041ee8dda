"""Writes of many records: in hundreds, and atomic groups of twenty hundreds.

Objects learn their id and revision as soon as the request that carried them has succeeded.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kintone_orm.api.caller import given
from kintone_orm.api.records import add_records, delete_records, update_records
from kintone_orm.exceptions import ValidationError
from kintone_orm.models.record.validation import (
    problems_of_new,
    problems_of_values,
    require_sent,
    validate,
    validate_many,
)
from kintone_orm.models.writing.batches import not_sent, write_all
from kintone_orm.models.writing.form_check import require_fields
from kintone_orm.models.writing.outgoing import Outgoing, can_be_merged, outgoing, sent_columns
from kintone_orm.models.writing.refusals import Found, Sent, refused_found, refused_many
from kintone_orm.models.writing.saving import (
    accepted,
    changed_values,
    conflict_before_sending,
    encode,
    inserted,
)
from kintone_orm.models.writing.server_fields import made_there
from kintone_orm.models.writing.uploads import refuse_files

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from kintone_orm.api.caller import Caller
    from kintone_orm.connection import Connection
    from kintone_orm.exceptions import APIError, KintoneORMError
    from kintone_orm.models.base import Model
    from kintone_orm.models.definition.options import Options

__all__ = [
    "check_values",
    "columns_of_new",
    "delete_all",
    "encode_one",
    "insert_all",
    "new_ones",
    "update_all",
    "update_each",
    "write_instances",
]


def insert_all(
    meta: Options, instances: Sequence[Model], connection: Connection, *, size: int
) -> None:
    """Add all of them, in the order given; every one is checked before the first request."""
    prepared = new_ones(meta, instances)
    names = {name for each in prepared for name in each.values}
    require_fields(meta, connection, names, lambda: columns_of_new(meta, prepared))
    app = meta.app_id(connection)

    def send(caller: Caller, part: Sequence[Sent]) -> Any:
        return add_records(caller, app=app, records=[encode_one(each, connection) for each in part])

    def learn(part: Sequence[Sent], answer: Mapping[str, Any]) -> None:
        ids = zip(part, answer["ids"], answer["revisions"], strict=True)
        for each, id_, revision in ids:
            inserted(each.instance, connection, each.values, id_, revision)

    write_instances(meta, connection, prepared, send, learn, size=size)


def columns_of_new(meta: Options, prepared: Iterable[Sent]) -> dict[str, set[str]]:
    """As `sent_columns`, of records that are new."""
    return sent_columns(meta, ((each.values, {}) for each in prepared))


def new_ones(meta: Options, instances: Iterable[Model]) -> list[Sent]:
    """New instances with what they hold; ValidationError if one of them may not be saved."""
    prepared = [Sent(i, each, changed_values(each)) for i, each in enumerate(instances)]
    problems = ((each.place, problems_of_new(each.instance, each.values)) for each in prepared)
    validate_many(problems, where=f"{meta.label}.objects.bulk_create")
    return prepared


def update_each(
    meta: Options,
    instances: Iterable[Model],
    names: Sequence[str] | None,
    connection: Connection,
    *,
    size: int,
    check: bool,
) -> int:
    """Send what changed, or the loaded ones of `names`; how many objects had something to send."""
    prepared = [outgoing(each, names, place=place) for place, each in enumerate(instances)]
    prepared = [each for each in prepared if each.values]
    seen = (conflict_before_sending(each) for each in prepared if check)
    if (conflict := next(filter(None, seen), None)) is not None:
        raise not_sent(meta, [each.instance for each in prepared], conflict) from conflict
    problems = (
        (each.place, problems_of_values(meta, each.values, each.bases)) for each in prepared
    )
    validate_many(problems, where=f"{meta.label}.objects.bulk_update")
    for each in prepared:
        require_sent(each.instance, each.values)
    names_sent = {name for each in prepared for name in each.values}
    require_fields(
        meta,
        connection,
        names_sent,
        lambda: sent_columns(meta, ((each.values, each.bases) for each in prepared)),
    )
    lookups = made_there(meta, connection).lookups
    for each in prepared:
        each.leave_out_keys(lookups)
    prepared = [each for each in prepared if each.values]
    app = meta.app_id(connection)

    def send(caller: Caller, part: Sequence[Outgoing]) -> Any:
        records = [
            given(
                id=each.instance._require_id(),
                revision=each.revision_to_send(check=check),
                record=encode_one(each, connection),
            )
            for each in part
        ]
        return update_records(caller, app=app, records=records)

    def learn(part: Sequence[Outgoing], answer: Mapping[str, Any]) -> None:
        for each, told in zip(part, answer["records"], strict=True):
            accepted(each, connection, told["revision"])

    def refused(error: APIError, part: Sequence[Outgoing]) -> KintoneORMError:
        told = [Sent(each.place, each.instance, each.values) for each in part]
        return refused_many(meta, connection, error, told)

    def again(group: Sequence[Outgoing], _: int, error: APIError) -> bool:
        return not check and can_be_merged(error, group, connection)

    write_all(
        meta,
        connection,
        prepared,
        send,
        learn,
        size=size,
        name=lambda each: each.instance,
        refused=refused,
        again=again,
    )
    return len(prepared)


def encode_one(sent: Sent | Outgoing, connection: Connection) -> dict[str, Any]:
    """The JSON of one of many; a file that cannot be sent is told by the object's index."""
    try:
        bases = sent.bases if isinstance(sent, Outgoing) else {}
        return encode(sent.instance, connection, sent.values, bases)
    except ValidationError as error:
        named = {f"[{sent.place}].{name}": texts for name, texts in error.errors.items()}
        raise ValidationError(named, where=error.where) from error


def write_instances(
    meta: Options,
    connection: Connection,
    prepared: Sequence[Sent],
    send: Callable[[Caller, Sequence[Sent]], Any],
    learn: Callable[[Sequence[Sent], Any], None],
    *,
    size: int,
    key: str = "",
) -> None:
    """As `write_all`, for objects; `key` is the field that an upsert finds them by."""
    write_all(
        meta,
        connection,
        prepared,
        send,
        learn,
        size=size,
        name=lambda each: each.instance,
        refused=lambda error, part: refused_many(meta, connection, error, part, key=key),
    )


def check_values(meta: Options, values: Mapping[str, Any]) -> None:
    """ValidationError or NotSupportedError if `values` cannot be written into every record."""
    refuse_files(meta, values)
    validate(problems_of_values(meta, values), where=f"{meta.label}.objects.update")


def update_all(
    meta: Options, found: Sequence[Found], values: Mapping[str, Any], connection: Connection
) -> None:
    """Write the same `values` into every record that was `found`."""
    require_fields(meta, connection, values, lambda: sent_columns(meta, [(values, {})]))
    app = meta.app_id(connection)
    record = {
        meta.fields[name].code: {"value": meta.fields[name].to_api(value)}
        for name, value in values.items()
    }

    def send(caller: Caller, part: Sequence[Found]) -> Any:
        records = [given(id=id_, revision=rev, record=record) for id_, rev in part]
        return update_records(caller, app=app, records=records)

    _write_found(meta, connection, found, send, values)


def delete_all(meta: Options, found: Sequence[Found], connection: Connection) -> None:
    """Delete every record that was `found`."""
    app = meta.app_id(connection)

    def send(caller: Caller, part: Sequence[Found]) -> Any:
        revisions = [rev for _, rev in part if rev is not None]
        return delete_records(
            caller, app=app, ids=[id_ for id_, _ in part], revisions=revisions or None
        )

    _write_found(meta, connection, found, send, {})


def _write_found(
    meta: Options,
    connection: Connection,
    found: Sequence[Found],
    send: Callable[[Caller, Sequence[Found]], Any],
    values: Mapping[str, Any],
) -> None:
    def refused(error: APIError, part: Sequence[Found]) -> KintoneORMError:
        first = found.index(part[0])
        return refused_found(meta, connection, error, part, values=values, first=first)

    write_all(meta, connection, found, send, name=lambda item: item[0], refused=refused)
