"""A connection by OAuth to an emulator, which by itself knows no access tokens.

It answers a known token as kintone does, by the documents of 2026: no cursors and no bulkRequest.
"""

from __future__ import annotations

from base64 import b64encode
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from requests.adapters import BaseAdapter

from kintone_orm import connect, connections, override

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import requests

    from kintone_orm import Connection
    from kintone_orm.testing import EmulatedConnection

CLOSED = ("/records/cursor.json", "/bulkRequest.json")


class OAuthAdapter(BaseAdapter):
    """Let the known tokens in as the emulator's user; `tokens` may change at any time.

    `sent` has the access token of each request.
    """

    def __init__(self, connection: EmulatedConnection, *tokens: str) -> None:
        super().__init__()
        self.tokens = set(tokens)
        self.sent: list[str] = []
        self._inner = connection.emulator.adapter()
        self._login = b64encode(":".join(connection.emulator.credentials).encode()).decode()

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> Any:
        token = request.headers["Authorization"].removeprefix("Bearer ")
        self.sent.append(token)
        if token in self.tokens:
            path = urlsplit(request.url or "").path
            assert not path.endswith(CLOSED), f"{path} is not documented for OAuth"
            del request.headers["Authorization"]
            request.headers["X-Cybozu-Authorization"] = self._login
        return self._inner.send(request, *args, **kwargs)

    def close(self) -> None:
        """Do nothing: the emulator outlives the connection."""


@contextmanager
def using_oauth(
    connection: EmulatedConnection, token: str | Callable[[], str] = "t", *, known: str = "t"
) -> Iterator[Connection]:
    """Use a connection by `token` to the same emulator, which knows the token `known`."""
    adapter = OAuthAdapter(connection, known)
    by_token = connect(
        connection.base_url,
        oauth_token=token,
        apps=connection.apps,
        alias="oauth",
        adapter=adapter,
    )
    by_token.forms.update(connection.forms)
    by_token.uniques.update(connection.uniques)
    by_token.short_texts.update(connection.short_texts)
    try:
        with override(by_token):
            yield by_token
    finally:
        del connections["oauth"]
