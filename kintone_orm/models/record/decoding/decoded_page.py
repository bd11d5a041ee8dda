"""A page whose records were decoded as they were parsed out of the answer's text."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from kintone_orm.api.record_text import read_records
from kintone_orm.http.collector import pausing_collector
from kintone_orm.models.ground.answer_checks import are_numbers
from kintone_orm.models.record.decoding.omitted_fields import read_absent

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import TypeAlias

    from kintone_orm.connection import Connection

    PageReader: TypeAlias = Callable[[bytes], "tuple[dict[str, Any], DecodedPage] | None"]

__all__ = ["DecodedPage", "PageReader", "page_reader"]


@dataclass(slots=True)
class DecodedPage:
    """The rows of a page, and the `$id` of each, as text.

    `odd` are the instances that lack a value, or have one that could not be decoded.
    """

    ids: list[str]
    rows: list[Any]
    odd: list[Any] = field(default_factory=list)

    def __getitem__(self, part: slice) -> DecodedPage:
        rows = self.rows[part]
        chosen = set(map(id, rows)) if self.odd else ()
        return DecodedPage(self.ids[part], rows, [one for one in self.odd if id(one) in chosen])

    def complete(self, connection: Connection) -> list[Any]:
        """Return the rows, with the calculated fields that kintone omitted set to None.

        To know them, the app's form may be read.
        """
        if self.odd:
            read_absent(self.odd, connection, self.rows)
        return self.rows


def page_reader(decode: Callable[[Iterator[Any]], DecodedPage]) -> PageReader:
    """Return a reader of a body's records; `decode` makes the page from the parsed records.

    The reader returns None if anything is unusual. The whole answer is then parsed and checked
    first, which finds the right error, or decodes it after all.
    """

    def read(body: bytes) -> tuple[dict[str, Any], DecodedPage] | None:
        try:
            with pausing_collector():
                answer, page = read_records(body, decode)
        except Exception:  # noqa: BLE001 - also what a field's own decoder may raise
            return None
        return (answer, page) if are_numbers(page.ids) else None

    return read
