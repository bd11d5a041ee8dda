"""How many records are written: in hundreds, and atomic groups of twenty hundreds.

Objects learn their id and revision as soon as the request that carried them has succeeded.
"""

from __future__ import annotations

import operator
from itertools import islice
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

from kintone_orm.api.bulk import Batch, bulk_request
from kintone_orm.api.caller import given
from kintone_orm.api.records import add_records, delete_records, update_records
from kintone_orm.exceptions import (
    APIError,
    BulkWriteError,
    InvalidInput,
    ServerBusy,
    TransportError,
    ValidationError,
)
from kintone_orm.fields.base import UNSET
from kintone_orm.limits import RECORDS_PER_WRITE, REQUESTS_PER_BULK
from kintone_orm.models.attachments import explain_lost_files, is_about_transfer, refuse_files
from kintone_orm.models.held import make_ready
from kintone_orm.models.known_fields import require_fields
from kintone_orm.models.state import changes
from kintone_orm.models.unknown_users import explain_unknown_user
from kintone_orm.models.upsert import keyed, require_keys
from kintone_orm.models.validation import (
    messages_by_field,
    problems_of_new,
    problems_of_values,
    require_sent,
    validate,
)
from kintone_orm.models.writer import changed_values, encode, inserted, updated

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from kintone_orm.api.caller import Caller
    from kintone_orm.connection import Connection
    from kintone_orm.fields.base import Field
    from kintone_orm.models.base import Model
    from kintone_orm.models.options import Options

__all__ = [
    "check_values",
    "cut",
    "delete_all",
    "insert_all",
    "part_size",
    "update_all",
    "update_each",
    "upsert_all",
    "write_all",
]

T = TypeVar("T")


# A record's id, and the revision that it must still have; None for whatever it has.
Found: TypeAlias = "tuple[int, int | None]"
# An instance, and what is to be sent of it.
Prepared: TypeAlias = "tuple[Model, dict[str, Any]]"


def insert_all(
    meta: Options, instances: Sequence[Model], connection: Connection, *, size: int
) -> None:
    """Add all of them, in the order given; every one is checked before the first request."""
    prepared = _prepared(meta, instances)
    require_fields(meta, connection, {name for _, values in prepared for name in values})
    app = meta.app_id(connection)

    def send(caller: Caller, part: Sequence[Prepared]) -> Any:
        records = [encode(instance, connection, values) for instance, values in part]
        return add_records(caller, app=app, records=records)

    def learn(part: Sequence[Prepared], answer: Mapping[str, Any]) -> None:
        ids = zip(part, answer["ids"], answer["revisions"], strict=True)
        for (instance, values), id_, revision in ids:
            inserted(instance, connection, values, id_, revision)

    _write_instances(meta, connection, prepared, send, learn, size=size)


def _prepared(meta: Options, instances: Iterable[Model]) -> list[Prepared]:
    """New instances with what they hold; ValidationError if one of them may not be saved."""
    prepared = [(instance, changed_values(instance)) for instance in instances]
    problems = {
        f"[{index}].{name}": texts
        for index, (instance, values) in enumerate(prepared)
        for name, texts in problems_of_new(instance, values).items()
    }
    validate(problems, where=f"{meta.label}.objects.bulk_create")
    return prepared


def upsert_all(
    meta: Options,
    instances: Sequence[Model],
    key: Field[Any, Any],
    connection: Connection,
    *,
    size: int,
) -> None:
    """Add those of them whose `key` no record has, and write the others into the records.

    Every one is checked before the first request, as if it were new.
    """
    prepared = _prepared(meta, instances)
    require_keys(key, [instance for instance, _ in prepared])
    require_fields(meta, connection, {name for _, values in prepared for name in values})
    app = meta.app_id(connection)

    def send(caller: Caller, part: Sequence[Prepared]) -> Any:
        records = [keyed(instance, key, values, connection) for instance, values in part]
        return update_records(caller, app=app, records=records, upsert=True)

    def learn(part: Sequence[Prepared], answer: Mapping[str, Any]) -> None:
        for (instance, values), told in zip(part, answer["records"], strict=True):
            added = told["operation"] == "INSERT"
            inserted(instance, connection, values, told["id"], told["revision"], added=added)

    _write_instances(meta, connection, prepared, send, learn, size=size)


def update_each(
    meta: Options,
    instances: Iterable[Model],
    names: Sequence[str] | None,
    connection: Connection,
    *,
    size: int,
    check: bool,
) -> int:
    """How many of them had something to send: what changed, or the loaded ones of `names`."""
    prepared = [(instance, _to_send(instance, names)) for instance in instances]
    prepared = [(instance, values) for instance, values in prepared if values]
    problems = {
        f"[{index}].{name}": texts
        for index, (_, values) in enumerate(prepared)
        for name, texts in problems_of_values(meta, values).items()
    }
    validate(problems, where=f"{meta.label}.objects.bulk_update")
    for instance, values in prepared:
        require_sent(instance, values)
    require_fields(meta, connection, {name for _, values in prepared for name in values})
    app = meta.app_id(connection)

    def send(caller: Caller, part: Sequence[Prepared]) -> Any:
        records = [
            given(
                id=instance._require_id(),
                revision=instance.revision if check else None,
                record=encode(instance, connection, values),
            )
            for instance, values in part
        ]
        return update_records(caller, app=app, records=records)

    def learn(part: Sequence[Prepared], answer: Mapping[str, Any]) -> None:
        for (instance, values), told in zip(part, answer["records"], strict=True):
            updated(instance, values, told["revision"])

    _write_instances(meta, connection, prepared, send, learn, size=size)
    return len(prepared)


