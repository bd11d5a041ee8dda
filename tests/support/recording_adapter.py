"""An adapter of requests in place of the network: it keeps requests and answers from a list."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit

import requests
from requests.adapters import BaseAdapter

if TYPE_CHECKING:
    from collections.abc import Mapping


class RecordingAdapter(BaseAdapter):
    """`sent` has the prepared requests, `options` how the last one was to be sent.

    `closed` says how often a session was closed. The last of `answers` is given again and again.
    """

    def __init__(self, *answers: requests.Response) -> None:
        super().__init__()
        self.sent: list[requests.PreparedRequest] = []
        self.options: dict[str, Any] = {}
        self.closed = 0
        self._answers = list(answers) or [answer({})]

    def send(
        self, request: requests.PreparedRequest, *args: Any, **kwargs: Any
    ) -> requests.Response:
        self.sent.append(request)
        self.options = kwargs
        response = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        response.request = request
        response.url = request.url or ""
        return response

    def close(self) -> None:
        self.closed += 1

    @property
    def last(self) -> requests.PreparedRequest:
        return self.sent[-1]

    def call(self) -> tuple[str, str, Any]:
        """The last request as (method, path, parameters): the query's pairs, or the JSON body."""
        url = urlsplit(self.last.url or "")
        params = json.loads(self.last.body) if self.last.body else dict(parse_qsl(url.query))
        return self.last.method or "", url.path, params


def answer(
    content: Any, status: int = 200, headers: Mapping[str, str] | None = None
) -> requests.Response:
    """An answer of JSON, or of bytes as they are."""
    body = content if isinstance(content, bytes) else json.dumps(content).encode()
    response = requests.Response()
    response.status_code = status
    response.headers.update(headers or {})
    response.raw = io.BytesIO(body)
    return response
