"""Selection: the records to read from an app, and their order."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from kintone_orm.limits import RECORDS_PER_PAGE
from kintone_orm.query.conditions import All, Condition, Predicate
from kintone_orm.query.planner import Paging, choose_paging

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kintone_orm.query.compiler import OrderKey

__all__ = ["Domain", "Selection", "ids_asked_for"]

_ID = re.compile(r"\d+")


class Domain(Protocol):
    """The domain that a plan is made for, as a connection describes it without a request."""

    short_texts: dict[int, frozenset[str]]

    @property
    def base_url(self) -> str:
        """The URL without a path: ``https://example.cybozu.com``."""
        ...

    @property
    def by_oauth(self) -> bool:
        """True if kintone authenticates by an OAuth token, so that there are no cursors."""
        ...

    @property
    def max_concurrency(self) -> int:
        """The number of requests that are sent at once, at most."""
        ...

    def path(self, endpoint: str, /) -> str:
        """Return the path of an endpoint, with the guest space if there is one."""
        ...


@dataclass(frozen=True, slots=True)
class Selection:
    """The records of an app to read: condition, order, slice and fields.

    `order` ends with `$id`, so no two records have the same place in it. The rows go from `start`
    up to `stop`; None means to the end. A page has `size` records. `has_cursors` is False with an
    OAuth token. `way` is the way of reading: `paging`, or else the cheapest way that is safe.

    NotSupportedError for a slice that kintone cannot reach, and for a `paging` that would not read
    exactly these records, or that needs a cursor where there are none.
    """

    app: int
    condition: Condition
    order: tuple[OrderKey, ...]
    fields: Sequence[str]
    start: int = 0
    stop: int | None = None
    size: int = RECORDS_PER_PAGE
    paging: Paging | None = None
    has_cursors: bool = True
    way: Paging = field(init=False)

    def __post_init__(self) -> None:
        way = choose_paging(
            self.order,
            start=self.start,
            stop=self.stop,
            size=self.size,
            demanded=self.paging,
            has_cursors=self.has_cursors,
        )
        object.__setattr__(self, "way", way)


def ids_asked_for(condition: Condition) -> frozenset[int] | None:
    """Return the ids to which the condition limits the records; None if it does not list ids."""
    if isinstance(condition, All):
        for part in condition.parts:
            if (ids := ids_asked_for(part)) is not None:
                return ids
        return None
    if (
        isinstance(condition, Predicate)
        and (condition.code, condition.table) == ("$id", None)
        and condition.operator in ("=", "in")
    ):
        return frozenset(map(int, _ID.findall(condition.operand)))
    return None
