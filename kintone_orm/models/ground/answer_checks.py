"""Checks that an answer of records is what the request asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn, TypeAlias

from kintone_orm.exceptions import TransportError
from kintone_orm.limits import INTEGER_DIGITS

if TYPE_CHECKING:
    from kintone_orm.connection import Connection

__all__ = [
    "Page",
    "are_numbers",
    "check_ids",
    "impossible_answer",
    "numbers",
    "record_ids",
    "refuse_answer",
]


Page: TypeAlias = "list[dict[str, Any]]"


def record_ids(connection: Connection, page: Page, *, limit: int) -> list[str]:
    """Return the ids of the records of a page.

    Raises TransportError if there are more than `limit`, or if an id is missing, repeated or not a
    positive number.
    """
    _check_length(connection, len(page), limit)
    ids = numbers(connection, page, "$id")
    check_ids(connection, ids, limit=limit)
    return ids


def check_ids(connection: Connection, ids: list[str], *, limit: int) -> None:
    """Raise TransportError for more than `limit` ids, for a repeated id, and for an id of 0.

    All ids are checked at once, because this is done for every page.
    """
    _check_length(connection, len(ids), limit)
    different = set(ids)
    if len(different) != len(ids):
        twice = next(id_ for id_ in ids if ids.count(id_) > 1)
        refuse_answer(connection, f"the answer has the record {twice} twice")
    if "0" in different:
        refuse_answer(connection, "a record has the $id 0, and ids begin with 1")


def _check_length(connection: Connection, length: int, limit: int) -> None:
    if length > limit:
        refuse_answer(connection, f"the answer has {length:,} records instead of at most {limit:,}")


def numbers(connection: Connection, page: Page, code: str) -> list[str]:
    """Return the value of the field `code` in each record of a page, as text.

    Raises TransportError if a value is missing or is not a whole number.
    """
    texts: list[str] = []
    try:
        texts = [record[code]["value"] for record in page]
        plain = are_numbers(texts)
    except (LookupError, TypeError):
        plain = False
    if not plain:
        refuse_answer(connection, f"a record has no {code}, or one that is not a number")
    return texts


def are_numbers(texts: list[str]) -> bool:
    """Return True if each of the values from kintone is a text of ASCII digits."""
    try:
        digits = "".join(texts).encode()
    except (TypeError, ValueError):
        return False
    return not texts or (
        digits.isdigit() and "" not in texts and len(digits) <= INTEGER_DIGITS * len(texts)
    )


def refuse_answer(connection: Connection, why: str, *, path: str = "records") -> NoReturn:
    """Raise the TransportError for an answer that kintone cannot have given to the request."""
    raise impossible_answer(connection, why, path=path)


def impossible_answer(connection: Connection, why: str, *, path: str = "records") -> TransportError:
    """Return the error for an answer that is JSON, but that kintone cannot have given."""
    return TransportError(
        f"The answer is JSON, but not kintone's: {why}. A proxy, a cache or another server may "
        "have sent it. Check base_url and the proxies.",
        status=200,
        method="GET",
        path=connection.path(path),
    )
