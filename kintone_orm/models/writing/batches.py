"""Cutting many records into few requests: 100 records a request, 20 requests an atomic bulkRequest.

A group is the records of one bulkRequest. A part is one request in the bulkRequest. When a group
fails, its error says which records were written, which were not, and which may have been.

kintone documents no bulkRequest for OAuth. With an OAuth token each part is a request of its own,
and only the records of one part are written all or none.
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
from kintone_orm.limits import RECORDS_PER_WRITE, REQUESTS_PER_BULK
from kintone_orm.models.ground.chunks import cut
from kintone_orm.models.ground.oauth import log_limits_once
from kintone_orm.outcomes import CarriedOut

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from kintone_orm.api.caller import Caller
    from kintone_orm.connection import Connection
    from kintone_orm.models.ground.protocols import Meta
    from kintone_orm.models.ground.values import Answer

__all__ = ["Part", "not_sent", "write_all", "write_groups"]

T = TypeVar("T")

# One message lists at most this many places.
_SHOWN = 5
# Matches a field of an object, such as "[150].phone".
_PLACE = re.compile(r"\[(\d+)\]\.(.+)")


class Part(NamedTuple):
    """One request, alone or in a bulkRequest, with the handlers of its answer and its refusal.

    `places` are the positions of its records in the group. A part without `send` makes no request.
    Its `learn` is called after the `learn` of all other parts.
    """

    places: Sequence[int]
    send: Callable[[Caller], Answer] | None
    learn: Callable[[Answer], None]
    refused: Callable[[APIError], KintoneORMError]


def write_all(
    meta: Meta,
    connection: Connection,
    items: Sequence[T],
    send: Callable[[Caller, Sequence[T]], Answer],
    learn: Callable[[Sequence[T], Answer], None] = lambda _part, _answer: None,
    *,
    size: int = RECORDS_PER_WRITE,
    name: Callable[[T], object],
    refused: Callable[[APIError, Sequence[T]], KintoneORMError],
    again: Callable[[Sequence[T], int, APIError], bool] = lambda _items, _part, _error: False,
) -> None:
    """Write the items with `send` in requests of `size`, 20 at a time; give answers to `learn`.

    `refused` turns the refusal of one request into the model's own error. A BulkWriteError with the
    text of that error is raised; it lists the items by their `name`. For `again` see
    `write_groups`.
    """

    def parts(group: Sequence[T]) -> list[Part]:
        return [part_of(places, group) for places in cut(range(len(group)), size)]

    def part_of(places: Sequence[int], group: Sequence[T]) -> Part:
        hundred = [group[place] for place in places]
        return Part(
            places,
            lambda caller: send(caller, hundred),
            lambda answer: learn(hundred, answer),
            lambda error: refused(error, hundred),
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
    meta: Meta,
    connection: Connection,
    items: Sequence[T],
    parts_of: Callable[[Sequence[T]], list[Part]],
    *,
    group: int,
    name: Callable[[T], object],
    again: Callable[[Sequence[T], int, APIError], bool],
) -> None:
    """Write the items in groups of `group`; the parts of a group are one atomic bulkRequest.

    When a group is refused, ``again(items, index of the refused part, error)`` is called. If it
    returns True, the group's parts are made again by `parts_of` and sent again. With an OAuth
    token, the parts are sent one by one, and `again` gets the items of one part.
    """
    names = [name(item) for item in items]
    for start in range(0, len(items), group):
        left = list(range(start, min(start + group, len(items))))  # the items not written yet
        while left:
            parts = _parts_to_send(connection, parts_of([items[index] for index in left]))
            sent = sorted(left[place] for part in parts for place in part.places)
            unsent = sorted({*left}.difference(sent))
            requests = [part for part in parts if part.send is not None]
            try:
                answers = _send_together(connection, [part.send for part in requests if part.send])
            # The refusal is kintone's, or it is the error of a value that cannot be sent.
            except KintoneORMError as error:
                refusal: KintoneORMError = error
                if isinstance(error, APIError) and error.carried_out is CarriedOut.NO:
                    try:
                        if again([items[index] for index in sent], error.index or 0, error):
                            continue
                        refusal = requests[error.index or 0].refused(error)
                    # A request that `again` or `refused` sent has failed.
                    except APIError as read_error:
                        refusal = read_error
                pending = [*unsent, *range(start + group, len(names))]
                raise _failure(meta, names, sent, pending, error, refusal) from error
            for part, answer in zip(requests, answers, strict=True):
                part.learn(answer)
            for part in parts:
                if part.send is None:
                    part.learn({})
            left = unsent


def _parts_to_send(connection: Connection, parts: list[Part]) -> list[Part]:
    """Return all parts; with an OAuth token, the first part that makes a request."""
    if not connection.by_oauth or len(parts) < 2:
        return parts
    requests = [part for part in parts if part.send is not None]
    if len(requests) > 1:
        log_limits_once(connection)
    return requests[:1] or parts


def _send_together(
    connection: Connection, sends: Sequence[Callable[[Caller], Answer]]
) -> list[Answer]:
    if len(sends) < 2:
        return [send(checked(connection)) for send in sends]
    batch = Batch()
    for send in sends:
        send(batch)
    results: list[Any] = bulk_request(checked(connection), requests=batch.requests)["results"]
    return results


def _failure(
    meta: Meta,
    names: Sequence[object],
    sent: Sequence[int],
    pending: Sequence[int],
    error: KintoneORMError,
    refusal: KintoneORMError,
) -> BulkWriteError:
    """Return the error of a failed request; `sent` and `pending` are indexes of `names`."""
    not_done = {*sent, *pending}
    done = [name for index, name in enumerate(names) if index not in not_done]
    members, later = [names[index] for index in sent], [names[index] for index in pending]
    errors = _by_place(refusal)
    why = _listed(errors) if isinstance(refusal, ValidationError) and errors else str(refusal)
    progress = f"{meta.label}: {len(done):,} of {len(names):,} records are written"
    if error.carried_out is CarriedOut.UNKNOWN:
        return BulkWriteError(
            f"{progress}. The answer for the next {len(sent):,} was lost, so they may be written: "
            f"read them before you send them again. {why}",
            done=done,
            unknown=members,
            pending=later,
        )
    if done:
        return BulkWriteError(
            f"{progress}. The next {len(sent):,} were refused together; none of them is written. "
            f"The reason: {why}",
            done=done,
            failed=members,
            pending=later,
            errors=errors,
        )
    return _none_written(meta, names, refusal, why, failed=members, pending=later, errors=errors)


def not_sent(meta: Meta, names: Sequence[object], refusal: KintoneORMError) -> BulkWriteError:
    """Return `refusal` as the BulkWriteError of a call that sent no request."""
    return _none_written(meta, names, refusal, str(refusal), failed=names, pending=(), errors={})


def _none_written(
    meta: Meta, names: Sequence[object], refusal: KintoneORMError, why: str, **details: Any
) -> BulkWriteError:
    none = f"none of {len(names):,} records is" if len(names) > 1 else "the record is not"
    message = f"{meta.label}: {none} written. The reason: {why}"
    return BulkWriteError.like(refusal, message, **details)


def _by_place(refusal: KintoneORMError) -> dict[tuple[int, str], list[str]]:
    """Return the messages of the refusal by (index, field name); leave out the others."""
    messages: Mapping[str, Sequence[str]] = {}
    if isinstance(refusal, ValidationError):
        messages = refusal.errors
    elif isinstance(refusal, LookupSourceNotFound):
        messages = refusal.places
    places = {name: _PLACE.fullmatch(name) for name in messages}
    return {
        (int(place[1]), place[2]): list(messages[name])
        for name, place in places.items()
        if place is not None
    }


def _listed(errors: Mapping[tuple[int, str], Sequence[str]]) -> str:
    """Return each message once, after its places: "[1].phone, [4].phone: Required."."""
    places: dict[str, list[str]] = {}
    for (index, field), texts in errors.items():
        places.setdefault(" ".join(texts), []).append(f"[{index}].{field}")
    return "; ".join(f"{_some(at)}: {text}" for text, at in places.items())


def _some(places: Sequence[str]) -> str:
    more = len(places) - _SHOWN
    return ", ".join(places[:_SHOWN]) + (f" and {more:,} more" if more > 0 else "")
