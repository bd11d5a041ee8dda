"""A connection that checks the shape of kintone's answers.

A proxy, a cache or another server may send JSON that is not kintone's, or an answer to another
request. Models build on the ids, revisions and positions in an answer, so they send requests
through `checked`. A caller of the functions in `kintone_orm.api` gets the answer as it arrived.
"""

from __future__ import annotations

from abc import abstractmethod
from functools import partial
from typing import TYPE_CHECKING, Any, BinaryIO, Protocol

from kintone_orm.api.answer_shapes import problem_of
from kintone_orm.exceptions import TransportError
from kintone_orm.http.failures import wire_error
from kintone_orm.http.messages import Request
from kintone_orm.outcomes import Outcome

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from kintone_orm.api.answer_shapes import Params
    from kintone_orm.api.caller import Caller, Id
    from kintone_orm.exceptions import APIError
    from kintone_orm.http.messages import Chunks, RecordsReader
    from kintone_orm.http.sent_ahead import SentAhead

__all__ = ["CheckedConnection", "checked", "first_attempt"]


class CheckingCaller(Protocol):
    """A sender of requests and files that judges each answer with `check`: a Connection."""

    @abstractmethod
    def path(self, endpoint: str) -> str:
        """Return the path of an endpoint: ``/k/v1/record.json`` for ``record``."""

    @abstractmethod
    def request(
        self,
        method: str,
        endpoint: str,
        params: Params | None = None,
        *,
        app: Id | None = None,
        check: Callable[[dict[str, Any]], APIError | None],
        records: RecordsReader | None = None,
        sent: SentAhead | None = None,
    ) -> dict[str, Any]:
        """Send `method` to `endpoint` and return the answer, or raise the error of `check`."""

    @abstractmethod
    def send_ahead(
        self,
        method: str,
        endpoint: str,
        params: Params | None = None,
        *,
        app: Id | None = None,
        meanwhile: Callable[[], object] | None = None,
    ) -> SentAhead:
        """Make the first attempt of a request, and return its outcome."""

    @abstractmethod
    def upload(
        self,
        endpoint: str,
        file: BinaryIO,
        *,
        name: str,
        content_type: str,
        app: Id | None = None,
        check: Callable[[dict[str, Any]], APIError | None],
    ) -> dict[str, Any]:
        """Send the file and return the answer, or raise the error of `check`."""

    @abstractmethod
    def download(self, endpoint: str, params: Params, *, app: Id | None = None) -> Chunks:
        """Return the file's content in pieces."""


class CheckedConnection:
    """A connection that raises TransportError for an answer of the wrong shape.

    `records` and `sent` are those of `Connection.request`.
    """

    __slots__ = ("_connection", "_records", "_sent")

    def __init__(
        self,
        connection: CheckingCaller,
        *,
        records: RecordsReader | None = None,
        sent: SentAhead | None = None,
    ) -> None:
        self._connection = connection
        self._records = records
        self._sent = sent

    def path(self, endpoint: str) -> str:
        """Return the path of an endpoint: ``/k/v1/record.json`` for ``record``."""
        return self._connection.path(endpoint)

    def request(
        self, method: str, endpoint: str, params: Params | None = None, *, app: Id | None = None
    ) -> dict[str, Any]:
        """Send the request, check the shape of the answer, and return it."""
        check = partial(self._problem, method, endpoint, params or {})
        return self._connection.request(
            method,
            endpoint,
            params,
            app=app,
            check=check,
            records=self._records,
            sent=self._sent,
        )

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
        check = partial(self._problem, "POST", endpoint, {})
        return self._connection.upload(
            endpoint, file, name=name, content_type=content_type, app=app, check=check
        )

    def download(self, endpoint: str, params: Params, *, app: Id | None = None) -> Chunks:
        """Return the file's content in pieces, without a check."""
        return self._connection.download(endpoint, params, app=app)

    def _problem(
        self, method: str, endpoint: str, params: Params, answer: object
    ) -> APIError | None:
        problem = problem_of(method, endpoint, params, answer)
        if not problem:
            return None
        return wire_error(
            TransportError,
            f"The answer is JSON, but not kintone's: {problem}. A proxy, a cache or another "
            "server may have sent it. Check base_url and the proxies.",
            Request(method, self._connection.path(endpoint), params),
            Outcome.NOT_KINTONES,
            status=200,
        )


def checked(
    connection: CheckingCaller,
    *,
    records: RecordsReader | None = None,
    sent: SentAhead | None = None,
) -> CheckedConnection:
    """Return the connection, wrapped so that it checks the shapes of the answers."""
    return CheckedConnection(connection, records=records, sent=sent)


def first_attempt(
    connection: CheckingCaller,
    call: Callable[[Caller], object],
    meanwhile: Callable[[], object] | None = None,
) -> SentAhead:
    """Make the first attempt of the request that `call` sends, and return its outcome."""
    caller = _FirstAttempt(connection, meanwhile)
    call(caller)
    return caller.sent


class _FirstAttempt:
    """A caller that makes the first attempt of a request and keeps its outcome."""

    sent: SentAhead

    def __init__(self, connection: CheckingCaller, meanwhile: Callable[[], object] | None) -> None:
        self._connection = connection
        self._meanwhile = meanwhile

    def request(
        self,
        method: str,
        endpoint: str,
        params: Mapping[str, object] | None = None,
        *,
        app: Id | None = None,
    ) -> dict[str, Any]:
        self.sent = self._connection.send_ahead(
            method, endpoint, params, app=app, meanwhile=self._meanwhile
        )
        return {}
