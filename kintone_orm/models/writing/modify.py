"""Read, change and save one record; start again if somebody else wrote it in between.

`modify` does the work of locks and of `F()`, which kintone does not have.
"""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any, TypeVar

from kintone_orm.exceptions import ConflictError, ServerBusy
from kintone_orm.http.request_log import logger
from kintone_orm.http.retry import longest_wait
from kintone_orm.outcomes import CarriedOut

if TYPE_CHECKING:
    from collections.abc import Callable

    from kintone_orm.connection import Connection
    from kintone_orm.exceptions import APIError
    from kintone_orm.http.retry import Retry
    from kintone_orm.models.record.instance import Instance
    from kintone_orm.models.writing.records import WritableRecords

__all__ = ["modify"]

M = TypeVar("M", bound="Instance")


def modify(
    records: WritableRecords[M],
    pk: object,
    change: Callable[[M], Any],
    *,
    attempts: int,
    connection: Connection,
) -> M:
    """Return the record `pk`, changed and saved: see `QuerySet.modify`."""
    if isinstance(attempts, bool) or not isinstance(attempts, int):
        raise TypeError(f"modify() takes a whole number of attempts, not {attempts!r:.80}.")
    if attempts < 1:
        raise ValueError(f"modify() needs at least one attempt, not {attempts}.")
    clock, retry, seconds = connection.clock, connection.current_retry, connection.current_deadline
    deadline = None if seconds is None else clock.now() + seconds
    number = 1
    while True:
        instance: M = records.get(pk=pk)
        instance._state.computed = True
        try:
            change(instance)
            # `change` deleted the record, so it is not saved.
            if instance._state.adding:
                return instance
            try:
                instance.save(check_revision=True)
            except (records.model.Conflict, ServerBusy) as error:
                wait = random.uniform(0, longest_wait(number, retry))  # noqa: S311 - no secret
                in_time = deadline is None or clock.now() + wait < deadline
                if number >= attempts or not in_time or not _may_go_on(error, retry):
                    raise
                _log_attempt(instance, number, error, wait)
            else:
                return instance
        finally:
            instance._state.computed = False
        clock.sleep(wait)
        number += 1


def _log_attempt(instance: Instance, number: int, error: APIError, wait: float) -> None:
    is_conflict = isinstance(error, ConflictError)
    reason = "somebody else wrote the record" if is_conflict else "kintone is busy"
    logger.warning(
        "%s id=%s: attempt %d of modify() failed, because %s. The next one begins in %.2f s.",
        instance._meta.label,
        instance.pk,
        number,
        reason,
        wait,
        extra={
            "kintone_model": instance._meta.label,
            "kintone_attempt": number,
            "kintone_reason": reason,
            "kintone_wait": wait,
        },
    )


def _may_go_on(error: APIError, retry: Retry) -> bool:
    """Return True if the record may be read and changed again after this error.

    If it is unknown whether the record was saved, another attempt could apply the change twice. A
    ServerBusy, which the slower of two writers may get instead of a Conflict, is for the connection
    to retry. Only without its retries this is left to `modify`: the attempts do not multiply.
    """
    if error.carried_out is not CarriedOut.NO:
        return False
    return isinstance(error, ConflictError) or retry.attempts == 1
