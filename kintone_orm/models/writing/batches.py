"""Cutting many records into few requests: 100 records a request, 20 requests an atomic bulkRequest.

A group is the records of one bulkRequest. A part is one request in the bulkRequest. When a group
fails, its error says which records were written, which were not, and which may have been.

kintone documents no bulkRequest for OAuth. With an OAuth token each part is a request of its own,
and only the records of one part are written all or none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from kintone_orm.api.answers import checked
from kintone_orm.api.bulk import Batch, bulk_request
from kintone_orm.exceptions import APIError, KintoneORMError
from kintone_orm.limits import RECORDS_PER_WRITE, REQUESTS_PER_BULK
from kintone_orm.models.ground.chunks import cut
from kintone_orm.models.ground.oauth import log_limits_once
from kintone_orm.models.writing.group_errors import lost_group, refused_group
from kintone_orm.outcomes import CarriedOut

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from kintone_orm.api.caller import Caller
    from kintone_orm.connection import Connection
    from kintone_orm.models.ground.protocols import Meta
    from kintone_orm.models.ground.values import Answer

__all__ = ["Part", "write_all", "write_groups"]

T = TypeVar("T")

_ADVICE = "read them before you send them again"


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
    unwritten: Callable[[Sequence[T]], list[int] | None] = lambda _items: None,
    advice: str = _ADVICE,
) -> None:
    """Write the items with `send` in requests of `size`, 20 at a time; give answers to `learn`.

    `refused` turns the refusal of one request into the model's own error. A BulkWriteError with the
    text of that error is raised; it lists the items by their `name`. For `again`, `unwritten` and
    `advice` see `write_groups`.
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
        unwritten=unwritten,
        advice=advice,
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
    unwritten: Callable[[Sequence[T]], list[int] | None] = lambda _items: None,
    advice: str = _ADVICE,
) -> None:
    """Write the items in groups of `group`; the parts of a group are one atomic bulkRequest.

    When a group is refused, ``again(items, index of the refused part, error)`` is called. If it
    returns True, the group's parts are made again by `parts_of` and sent again. With an OAuth
    token, the parts are sent one by one, and `again` gets the items of one part.

    When the answer to a group was lost, ``unwritten(items)`` returns the indexes of the items that
    are not written, or None if that is unknown. If it returns no index, the group is done, and
    `unwritten` has done the work of `learn`. `advice` is the part of the error's text that says
    what to do about items of which it is unknown.
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
                members = [items[index] for index in sent]
                pending = [*unsent, *range(start + group, len(names))]
                if error.carried_out is CarriedOut.UNKNOWN:
                    indexes = unwritten(members)
                    if indexes == []:
                        left = unsent
                        continue
                    missing = None if indexes is None else [sent[index] for index in indexes]
                    lost = lost_group(meta, names, sent, pending, error, missing, advice=advice)
                    raise lost from error
                refusal = _refusal(error, requests, members, again)
                if refusal is None:
                    continue
                raise refused_group(meta, names, sent, pending, refusal) from error
            for part, answer in zip(requests, answers, strict=True):
                part.learn(answer)
            for part in parts:
                if part.send is None:
                    part.learn({})
            left = unsent


def _refusal(
    error: KintoneORMError,
    requests: Sequence[Part],
    members: Sequence[T],
    again: Callable[[Sequence[T], int, APIError], bool],
) -> KintoneORMError | None:
    """Return the model's own error for the refusal of a group; None if it can be sent again."""
    if not isinstance(error, APIError):
        return error
    try:
        if again(members, error.index or 0, error):
            return None
        return requests[error.index or 0].refused(error)
    # A request that `again` or `refused` sent has failed.
    except APIError as read_error:
        return read_error


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
