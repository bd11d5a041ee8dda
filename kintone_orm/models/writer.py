"""How records are written: one at a time, or in hundreds and atomic groups of twenty hundreds.

Objects learn their id and revision as soon as the request that carried them has succeeded.
"""

from __future__ import annotations

from contextlib import contextmanager
from itertools import islice
from typing import TYPE_CHECKING, Any, TypeVar

from kintone_orm.api.bulk import Batch, bulk_request
from kintone_orm.api.records import (
    add_record,
    add_records,
    delete_records,
    update_record,
    update_records,
)
from kintone_orm.exceptions import (
    APIError,
    BulkWriteError,
    ConflictError,
    InvalidInput,
    NotFound,
    ServerBusy,
    TransportError,
)
from kintone_orm.limits import RECORDS_PER_BULK, RECORDS_PER_WRITE
from kintone_orm.models.conflict import conflict
from kintone_orm.models.known_fields import require_fields
from kintone_orm.models.state import changes, settle
from kintone_orm.models.validation import (
    messages_by_field,
    problems_of_new,
    problems_of_values,
    refusal,
    require_sent,
    validate,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from kintone_orm.api.caller import Caller
    from kintone_orm.connection import Connection
    from kintone_orm.models.base import Model
    from kintone_orm.models.options import Options

__all__ = [
    "cut",
    "delete_all",
    "delete_one",
    "insert_all",
    "insert_one",
    "told_about",
    "update_all",
    "update_one",
    "write_all",
]

T = TypeVar("T")


# -- one record -----------------------------------------------------------------------------------


def insert_one(instance: Model, connection: Connection, *, validated: bool) -> None:
    """Add the record, in one request; `validated` if our own checks are to be left out."""
    values = _changed_values(instance)
    if not validated:
        validate(problems_of_new(instance, values), where=_name(instance))
    require_fields(instance._meta, connection, values)
    app = instance._meta.app_id(connection)
    with told_about(instance):
        answer = add_record(connection, app=app, record=_encode(instance._meta, values))
    _inserted(instance, connection, values, answer["id"], answer["revision"])


def update_one(
    instance: Model,
    connection: Connection,
    *,
    names: Iterable[str] | None,
    check: bool,
    validated: bool,
) -> bool:
    """Send what changed, or just the fields `names`; False if nothing was to be sent."""
    if names is None:
        values = _changed_values(instance)
    else:
        values = {name: getattr(instance, name) for name in names}
    if not values:
        return False
    meta = instance._meta
    if not validated:
        validate(problems_of_values(meta, values), where=_name(instance))
    require_sent(instance, values)
    require_fields(meta, connection, values)
    with told_about(instance):
        answer = update_record(
            connection,
            app=meta.app_id(connection),
            id=instance._require_id(),
            record=_encode(meta, values, replaced=instance),
            revision=instance.revision if check else None,
        )
    unseen = int(answer["revision"]) != (instance.revision or 0) + 1
    _written(instance, values, answer["revision"])
    if unseen:
        # Others wrote in between, and their revision is ours now: what we hold may be old.
        for name in set(meta.fields) - set(values) - set(changes(instance)):
            meta.fields[name].clear(instance)
    return True


def delete_one(instance: Model, connection: Connection, *, check: bool) -> None:
    """Delete the record, in one request."""
    app = instance._meta.app_id(connection)
    revisions = [instance.revision] if check and instance.revision is not None else None
    with told_about(instance):
        delete_records(connection, app=app, ids=[instance._require_id()], revisions=revisions)


# -- many -----------------------------------------------------------------------------------------


def insert_all(meta: Options, instances: Sequence[Model], connection: Connection) -> None:
    """Add all of them, in the order given; every one is checked before the first request."""
    prepared = [(instance, _changed_values(instance)) for instance in instances]
    problems = {
        f"[{index}].{name}": texts
        for index, (instance, values) in enumerate(prepared)
        for name, texts in problems_of_new(instance, values).items()
    }
    validate(problems, where=f"{meta.label}.objects.bulk_create")
    require_fields(meta, connection, {name for _, values in prepared for name in values})
    app = meta.app_id(connection)

    def send(caller: Caller, part: Sequence[tuple[Model, dict[str, Any]]]) -> Any:
        return add_records(caller, app=app, records=[_encode(meta, values) for _, values in part])

    def learn(part: Sequence[tuple[Model, dict[str, Any]]], answer: Mapping[str, Any]) -> None:
        ids = zip(part, answer["ids"], answer["revisions"], strict=True)
        for (instance, values), id_, revision in ids:
            _inserted(instance, connection, values, id_, revision)

    write_all(meta, connection, prepared, send, learn, name=lambda item: item[0])


def update_all(
    meta: Options, ids: Sequence[int], values: Mapping[str, Any], connection: Connection
) -> None:
    """Write the same `values` into every record of `ids`, whatever their revision."""
    validate(problems_of_values(meta, values), where=f"{meta.label}.objects.update")
    require_fields(meta, connection, values)
    app = meta.app_id(connection)
    record = _encode(meta, values)

    def send(caller: Caller, part: Sequence[int]) -> Any:
        return update_records(
            caller, app=app, records=[{"id": id_, "record": record} for id_ in part]
        )

    write_all(meta, connection, ids, send)


def delete_all(meta: Options, ids: Sequence[int], connection: Connection) -> None:
    """Delete every record of `ids`, whatever their revision."""
    app = meta.app_id(connection)

    def send(caller: Caller, part: Sequence[int]) -> Any:
        return delete_records(caller, app=app, ids=part)

    write_all(meta, connection, ids, send)


def write_all(
    meta: Options,
    connection: Connection,
    items: Sequence[T],
    send: Callable[[Caller, Sequence[T]], Any],
    learn: Callable[[Sequence[T], Any], None] = lambda _part, _answer: None,
    *,
    name: Callable[[T], Any] = lambda item: item,
    explain: Callable[[APIError, Sequence[T]], None] = lambda _error, _part: None,
) -> None:
    """`send` items by the hundred, twenty hundreds in a request; `learn` from each answer.

    A refusal is raised as BulkWriteError, with the items' names; `explain` is given it before, and
    the hundred that was refused.
    """
    done = 0
    for group in cut(items, RECORDS_PER_BULK):
        parts = list(cut(group, RECORDS_PER_WRITE))
        try:
            answers = _send_together(connection, parts, send)
        except APIError as error:
            explain(error, parts[error.index or 0])
            raise _half_way(meta, items, done, len(group), error, name) from error
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
    error: APIError,
    name: Callable[[T], Any],
) -> BulkWriteError:
    named = [name(item) for item in items]
    errors: dict[tuple[int, str], list[str]] = {}
    if isinstance(error, InvalidInput):
        start = done + (error.index or 0) * RECORDS_PER_WRITE
        by_field = messages_by_field(meta, error)
        errors = {(start + index, field): texts for (index, field), texts in by_field.items()}
    details = "; ".join(f"[{i}].{field}: {' '.join(t)}" for (i, field), t in errors.items())
    # Without an answer, or with a gate's, nobody knows whether kintone has carried it out.
    fate = "none of which is"
    if isinstance(error, (TransportError, ServerBusy)) and not error.code:
        fate = "which may be written or not: look before you send them again"
    return BulkWriteError(
        f"{meta.label}: {done:,} of {len(items):,} records are written; the next {group:,} "
        f"failed, {fate}: {details or error}",
        done=named[:done],
        failed=named[done : done + group],
        pending=named[done + group :],
        errors=errors,
    )


