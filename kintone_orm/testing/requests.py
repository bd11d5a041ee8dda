"""What was sent, as a list: requests are what a program costs."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from kintone_orm.connection import Connection
    from kintone_orm.http.messages import Request, Response

__all__ = ["capture_requests"]


@contextmanager
def capture_requests(connection: Connection) -> Iterator[list[Request]]:
    """The requests that the connection sends in the block, as they are sent.

    Each has a `method` such as "GET", a `path` such as "/k/v1/records.json" and its `params`.
    """
    sent: list[Request] = []

    def note(send: Callable[[Request], Response], request: Request) -> Response:
        sent.append(request)
        return send(request)

    with connection.wrap(note):
        yield sent
