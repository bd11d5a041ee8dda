"""A connection that checks the shape of kintone's answers.

A proxy, a cache or another server may send JSON that is not kintone's, or an answer to another
request. Models build on the ids, revisions and positions in an answer, so they send requests
through `checked`. A caller of the functions in `kintone_orm.api` gets the answer as it arrived.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, BinaryIO, Protocol

from kintone_orm.api.answer_shapes import problem_of
from kintone_orm.api.bulk import BulkCaller
from kintone_orm.api.files import FileCaller
from kintone_orm.exceptions import TransportError

if TYPE_CHECKING:
    from kintone_orm.api.answer_shapes import Params
    from kintone_orm.api.caller import Id
    from kintone_orm.http.messages import Chunks

__all__ = ["CheckedConnection", "checked"]


class AnyConnection(BulkCaller, FileCaller, Protocol):
    """An object that sends requests and files: a Connection, or a replacement."""


class CheckedConnection:
    """A connection that raises TransportError for an answer of the wrong shape."""

    __slots__ = ("_connection",)

    def __init__(self, connection: AnyConnection) -> None:
        self._connection = connection

    def path(self, endpoint: str) -> str:
        """Return the path of an endpoint: ``/k/v1/record.json`` for ``record``."""
        return self._connection.path(endpoint)

    def request(
        self, method: str, endpoint: str, params: Params | None = None, *, app: Id | None = None
    ) -> dict[str, Any]:
        """Send the request, check the shape of the answer, and return it."""
        answer = self._connection.request(method, endpoint, params, app=app)
        self._check(method, endpoint, params or {}, answer)
        return answer

    def upload(
        self,
        endpoint: str,
        file: BinaryIO,
        *,
        name: str,
        content_type: str,
        app: Id | None = None,
    ) -> dict[str, Any]:
        """Send the file, check the shape of the answer, and return it."""
        answer = self._connection.upload(
            endpoint, file, name=name, content_type=content_type, app=app
        )
        self._check("POST", endpoint, {}, answer)
        return answer

    def download(self, endpoint: str, params: Params, *, app: Id | None = None) -> Chunks:
        """Return the file's content in pieces, without a check."""
        return self._connection.download(endpoint, params, app=app)

    def _check(self, method: str, endpoint: str, params: Params, answer: object) -> None:
        if problem := problem_of(method, endpoint, params, answer):
            raise TransportError(
                f"The answer is JSON, but not kintone's: {problem}. A proxy, a cache or another "
                "server may have sent it. Check base_url and the proxies.",
                status=200,
                method=method,
                path=self._connection.path(endpoint),
            )


def checked(connection: AnyConnection) -> CheckedConnection:
    """Return the connection, wrapped so that it checks the shapes of the answers."""
    return CheckedConnection(connection)