def cut(items: Iterable[T], size: int) -> Iterator[list[T]]:
    """The items in lists of `size`, the last one shorter."""
    rest = iter(items)
    while part := list(islice(rest, size)):
        yield part


# -- what both need -------------------------------------------------------------------------------


def _encode(
    meta: Options, values: Mapping[str, Any], *, replaced: Model | None = None
) -> dict[str, Any]:
    """The values as kintone takes them: for a new record, or for what `replaced` was read as."""
    encoded = {}
    for name, value in values.items():
        field = meta.fields[name]
        sent = (
            field.to_api(value)
            if replaced is None
            else field.to_update(value, field.loaded(replaced))
        )
        encoded[field.code] = {"value": sent}
    return encoded


def _changed_values(instance: Model) -> dict[str, Any]:
    return {name: new for name, (_, new) in changes(instance).items()}


def _inserted(
    instance: Model, connection: Connection, values: Mapping[str, Any], id_: Any, revision: Any
) -> None:
    instance._id = int(id_)
    instance._state.adding = False
    instance._state.home = connection
    _written(instance, values, revision)
    for name, field in instance._meta.fields.items():
        if name not in values:
            field.clear(instance)  # the app's default, or a value of kintone's own


def _written(instance: Model, values: Mapping[str, Any], revision: Any) -> None:
    """What was sent is kintone's now; what kintone wrote by itself is to be fetched again."""
    fields = instance._meta.fields
    rewritten = {
        name
        for name, value in values.items()
        if not fields[name].typed().kept_as_sent(value, fields[name].loaded(instance))
    }
    instance._revision = int(revision)
    settle(instance, values)
    unsaved = changes(instance)
    for name, field in fields.items():
        by_itself = field.changes_by_itself and name not in unsaved
        if by_itself or name in rewritten or field.filled_by in values:
            field.clear(instance)


@contextmanager
def told_about(instance: Model) -> Iterator[None]:
    """What kintone refuses is raised as the model's own error, or at least names the record."""
    try:
        yield
    except InvalidInput as error:
        raise refusal(instance._meta, error, where=_name(instance)) from error
    except ConflictError as error:
        raise conflict(instance, error) from error
    except NotFound as error:
        if error.code != "GAIA_RE01":  # the app, say
            raise
        message = f"{instance!r} does not exist any more."
        raise type(instance).DoesNotExist(message) from error
    except APIError as error:
        error.message = f"{_name(instance)}: {error.message}"
        raise


def _name(instance: Model) -> str:
    return f"{instance._meta.label} {'(new)' if instance.pk is None else f'id={instance.pk}'}"
