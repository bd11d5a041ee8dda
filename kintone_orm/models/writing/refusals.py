"""Translating kintone's refusals of writes into the model's own errors.

The table in `kintone_orm.http.codes` gives each code its class. This module adds the names
of the model, the record, the field and the row.
"""

from __future__ import annotations

from contextlib import contextmanager
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from kintone_orm import exceptions
from kintone_orm.exceptions import APIError, ConflictError, InvalidInput
from kintone_orm.http.codes import Meaning, meaning_of
from kintone_orm.models.record.conflict import conflict
from kintone_orm.models.record.validation import messages_by_field
from kintone_orm.models.writing.refused_values import name_the_keys, places_of_people
from kintone_orm.models.writing.taken_values import taken_values
from kintone_orm.models.writing.uploads import explain_lost_files
from kintone_orm.outcomes import CarriedOut

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from kintone_orm.connection import Connection
    from kintone_orm.exceptions import KintoneORMError
    from kintone_orm.models.ground.protocols import Meta
    from kintone_orm.models.ground.values import Values
    from kintone_orm.models.record.instance import Instance

__all__ = [
    "Known",
    "Sent",
    "name_of",
    "refused_known",
    "refused_many",
    "translating_refusals",
]


# A record's id, and the revision that the record must still have; None accepts every revision.
Known: TypeAlias = "tuple[int, int | None]"


class Sent(NamedTuple):
    """An object to send, with its index in the program's list and the values to send."""

    place: int
    instance: Instance
    values: Values

    @property
    def bases(self) -> Values:
        """The snapshots that the values replace: none in a new record."""
        return {}


@contextmanager
def translating_refusals(
    instance: Instance,
    values: Values | None = None,
    connection: Connection | None = None,
    *,
    key: str = "",
    lost: str = "",
) -> Iterator[None]:
    """Raise a refusal as the model's own error, and add the record's name to other errors.

    `values` are the sent values by field name. If kintone refuses one of them as a duplicate, a
    request on `connection` finds the record that has the value. `key` is the name of an upsert's
    key field. `lost` is a sentence to add to an error after which it is unknown whether the request
    was carried out.
    """
    meta = instance._meta
    try:
        yield
    except InvalidInput as error:
        sent = {0: (instance, values or {})}
        where = name_of(instance)
        raise _refused_values(meta, connection, error, sent, where=where, key=key) from error
    except ConflictError as error:
        raise conflict(instance, error) from error
    except APIError as error:
        if meaning_of(error) is Meaning.RECORD_GONE:
            message = f"{instance!r} no longer exists in kintone."
            raise type(instance).DoesNotExist(message) from error
        explain_lost_files(error, [instance])
        name_the_keys(error, [("", instance, values)])
        error.message = f"{name_of(instance)}: {error.message}"
        if lost and error.carried_out is CarriedOut.UNKNOWN:
            error.message += f" {lost}"
        raise


def refused_many(
    meta: Meta,
    connection: Connection,
    error: APIError,
    sent: Sequence[Sent],
    *,
    key: str = "",
) -> KintoneORMError:
    """Return the model's own error for the refusal of a request that carried the objects `sent`.

    `key` is the name of an upsert's key field.
    """
    instances = [item.instance for item in sent]
    if isinstance(error, InvalidInput):
        by_index = {index: (item.instance, item.values) for index, item in enumerate(sent)}
        numbers = [item.place for item in sent]
        return _refused_values(
            meta, connection, error, by_index, where=meta.label, numbers=numbers, key=key
        )
    if isinstance(error, ConflictError) and sent:
        return conflict(_overtaken(meta, connection, instances), error)
    if meaning_of(error) is Meaning.RECORD_GONE:
        gone: KintoneORMError = meta.model.DoesNotExist(f"{meta.label}: {error.message}")
        return gone
    explain_lost_files(error, instances)
    name_the_keys(error, [(f"[{item.place}].", item.instance, item.values) for item in sent])
    return error


def refused_known(
    meta: Meta,
    connection: Connection,
    error: APIError,
    records: Sequence[Known],
    *,
    values: Values = MappingProxyType({}),
    first: int = 0,
    name: Callable[[int], Any] = lambda id_: id_,
) -> KintoneORMError:
    """Return the error of `refused_many` for records of which only id and revision are known.

    `first` is the index of the first record; `values` were sent for all of them. `name` returns the
    instance of an id if the program has one.
    """
    sent = []
    for place, (id_, revision) in enumerate(records, first):
        instance = name(id_)
        if isinstance(instance, meta.model):
            sent.append(Sent(place, instance, values))
            continue
        record = {"$id": {"value": str(id_)}, "$revision": {"value": str(revision or 0)}}
        # All other fields of the record are deferred.
        instance = meta.model.from_record(record, using=connection)
        sent.append(Sent(place, instance, values))
    return refused_many(meta, connection, error, sent)


def _refused_values(
    meta: Meta,
    connection: Connection | None,
    error: InvalidInput,
    sent: Mapping[int, tuple[Instance, Values]],
    *,
    where: str,
    numbers: Sequence[int] | None = None,
    key: str,
) -> exceptions.ValidationError:
    """Return kintone's refusal of values as a ValidationError, by the model's field names.

    `sent` are the objects and their values by their index in the request. `numbers` are their
    indexes in the program's list; with them, a field is named "[150].phone". `key` is the name of
    an upsert's key field.
    """
    messages = messages_by_field(meta, error, key)
    messages |= {place: [error.message] for place in places_of_people(error, sent)}
    taken = {} if connection is None else taken_values(meta, connection, messages, sent)

    def named(index: int, name: str) -> str:
        return name if numbers is None or index >= len(numbers) else f"[{numbers[index]}].{name}"

    by_name: dict[str, list[str]] = {}
    for (index, name), texts in messages.items():
        by_name.setdefault(named(index, name), []).extend(texts)
    kind = exceptions.UniqueViolation if taken else exceptions.ValidationError
    raised = kind(by_name or {"": [error.message]}, where=where)
    if isinstance(raised, exceptions.UniqueViolation):
        raised.taken_by = {named(*place): record for place, record in taken.items()}
    return raised


def name_of(instance: Instance) -> str:
    """Return the record's name in messages: "Order id=5" or "Order (new)"."""
    return f"{instance._meta.label} {'(new)' if instance.pk is None else f'id={instance.pk}'}"


def _overtaken(meta: Meta, connection: Connection, instances: Sequence[Instance]) -> Instance:
    """Return the first record that somebody else wrote; kintone's refusal does not name it.

    This takes one request, or no request if there is only one record.
    """
    if len(instances) == 1:
        return instances[0]
    ids = [instance.pk for instance in instances]
    try:
        latest = {
            int(record["$id"]["value"]): int(record["$revision"]["value"])
            for record in meta.raw_records(connection, ["$id", "$revision"], pk__in=ids)
        }
    # The user may not read the records, so the first record stands for all of them.
    except APIError:
        return instances[0]
    moved = (record for record in instances if latest.get(record.pk or 0) != record.revision)
    return next(moved, instances[0])
