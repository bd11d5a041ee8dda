"""A page of records must be what was asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn, TypeAlias

from kintone_orm.exceptions import TransportError
from kintone_orm.limits import INTEGER_DIGITS

if TYPE_CHECKING:
    from kintone_orm.connection import Connection

__all__ = ["Page", "not_kintones", "not_what_was_asked", "numbers", "record_ids"]


Page: TypeAlias = "list[dict[str, Any]]"


def record_ids(connection: Connection, page: Page, *, limit: int) -> list[str]:
    """The ids of the records of a page; TransportError if they cannot be those of a page.

    The whole column is looked at, at once: this is done for every page.
    """
    if len(page) > limit:
        not_what_was_asked(connection, f"it has {len(page):,} records where {limit:,} were to come")
    ids = numbers(connection, page, "$id")
    different = set(ids)
    if len(different) != len(ids):
        twice = next(id_ for id_ in ids if ids.count(id_) > 1)
        not_what_was_asked(connection, f"it has the record {twice} twice")
    if "0" in different:
        not_what_was_asked(connection, "a record has the $id 0, and they begin with 1")
    return ids


def numbers(connection: Connection, page: Page, code: str) -> list[str]:
    """The numbers that a page has under `code`, as texts; TransportError if one is none."""
    texts: list[str] = []
    try:
        texts = [record[code]["value"] for record in page]
        digits = "".join(texts).encode()
        plain = digits.isdigit() and "" not in texts and len(digits) <= INTEGER_DIGITS * len(texts)
    except (LookupError, TypeError, ValueError):
        plain = False
    if page and not plain:
        not_what_was_asked(connection, f"a record has no {code}, or one that is no number")
    return texts


def not_what_was_asked(connection: Connection, why: str, *, path: str = "records") -> NoReturn:
    """Raise the TransportError of an answer that is no answer of kintone's to what was asked."""
    raise not_kintones(connection, why, path=path)


def not_kintones(connection: Connection, why: str, *, path: str = "records") -> TransportError:
    """The error for an answer to a read that is JSON, but cannot be kintone's, and why not."""
    return TransportError(
        f"The answer is JSON, but not kintone's: {why}. A proxy, a cache or another server may "
        "stand in between",
        status=200,
        method="GET",
        path=connection.path(path),
    )
