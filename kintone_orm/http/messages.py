"""What goes out and what comes back: a request as it is meant, and the answer as it came."""

from __future__ import annotations

import json
from dataclasses import KW_ONLY, dataclass, field
from typing import TYPE_CHECKING, Any, BinaryIO

from kintone_orm.http.collector import collector_paused

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from types import TracebackType

__all__ = ["Chunks", "Request", "Response", "Upload"]


@dataclass(frozen=True, slots=True)
class Upload:
    """A file to send: open for reading bytes, seekable, with the name it gets in kintone."""

    file: BinaryIO = field(repr=False)
    name: str
    content_type: str


@dataclass(frozen=True, slots=True)
class Request:
    """One call, as it is meant; how it is written on the wire is the transport's business.

    `method` is GET, POST, PUT or DELETE, `path` such as ``/k/v1/records.json``, `params` the
    parameters by kintone's names. `app` is the app that is meant where the parameters do not name
    one (cursors, files). With `stream`, a successful answer has `chunks` instead of a body.
    The repr shows the method and the path only.
    """

    method: str
    path: str
    params: Mapping[str, Any] = field(default_factory=dict, repr=False)
    _: KW_ONLY
    app: int | str | None = field(default=None, repr=False)
    upload: Upload | None = field(default=None, repr=False)
    stream: bool = field(default=False, repr=False)


class Chunks:
    """The body of a download, piece by piece.

    Reading to the end gives the network connection back; who stops earlier calls `close()` or
    uses `with`.
    """

    def __init__(self, pieces: Iterator[bytes], close: Callable[[], None]) -> None:
        self._pieces = pieces
        self._close = close

    def __iter__(self) -> Iterator[bytes]:
        return self._pieces

    def close(self) -> None:
        """Nothing more is read; calling it twice is fine."""
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
    """One answer: HTTP status, headers, and the body whole, or as `chunks` if it was streamed."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(default=b"", repr=False)
    chunks: Chunks | None = field(default=None, repr=False)

    def json(self) -> Any:
        """The body decoded from JSON; ValueError if it is something else, or nested for ever."""
        with collector_paused():
            try:
                return json.loads(self.body)
            except RecursionError:
                raise ValueError("JSON that is nested too deeply") from None
