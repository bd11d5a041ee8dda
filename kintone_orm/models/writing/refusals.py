"""kintone's refusal of a write becomes the model's own error: of one record, or of many.

Which class a code has is the table's business, `kintone_orm.http.codes`. Here the refusal gets our
names: the model, the record, the field and the row.
"""

from __future__ import annotations

from contextlib import contextmanager
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from kintone_orm.exceptions import (
    APIError,
    ConflictError,
    InvalidInput,
    UniqueViolation,
    ValidationError,
)
from kintone_orm.http.codes import Meaning, meaning_of
from kintone_orm.models.record.conflict import conflict
from kintone_orm.models.record.validation import messages_by_field
from kintone_orm.models.writing.refused_values import name_the_keys, places_of_people
from kintone_orm.models.writing.taken_values import taken_values
from kintone_orm.models.writing.uploads import explain_lost_files

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from kintone_orm.connection import Connection
    from kintone_orm.exceptions import KintoneORMError
    from kintone_orm.models.base import Model
    from kintone_orm.models.definition.options import Options

__all__ = [
    "Found",
    "Sent",
    "name_of",
    "refused_found",
    "refused_many",
    "told_about",
]


# A record's id, and the revision that it must still have; None for whatever it has.
Found: TypeAlias = "tuple[int, int | None]"


class Sent(NamedTuple):
    """An object that is sent: its place in what the program gave, the record, and its values."""

    place: int
    instance: Model
    values: Mapping[str, Any]


@contextmanager
def told_about(
    instance: Model,
    values: Mapping[str, Any] | None = None,
    connection: Connection | None = None,
    *,
    key: str = "",
) -> Iterator[None]:
    """A refusal is raised as the model's own error, or at least names the record.

    `values` are those that are sent, by field name, to `connection`: if it refuses one of a field
    without duplicates, it is asked who has it. `key` is the field that an upsert finds it by.
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
            message = f"{instance!r} does not exist any more."
            raise type(instance).DoesNotExist(message) from error
        explain_lost_files(error, [instance])
        name_the_keys(error, [("", instance, values)])
        error.message = f"{name_of(instance)}: {error.message}"
        raise


def refused_many(
    meta: Options,
    connection: Connection,
    error: APIError,
    sent: Sequence[Sent],
    *,
    key: str = "",
) -> KintoneORMError:
    """The model's own error for the refusal of a hundred records, which `sent` are.

    `key` is the field that an upsert finds them by.
    """
    instances = [each.instance for each in sent]
    if isinstance(error, InvalidInput):
        by_index = {place: (each.instance, each.values) for place, each in enumerate(sent)}
        numbers = [each.place for each in sent]
        return _refused_values(
            meta, connection, error, by_index, where=meta.label, numbers=numbers, key=key
        )
    if isinstance(error, ConflictError) and sent:
        return conflict(_overtaken(meta, connection, instances), error)
    if meaning_of(error) is Meaning.RECORD_GONE:
        gone: KintoneORMError = meta.model.DoesNotExist(f"{meta.label}: {error.message}")
        return gone
    explain_lost_files(error, instances)
    name_the_keys(error, [(f"[{each.place}].", each.instance, each.values) for each in sent])
    return error


def refused_found(
    meta: Options,
    connection: Connection,
    error: APIError,
    found: Sequence[Found],
    *,
    values: Mapping[str, Any] = MappingProxyType({}),
    first: int = 0,
    name: Callable[[int], Any] = lambda id_: id_,
) -> KintoneORMError:
    """As `refused_many`, for records of which ids and revisions are known, and nothing else.

    `first` is the place of the first of them; `values` are what all of them were to get. `name`
    gives the instance of an id, if the program has one.
    """
    sent = []
    for place, (id_, revision) in enumerate(found, first):
        known = name(id_)
        if isinstance(known, meta.model):
            sent.append(Sent(place, known, values))
            continue
        told = {"$id": {"value": str(id_)}, "$revision": {"value": str(revision or 0)}}
        instance = meta.model.from_record(told, using=connection)  # all else is deferred
        sent.append(Sent(place, instance, values))
    return refused_many(meta, connection, error, sent)


def _refused_values(
    meta: Options,
    connection: Connection | None,
    error: InvalidInput,
    sent: Mapping[int, tuple[Model, Mapping[str, Any]]],
    *,
    where: str,
    numbers: Sequence[int] | None = None,
    key: str,
) -> ValidationError:
    """kintone's refusal of values as the ValidationError that we would have raised.

    `sent` are the objects with their values by their place in the request. With `numbers`, which
    are their indexes in what the program gave, a field is called "[150].phone". `key` is the field
    that an upsert finds them by.
    """
    told = messages_by_field(meta, error, key)
    told |= {place: [error.message] for place in places_of_people(error, sent)}
    taken = {} if connection is None else taken_values(meta, connection, told, sent)

    def named(index: int, name: str) -> str:
        return name if numbers is None or index >= len(numbers) else f"[{numbers[index]}].{name}"

    by_name: dict[str, list[str]] = {}
    for (index, name), texts in told.items():
        by_name.setdefault(named(index, name), []).extend(texts)
    kind = UniqueViolation if taken else ValidationError
    raised = kind(by_name or {"": [error.message]}, where=where)
    if isinstance(raised, UniqueViolation):
        raised.taken_by = {named(*place): record for place, record in taken.items()}
    return raised


def name_of(instance: Model) -> str:
    """How a message calls the record: "Order id=5", "Order (new)"."""
    return f"{instance._meta.label} {'(new)' if instance.pk is None else f'id={instance.pk}'}"


def _overtaken(meta: Options, connection: Connection, instances: Sequence[Model]) -> Model:
    """The first of the records that somebody else wrote; kintone does not say which it was.

    One request, unless there is one record only.
    """
    if len(instances) == 1:
        return instances[0]
    known = {each.pk: each for each in instances}
    records = meta.model._records(connection).filter(pk__in=list(known)).order_by()
    try:
        latest = {
            int(record["$id"]["value"]): int(record["$revision"]["value"])
            for page in records._pages(["$id", "$revision"])
            for record in page
        }
    except APIError:  # they may not be read
        return instances[0]
    moved = (each for each in instances if latest.get(each.pk or 0) != each.revision)
    return next(moved, instances[0])
