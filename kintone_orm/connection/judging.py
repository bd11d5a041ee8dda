"""The judges of a response: each makes the result of a request from it, or raises an APIError."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kintone_orm.http.failures import failure, read_answer, refuse_left_out
from kintone_orm.http.messages import Chunks

if TYPE_CHECKING:
    from collections.abc import Callable

    from kintone_orm.exceptions import APIError
    from kintone_orm.http.messages import RecordsReader, Request, Response

__all__ = ["chunks_of", "reading"]


def reading(
    check: Callable[[dict[str, Any]], APIError | None], records: RecordsReader | None = None
) -> Callable[[Request, Response], dict[str, Any]]:
    """Return the judge for a JSON answer that `check` accepts.

    `records` reads the answer's records in a faster way. What it cannot read is read as JSON.
    """

    def read(request: Request, response: Response) -> dict[str, Any]:
        if records is not None and response.status == 200:
            parts = records(response.body)
            if parts is not None and check(parts[0]) is None:
                refuse_left_out(request, response)
                return {**parts[0], "records": parts[1]}
        answer = read_answer(request, response)
        if (problem := check(answer)) is not None:
            raise problem
        return answer

    return read


def chunks_of(request: Request, response: Response) -> Chunks:
    """Return the pieces of a file; raise the error of an answer that is not a success."""
    if response.status != 200:
        raise failure(request, response)
    return response.chunks or Chunks(iter((response.body,)), lambda: None)
