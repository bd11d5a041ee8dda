"""The request for one page of records, and the page."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

from kintone_orm.api.answers import checked, first_attempt
from kintone_orm.api.records import get_records
from kintone_orm.models.ground.answer_checks import check_ids, record_ids, refuse_answer
from kintone_orm.models.reading.selection import ids_asked_for
from kintone_orm.models.record.decoding.decoded_page import DecodedPage
from kintone_orm.query.compiler import compile_query

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from kintone_orm.api.caller import Caller
    from kintone_orm.connection import Connection
    from kintone_orm.http.messages import RecordsReader
    from kintone_orm.http.sent_ahead import SentAhead
    from kintone_orm.models.ground.answer_checks import Page
    from kintone_orm.models.reading.selection import Selection
    from kintone_orm.models.record.decoding.decoded_page import PageReader
    from kintone_orm.models.record.row_shapes import Shape
    from kintone_orm.query.conditions import Condition

__all__ = ["PageRequest", "ReadPage", "Source", "page_of"]


@dataclass(slots=True)
class ReadPage:
    """A page of records: decoded as it was parsed, or as the JSON that kintone sent.

    `ids` are the `$id` of each record, as text. `content` has as many items.
    """

    ids: list[str]
    content: DecodedPage | Page

    def __len__(self) -> int:
        return len(self.ids)

    def __getitem__(self, part: slice) -> ReadPage:
        return ReadPage(self.ids[part], self.content[part])

    @property
    def records(self) -> Page:
        """The records as JSON, if the page was read without a reader."""
        assert not isinstance(self.content, DecodedPage)  # noqa: S101
        return self.content

    def rows(self, shape: Shape, model: Any, connection: Connection) -> Iterable[Any]:
        """Return the rows; DecodeError or TransportError for records that cannot be decoded."""
        content = self.content
        if isinstance(content, DecodedPage):
            return content.complete(connection)
        return shape.rows(model, content, connection)


@dataclass(frozen=True, slots=True)
class PageRequest:
    """The request for a page, which `call` sends through a caller.

    The page has at most `limit` records. `after` is the last id of the page before, if the request
    names it. `ids` are the only ids that the condition allows, if it lists them. Equal requests of
    one read ask for the same page.
    """

    call: Callable[[Caller], dict[str, Any]] = field(compare=False)
    limit: int
    after: str = ""
    ids: frozenset[int] | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Source:
    """The records to read, and how their pages are requested.

    `reader` decodes a page as it is parsed; None reads JSON. With `ahead`, a page is requested
    before the page before it is decoded. More than one of `workers` read ranges of ids at once;
    their pages may come in any order unless `in_order` is True.
    """

    connection: Connection
    selection: Selection
    reader: PageReader | None = None
    ahead: bool = False
    workers: int = 1
    in_order: bool = True

    def request(
        self,
        *,
        limit: int,
        offset: int = 0,
        condition: Condition | None = None,
        after: str = "",
        total_count: bool = False,
    ) -> PageRequest:
        """Return the request for one page of the records that satisfy `condition`.

        The default of `condition` is the condition of the selection. With `total_count`, kintone
        also counts the records.
        """
        selection = self.selection
        condition = selection.condition if condition is None else condition
        query = compile_query(condition, order=selection.order, limit=limit, offset=offset)
        call = partial(
            get_records,
            app=selection.app,
            query=query,
            fields=selection.fields,
            total_count=total_count,
        )
        return PageRequest(call, limit, after, ids_asked_for(condition))

    def send_ahead(
        self, request: PageRequest, meanwhile: Callable[[], object] | None = None
    ) -> SentAhead:
        """Make the first attempt; `meanwhile` is called while the answer is on its way."""
        return first_attempt(self.connection, request.call, meanwhile)

    def answer(
        self,
        request: PageRequest,
        sent: SentAhead | None = None,
        reader: RecordsReader | None = None,
    ) -> dict[str, Any]:
        """Return the answer to the request, whose records `reader` or the source's own decoded.

        `sent` is the first attempt, if it was made already.
        """
        caller = checked(self.connection, records=reader or self.reader, sent=sent)
        return request.call(caller)

    def page(self, request: PageRequest, answer: dict[str, Any]) -> ReadPage:
        """Return the page of an answer.

        TransportError for a page with too many records, for the same record twice, and for a record
        whose id was not asked for.
        """
        page = page_of(self.connection, answer, limit=request.limit)
        expected = request.ids
        if expected is not None and not expected.issuperset(map(int, page.ids)):
            other = next(id_ for id_ in page.ids if int(id_) not in expected)
            why = f"the answer has the record {other}, which was not requested"
            refuse_answer(self.connection, why)
        return page


def page_of(connection: Connection, answer: dict[str, Any], *, limit: int) -> ReadPage:
    """Return the page of an answer.

    TransportError for a page with more than `limit` records, for a record without an id, and for
    the same record twice.
    """
    content = answer["records"]
    if isinstance(content, DecodedPage):
        check_ids(connection, content.ids, limit=limit)
        return ReadPage(content.ids, content)
    return ReadPage(record_ids(connection, content, limit=limit), content)
