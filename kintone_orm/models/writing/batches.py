"""Many records in few requests: parts of a hundred, twenty parts in one atomic request.

And what is known when a request fails: nothing was written for sure, or something was or may be.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from kintone_orm.api.answers import checked
from kintone_orm.api.bulk import Batch, bulk_request
from kintone_orm.exceptions import (
    APIError,
    BulkWriteError,
    KintoneORMError,
    LookupSourceNotFound,
    ValidationError,
)
from kintone_orm.http.failures import may_be_done
from kintone_orm.limits import RECORDS_PER_WRITE, REQUESTS_PER_BULK
from kintone_orm.models.ground.chunks import cut
from kintone_orm.models.writing.uploads import is_about_transfer

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from kintone_orm.api.caller import Caller
    from kintone_orm.connection import Connection
    from kintone_orm.models.definition.options import Options

__all__ = ["Part", "not_sent", "write_all", "write_groups"]

T = TypeVar("T")

_SHOWN = 5  # places of one message
_PLACE = re.compile(r"\[(\d+)\]\.(.+)")  # "[150].phone"


class Part(NamedTuple):
    """One request, alone or in a bulkRequest, and what is done with its answer or its refusal.

    With `send` None nothing is asked; `learn` is called all the same, once the others are done.
    """

    send: Callable[[Caller], Any] | None
    learn: Callable[[Any], None]
    refused: Callable[[APIError], KintoneORMError]


def write_all(
    meta: Options,
    connection: Connection,
    items: Sequence[T],
    send: Callable[[Caller, Sequence[T]], Any],
    learn: Callable[[Sequence[T], Any], None] = lambda _part, _answer: None,
    *,
    size: int = RECORDS_PER_WRITE,
    name: Callable[[T], Any],
    refused: Callable[[APIError, Sequence[T]], KintoneORMError],
    again: Callable[[Sequence[T], int, APIError], bool] = lambda _items, _part, _error: False,
) -> None:
    """`send` items by the hundred, twenty hundreds in a request; `learn` from each answer.

    `refused` makes the model's own error of the refusal of a hundred. It is raised as a
    BulkWriteError, which has the items by their `name`. `again` is as in `write_groups`.
    """

    def parts(group: Sequence[T]) -> list[Part]:
        return [_part_of(part) for part in cut(group, size)]

    def _part_of(part: Sequence[T]) -> Part:
        return Part(
            lambda caller: send(caller, part),
            lambda answer: learn(part, answer),
            lambda error: refused(error, part),
        )

    write_groups(
        meta,
        connection,
        items,
        parts,
        group=size * REQUESTS_PER_BULK,
        name=name,
        again=again,
    )


def write_groups(
    meta: Options,
    connection: Connection,
    items: Sequence[T],
    parts_of: Callable[[Sequence[T]], list[Part]],
    *,
    group: int,
    name: Callable[[T], Any],
    again: Callable[[Sequence[T], int, APIError], bool],
) -> None:
    """Write `group` items at a time: each of their parts is a request of one atomic request.

    `again` says whether a group that was refused is to be asked for its parts, and sent, once more:
    it is told which part was refused.
    """
    names = [name(item) for item in items]
    for start in range(0, len(items), group):
        these = items[start : start + group]
        while True:
            parts = parts_of(these)
            asked = [part for part in parts if part.send is not None]
            try:
                answers = _send_together(connection, [part.send for part in asked if part.send])
            except KintoneORMError as error:  # of kintone, or of a value that cannot be sent
                refusal: KintoneORMError = error
                if isinstance(error, APIError) and not _is_unknown(error):
                    try:
                        if again(these, error.index or 0, error):
                            continue
                        refusal = asked[error.index or 0].refused(error)
                    except APIError as trouble:  # while it was looked at: nothing is written
                        refusal = trouble
                raise _failure(meta, names, start, len(these), error, refusal) from error
            break
        for part, answer in zip(asked, answers, strict=True):
            part.learn(answer)
        for part in parts:
            if part.send is None:
                part.learn(None)


def _send_together(connection: Connection, sends: Sequence[Callable[[Caller], Any]]) -> list[Any]:
    if len(sends) < 2:
        return [send(checked(connection)) for send in sends]
    batch = Batch()
    for send in sends:
        send(batch)
    results: list[Any] = bulk_request(checked(connection), requests=batch.requests)["results"]
    return results


def _is_unknown(error: KintoneORMError) -> bool:
    """True if what was sent may be written all the same; not if it was a file for it only."""
    return isinstance(error, APIError) and may_be_done(error) and not is_about_transfer(error)


def _failure(
    meta: Options,
    names: Sequence[Any],
    done: int,
    sent: int,
    error: KintoneORMError,
    refusal: KintoneORMError,
) -> BulkWriteError:
    these, pending = names[done : done + sent], names[done + sent :]
    errors = _by_place(refusal)
    why = _listed(errors) if isinstance(refusal, ValidationError) and errors else str(refusal)
    told = f"{meta.label}: {done:,} of {len(names):,} records are written"
    if _is_unknown(error):
        return BulkWriteError(
            f"{told}; the next {sent:,} may be written or not, as their answer was lost: look "
            f"before you send them again. {why}",
            done=names[:done],
            unknown=these,
            pending=pending,
        )
    if done:
        return BulkWriteError(
            f"{told}; the next {sent:,} were refused together, and none of them is written. The "
            f"reason: {why}",
            done=names[:done],
            failed=these,
            pending=pending,
            errors=errors,
        )
    return _none_written(meta, names, refusal, why, failed=these, pending=pending, errors=errors)


def not_sent(meta: Options, names: Sequence[Any], refusal: KintoneORMError) -> BulkWriteError:
    """The `refusal` of all of them, of which nothing was sent."""
    return _none_written(meta, names, refusal, str(refusal), failed=names, pending=(), errors={})


def _none_written(
    meta: Options, names: Sequence[Any], refusal: KintoneORMError, why: str, **told: Any
) -> BulkWriteError:
    none = f"none of {len(names):,} records is" if len(names) > 1 else "the record is not"
    message = f"{meta.label}: {none} written. The reason: {why}"
    return BulkWriteError.like(refusal, message, **told)


def _by_place(refusal: KintoneORMError) -> dict[tuple[int, str], list[str]]:
    """The messages of the refusal by (index, field name), as far as they have a place."""
    told: Mapping[str, Sequence[str]] = {}
    if isinstance(refusal, ValidationError):
        told = refusal.errors
    elif isinstance(refusal, LookupSourceNotFound):
        told = refusal.places
    found = {name: _PLACE.fullmatch(name) for name in told}
    return {(int(at[1]), at[2]): list(told[name]) for name, at in found.items() if at is not None}


def _listed(errors: Mapping[tuple[int, str], Sequence[str]]) -> str:
    """Each message once, behind its places: "[1].phone, [4].phone: Required."."""
    places: dict[str, list[str]] = {}
    for (index, field), texts in errors.items():
        places.setdefault(" ".join(texts), []).append(f"[{index}].{field}")
    return "; ".join(f"{_some(at)}: {text}" for text, at in places.items())


def _some(places: Sequence[str]) -> str:
    more = len(places) - _SHOWN
    return ", ".join(places[:_SHOWN]) + (f" and {more:,} more" if more > 0 else "")
