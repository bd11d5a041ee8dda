"""Reading pages one after the other, with the next request sent before a page is decoded.

    page 1:  request ──▶ answer, decode, use
    page 2:  request ──▶ answer
    page 3:              request ──▶ (page 2: decode) answer
                         page 2: use
    page 4:              request ──▶ (page 3: decode) answer ...

One thread does all of this, over one network connection. When a row of a page is used, the answer
to the next request is already here, so an abandoned read leaves nothing on its way. The first page
is read alone, because most reads end with it.

The next request is made from the bytes of an answer, before it is decoded or checked. So it is a
guess. If the decoded page asks for another one, the answer to the guess is dropped.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from kintone_orm.http.sent_ahead import SentAhead
    from kintone_orm.models.reading.page_request import PageRequest, Source
    from kintone_orm.models.record.decoding.decoded_page import PageReader

__all__ = ["AnswersInTurn", "last_id"]

# No text of a record can look like it, because JSON escapes the quotation marks of a text. The
# colon matters: the JSON of the text $id is "$id".
_NAME = b'"$id":'
_ID = re.compile(rb'"\$id":\s*{\s*(?:"type"\s*:\s*"__ID__"\s*,\s*)?"value"\s*:\s*"(\d{1,19})"')


class AnswersInTurn:
    """The answers to the requests of one read, each asked for when it is needed, or before."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._is_first = True
        self._request: PageRequest | None = None  # the request that was sent ahead
        self._sent: SentAhead | None = None

    @property
    def waiting(self) -> bytes | None:
        """The body of the answer that is here, but was not asked for yet."""
        return None if self._sent is None else self._sent.body

    def answer(
        self, request: PageRequest, guess: Callable[[bytes], PageRequest | None]
    ) -> dict[str, Any]:
        """Return the answer to the request.

        `guess` takes the body, and returns the next request, or None if there is none.
        """
        source, sent = self._source, self._sent if self._request == request else None
        self._request = self._sent = None
        is_first, self._is_first = self._is_first, False
        if is_first or not source.ahead or source.reader is None:
            return source.answer(request)
        if sent is None:
            sent = source.send_ahead(request)
        body = sent.body
        following = None if body is None else guess(body)
        if body is None or following is None:
            return source.answer(request, sent)
        early = _EarlyReader(source.reader, body)
        self._request, self._sent = following, source.send_ahead(following, early.read)
        return source.answer(request, sent, early)


class _EarlyReader:
    """A reader that reads one body before its result is needed, and keeps the result."""

    def __init__(self, reader: PageReader, body: bytes) -> None:
        self._reader = reader
        self._body = body
        self._result: Any = None

    def read(self) -> None:
        """Read the body now."""
        self._result = self._reader(self._body)

    def __call__(self, body: bytes) -> Any:
        return self._result if body is self._body else self._reader(body)


def last_id(body: bytes, size: int) -> str | None:
    """Return the `$id` of the last record in an answer; None if it has less than `size` records."""
    if body.count(_NAME) < size:
        return None
    member = _ID.match(body, body.rfind(_NAME))
    return None if member is None else member[1].decode()