def _write_instances(
    meta: Options,
    connection: Connection,
    prepared: Sequence[Prepared],
    send: Callable[[Caller, Sequence[Prepared]], Any],
    learn: Callable[[Sequence[Prepared], Any], None],
    *,
    size: int,
) -> None:
    def explain(error: APIError, part: Sequence[Prepared]) -> None:
        instances = [instance for instance, _ in part]
        explain_lost_files(error, instances)
        explain_unknown_user(error, instances)

    write_all(
        meta,
        connection,
        prepared,
        send,
        learn,
        size=size,
        name=lambda item: item[0],
        explain=explain,
    )


def _to_send(instance: Model, names: Sequence[str] | None) -> dict[str, Any]:
    if names is None:
        return changed_values(instance)
    make_ready(instance, changes(instance).keys() & set(names))
    held = {name: instance._meta.fields[name].peek(instance) for name in names}
    return {name: value for name, value in held.items() if value is not UNSET}


def check_values(meta: Options, values: Mapping[str, Any]) -> None:
    """ValidationError or NotSupportedError if `values` cannot be written into every record."""
    refuse_files(meta, values)
    validate(problems_of_values(meta, values), where=f"{meta.label}.objects.update")


def update_all(
    meta: Options, found: Sequence[Found], values: Mapping[str, Any], connection: Connection
) -> None:
    """Write the same `values` into every record that was `found`."""
    require_fields(meta, connection, values)
    app = meta.app_id(connection)
    record = {
        meta.fields[name].code: {"value": meta.fields[name].to_api(value)}
        for name, value in values.items()
    }

    def send(caller: Caller, part: Sequence[Found]) -> Any:
        records = [given(id=id_, revision=rev, record=record) for id_, rev in part]
        return update_records(caller, app=app, records=records)

    write_all(meta, connection, found, send, name=lambda item: item[0])


def delete_all(meta: Options, found: Sequence[Found], connection: Connection) -> None:
    """Delete every record that was `found`."""
    app = meta.app_id(connection)

    def send(caller: Caller, part: Sequence[Found]) -> Any:
        revisions = [rev for _, rev in part if rev is not None]
        return delete_records(
            caller, app=app, ids=[id_ for id_, _ in part], revisions=revisions or None
        )

    write_all(meta, connection, found, send, name=lambda item: item[0])


def write_all(
    meta: Options,
    connection: Connection,
    items: Sequence[T],
    send: Callable[[Caller, Sequence[T]], Any],
    learn: Callable[[Sequence[T], Any], None] = lambda _part, _answer: None,
    *,
    size: int = RECORDS_PER_WRITE,
    name: Callable[[T], Any] = lambda item: item,
    explain: Callable[[APIError, Sequence[T]], None] = lambda _error, _part: None,
) -> None:
    """`send` items by the hundred, twenty hundreds in a request; `learn` from each answer.

    A refusal is raised as BulkWriteError, with the items' names; `explain` is given it before, and
    the hundred that was refused.
    """
    done = 0
    for group in cut(items, size * REQUESTS_PER_BULK):
        parts = list(cut(group, size))
        try:
            answers = _send_together(connection, parts, send)
        except (APIError, ValidationError) as error:  # ValidationError: a file that has gone
            if isinstance(error, APIError):
                explain(error, parts[error.index or 0])
            raise _half_way(meta, items, done, len(group), size, error, name) from error
        for part, answer in zip(parts, answers, strict=True):
            learn(part, answer)
        done += len(group)


def _send_together(
    connection: Connection,
    parts: Sequence[Sequence[T]],
    send: Callable[[Caller, Sequence[T]], Any],
) -> list[Any]:
    if len(parts) == 1:
        return [send(connection, parts[0])]
    batch = Batch()
    for part in parts:
        send(batch, part)
    results: list[Any] = bulk_request(connection, requests=batch.requests)["results"]
    return results


def _half_way(
    meta: Options,
    items: Sequence[T],
    done: int,
    group: int,
    size: int,
    error: APIError | ValidationError,
    name: Callable[[T], Any],
) -> BulkWriteError:
    named = [name(item) for item in items]
    errors: dict[tuple[int, str], list[str]] = {}
    if isinstance(error, InvalidInput):
        start = done + (error.index or 0) * size
        by_field = messages_by_field(meta, error)
        errors = {(start + index, field): texts for (index, field), texts in by_field.items()}
    details = "; ".join(f"[{i}].{field}: {' '.join(t)}" for (i, field), t in errors.items())
    # Without an answer, or with a gate's, nobody knows whether kintone has carried it out.
    fate = "none of which is"
    no_answer = isinstance(error, (TransportError, ServerBusy)) and not error.code
    if no_answer and not is_about_transfer(error):
        fate = "which may be written or not: look before you send them again"
    return BulkWriteError(
        f"{meta.label}: {done:,} of {len(items):,} records are written; the next {group:,} "
        f"failed, {fate}: {details or error}",
        done=named[:done],
        failed=named[done : done + group],
        pending=named[done + group :],
        errors=errors,
    )


def part_size(wanted: Any, *, most: int, name: str) -> int:
    """How many go together: `most`, or as many as are `wanted`; ValueError if that is no number."""
    try:
        size = most if wanted is None else operator.index(wanted)
    except TypeError:
        size = 0
    if size < 1:
        raise ValueError(f"{name} must be a positive integer, not {wanted!r:.80}.")
    return min(size, most)


def cut(items: Iterable[T], size: int) -> Iterator[list[T]]:
    """The items in lists of `size`, the last one shorter."""
    rest = iter(items)
    while part := list(islice(rest, size)):
        yield part
