"""Requests and responses, before they are encoded and after they are received."""

from __future__ import annotations

import json
from dataclasses import KW_ONLY, dataclass, field
from typing import TYPE_CHECKING, Any, BinaryIO

from kintone_orm.http.collector import pausing_collector

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from types import TracebackType
    from typing import TypeAlias

    # It takes the body of an answer. It returns the answer with an empty list of records, and the
    # records in a form of its own; or None if it cannot read the body.
    RecordsReader: TypeAlias = Callable[[bytes], "tuple[dict[str, Any], Any] | None"]

__all__ = ["Chunks", "Request", "Response", "Upload"]


@dataclass(slots=True)
class Upload:
    """A file to send, and its name in kintone. The file is seekable and open for reading bytes.

    `start` is the file's position before it is read for the first time. A second attempt sends the
    file from there, too.
    """

    file: BinaryIO = field(repr=False)
    name: str
    content_type: str
    start: int | None = field(default=None, init=False, repr=False)


@dataclass(frozen=True, slots=True)
class Request:
    """A request to one endpoint. Its repr shows the method and the path only.

    `method` is GET, POST, PUT or DELETE. `path` is, for example, ``/k/v1/records.json``. `params`
    are the parameters by kintone's names. `app` names the app if the parameters do not, as for
    cursors and files. With `stream`, a successful response has `chunks` instead of a body.
    `attempt` is 1, and higher when the request is sent again. `model` is the model whose app the
    request is about, or several; it is empty if no model has used the app. `meanwhile` is called
    while the answer is on its way, if the network connection can tell when that is.
    """

    method: str
    path: str
    params: Mapping[str, Any] = field(default_factory=dict, repr=False)
    _: KW_ONLY
    app: int | str | None = field(default=None, repr=False)
    upload: Upload | None = field(default=None, repr=False)
    stream: bool = field(default=False, repr=False)
    attempt: int = field(default=1, repr=False)
    model: str = field(default="", repr=False, compare=False)
    meanwhile: Callable[[], None] | None = field(default=None, repr=False, compare=False)


class Chunks:
    """The body of a download, in pieces.

    Reading to the end releases the network connection. If you stop earlier, call `close()` or use
    `with`.
    """

    def __init__(self, pieces: Iterator[bytes], close: Callable[[], None]) -> None:
        self._pieces = pieces
        self._close = close

    def __iter__(self) -> Iterator[bytes]:
        return self._pieces

    def close(self) -> None:
        """Release the network connection. A second call does nothing."""
        self._close()

    def __enter__(self) -> Chunks:
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()


@dataclass(frozen=True, slots=True)
class Response:
    """An answer: HTTP status, headers and body, or `chunks` if it is streamed."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(default=b"", repr=False)
    chunks: Chunks | None = field(default=None, repr=False)

    def json(self) -> Any:
        """Return the body, decoded from JSON. ValueError if it is not JSON or nested too deeply."""
        with pausing_collector():
            try:
                return json.loads(self.body)
            except RecursionError:
                raise ValueError("The JSON is nested too deeply.") from None
