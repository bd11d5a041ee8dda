"""The errors of writes of many records, with the records that were written and those that were not.

A group is the records of one request, or of one bulkRequest. `names` are all records of the call,
as the error lists them. `sent` and `pending` are indexes of `names`: the group that failed, and the
records after it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from kintone_orm import exceptions
from kintone_orm.exceptions import BulkWriteError, LookupSourceNotFound
from kintone_orm.outcomes import CarriedOut

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kintone_orm.exceptions import KintoneORMError
    from kintone_orm.models.ground.protocols import Meta

__all__ = ["lost_group", "not_sent", "refused_group"]

# One message lists at most this many places.
_SHOWN = 5
# Matches a field of an object, such as "[150].phone".
_PLACE = re.compile(r"\[(\d+)\]\.(.+)")


class _Lists(NamedTuple):
    """The names of the records by their end, and a sentence that counts those that are done."""

    done: list[object]
    sent: list[object]
    pending: list[object]
    progress: str

    @classmethod
    def of(
        cls, meta: Meta, names: Sequence[object], sent: Sequence[int], pending: Sequence[int]
    ) -> _Lists:
        """Return the lists; `sent` and `pending` are indexes of `names`, and the rest is done."""
        not_done = {*sent, *pending}
        done = [name for index, name in enumerate(names) if index not in not_done]
        progress = f"{meta.label}: {len(done):,} of {len(names):,} records are written"
        return cls(done, [names[n] for n in sent], [names[n] for n in pending], progress)


def refused_group(
    meta: Meta,
    names: Sequence[object],
    sent: Sequence[int],
    pending: Sequence[int],
    refusal: KintoneORMError,
) -> BulkWriteError:
    """Return the error of a refused request."""
    done, failed, later, progress = _Lists.of(meta, names, sent, pending)
    errors = _by_place(refusal)
    why = (
        _listed(errors)
        if isinstance(refusal, exceptions.ValidationError) and errors
        else str(refusal)
    )
    if done:
        return BulkWriteError(
            f"{progress}. The next {len(sent):,} were refused together; none of them is written. "
            f"The reason: {why}",
            done=done,
            failed=failed,
            pending=later,
            errors=errors,
        )
    return _none_written(meta, names, refusal, why, failed=failed, pending=later, errors=errors)


def lost_group(
    meta: Meta,
    names: Sequence[object],
    sent: Sequence[int],
    pending: Sequence[int],
    error: KintoneORMError,
    missing: Sequence[int] | None,
    *,
    advice: str,
) -> BulkWriteError:
    """Return the error of a group whose answer was lost.

    `missing` are the indexes of the records that were not written when they were read afterwards.
    None if it is unknown which records were written; `advice` then says what to do.
    """
    done, members, later, progress = _Lists.of(
        meta, names, sent if missing is None else missing, pending
    )
    if missing is None:
        return BulkWriteError(
            f"{progress}. The answer for the next {len(sent):,} was lost, so they may be written: "
            f"{advice}. {error}",
            done=done,
            unknown=members,
            pending=later,
        )
    raised = BulkWriteError(
        f"{progress}. The answer for {len(sent):,} records was lost, and {len(missing):,} of them "
        f"were not written when they were read afterwards. {error}",
        done=done,
        failed=members,
        pending=later,
    )
    # A request that is still on its way to kintone is carried out after the records were read.
    raised.carried_out = CarriedOut.UNKNOWN
    return raised


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
    if isinstance(refusal, exceptions.ValidationError):
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
