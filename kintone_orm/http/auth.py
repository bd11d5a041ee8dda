"""Credentials, and the headers they become.

The rules are those of "kintone REST API: Authentication": a password beats an API token, a token
beats OAuth, so only one of the three is ever sent. Basic authentication, the gate in front of a
domain, comes on top, except with OAuth, which needs the same header.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NoReturn

from kintone_orm.exceptions import ImproperlyConfigured
from kintone_orm.limits import TOKENS_PER_REQUEST

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from kintone_orm.http.messages import Request

__all__ = ["ANY_APP", "Credentials", "apps_touched"]

ANY_APP = ""
"""The app of a token that was given without one."""


@dataclass(frozen=True, slots=True, repr=False)
class Credentials:
    """Who asks. `api_tokens` are pairs of an app (its key, its id as text, or ANY_APP) and a token.

    It shows no secret and cannot be pickled.
    """

    password: tuple[str, str] | None = None
    api_tokens: tuple[tuple[str, str], ...] = ()
    oauth_token: str | None = None
    basic: tuple[str, str] | None = None

    @property
    def by_token(self) -> bool:
        """Whether API tokens are what kintone is shown: a password beats them."""
        return self.password is None and bool(self.api_tokens)

    def headers(self, apps: Collection[str]) -> dict[str, str]:
        """The headers for a request that touches `apps` (their keys and their ids, as text).

        kintone takes nine tokens at most, so those of `apps` go first. ImproperlyConfigured if
        `apps` alone need more.
        """
        headers: dict[str, str] = {}
        if self.password is not None:
            headers["X-Cybozu-Authorization"] = _base64(self.password)
        elif self.api_tokens:
            headers["X-Cybozu-API-Token"] = ",".join(self._tokens(apps))
        elif self.oauth_token is not None:
            headers["Authorization"] = f"Bearer {self.oauth_token}"
        if self.basic is not None:
            headers["Authorization"] = f"Basic {_base64(self.basic)}"
        return headers

    def _tokens(self, apps: Collection[str]) -> list[str]:
        needed = [token for app, token in self.api_tokens if app in apps]
        if len(needed) > TOKENS_PER_REQUEST:
            message = (
                f"The request touches {len(needed)} apps with an API token each, and kintone takes "
                f"{TOKENS_PER_REQUEST} tokens in a request: split it, or use a password"
            )
            raise ImproperlyConfigured(message)
        others = [token for app, token in self.api_tokens if app not in apps]
        return list(dict.fromkeys(needed + others))[:TOKENS_PER_REQUEST]

    def __repr__(self) -> str:
        kinds = {
            "password": self.password,
            "API token": self.api_tokens,
            "OAuth token": self.oauth_token,
            "Basic authentication": self.basic,
        }
        return f"<Credentials: {', '.join(kind for kind, held in kinds.items() if held)}>"

    def __reduce__(self) -> NoReturn:
        message = "Credentials are not pickled; a Connection is, by its alias"
        raise TypeError(message)


def _base64(pair: tuple[str, str]) -> str:
    return b64encode(":".join(pair).encode()).decode("ascii")


def apps_touched(request: Request) -> set[str]:
    """The ids, as text, of the apps that a request names in its parameters."""
    return {str(app) for app in _apps_named(request) if isinstance(app, (int, str))}


def _apps_named(request: Request) -> Iterator[Any]:
    params = request.params
    yield request.app
    yield params.get("app")
    if request.path.endswith("/v1/app.json"):
        yield params.get("id")
    for app in params.get("apps", ()):  # deploying, and asking how it goes
        yield app.get("app") if isinstance(app, Mapping) else app
    for inner in params.get("requests", ()):  # bulkRequest
        yield inner.get("payload", {}).get("app")
