"""Checks that an answer of records is what the request asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn, TypeAlias

from kintone_orm.exceptions import TransportError
from kintone_orm.limits import INTEGER_DIGITS

if TYPE_CHECKING:
    from kintone_orm.connection import Connection

__all__ = ["Page", "impossible_answer", "numbers", "record_ids", "refuse_answer"]


Page: TypeAlias = "list[dict[str, Any]]"


def record_ids(connection: Connection, page: Page, *, limit: int) -> list[str]:
    """Return the ids of the records of a page.

    Raises TransportError if there are more than `limit`, or if an id is missing, repeated or not a
    positive number. All ids are checked at once, because this is done for every page.
    """
    if len(page) > limit:
        refuse_answer(
            connection, f"the answer has {len(page):,} records instead of at most {limit:,}"
        )
    ids = numbers(connection, page, "$id")
    different = set(ids)
    if len(different) != len(ids):
        twice = next(id_ for id_ in ids if ids.count(id_) > 1)
        refuse_answer(connection, f"the answer has the record {twice} twice")
    if "0" in different:
        refuse_answer(connection, "a record has the $id 0, and ids begin with 1")
    return ids


def numbers(connection: Connection, page: Page, code: str) -> list[str]:
    """Return the value of the field `code` in each record of a page, as text.

    Raises TransportError if a value is missing or is not a whole number.
    """
    texts: list[str] = []
    try:
        texts = [record[code]["value"] for record in page]
        digits = "".join(texts).encode()
        plain = digits.isdigit() and "" not in texts and len(digits) <= INTEGER_DIGITS * len(texts)
    except (LookupError, TypeError, ValueError):
        plain = False
    if page and not plain:
        refuse_answer(connection, f"a record has no {code}, or one that is not a number")
    return texts


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
