"""ReadOptions: the checked options of `iterator()` and `explain()`."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from kintone_orm.argument_checks import is_count
from kintone_orm.limits import RECORDS_PER_PAGE, REQUESTS_AT_ONCE
from kintone_orm.models.ground.chunks import part_size
from kintone_orm.query.planner import Paging

if TYPE_CHECKING:
    from typing import Any

__all__ = ["DEFAULTS", "ReadOptions", "read_options", "require_rows"]


class ReadOptions(NamedTuple):
    """The options of a read: the size of a page, the way of reading, and how it is requested.

    `paging` is None if the planner picks the way. `ahead` is the number of pages that are requested
    before they are needed. More than one of `workers` request ranges of ids at once; their pages
    come in any order if `in_order` is False.
    """

    size: int = RECORDS_PER_PAGE
    paging: Paging | None = None
    ahead: int = 1
    workers: int = 1
    in_order: bool = True


DEFAULTS = ReadOptions()


def read_options(
    *, paging: Any, ahead: Any, chunk_size: Any = None, workers: Any = 1, in_order: Any = True
) -> ReadOptions:
    """Return the options, checked; ValueError for one that is none of `iterator()`."""
    if ahead not in (0, 1):
        raise ValueError(f"ahead must be 0 or 1, not {ahead!r:.80}.")
    # kintone serves no more requests of a domain at once.
    if not is_count(workers) or workers > REQUESTS_AT_ONCE:
        raise ValueError(
            f"workers must be a whole number from 1 to {REQUESTS_AT_ONCE}, not {workers!r:.80}."
        )
    if not isinstance(in_order, bool):
        raise ValueError(f"in_order must be True or False, not {in_order!r:.80}.")
    size = part_size(chunk_size, most=RECORDS_PER_PAGE, name="chunk_size")
    way = None if paging is None else _paging_of(paging)
    return ReadOptions(size, way, int(ahead), workers, in_order)


def require_rows(rows: Any) -> None:
    """Raise ValueError unless `rows` is a number of rows. True is no number here."""
    if isinstance(rows, int) and not isinstance(rows, bool) and rows >= 0:
        return
    raise ValueError(f"rows must be a whole number, 0 or greater, not {rows!r:.80}.")


def _paging_of(paging: Any) -> Paging:
    """Return the Paging that is given as such or by its name."""
    name = paging.name if isinstance(paging, Paging) else str(paging).upper()
    if name not in Paging.__members__:
        raise ValueError(
            f"paging must be one of {', '.join(Paging.__members__)}, not {paging!r:.80}."
        )
    return Paging[name]
