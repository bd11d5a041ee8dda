"""Credentials and the headers made from them.

Source: "kintone REST API: Authentication". kintone uses a password before an API token, and a token
before OAuth; only one of the three is sent. Basic authentication, for a proxy in front of the
domain, is sent in addition, except with OAuth, which needs the same header.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NoReturn

from kintone_orm.exceptions import ImproperlyConfigured
from kintone_orm.http.renewable_token import RenewableToken
from kintone_orm.http.secrets import Secret, encode_login, join_tokens
from kintone_orm.limits import TOKENS_PER_REQUEST

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

__all__ = ["ANY_APP", "Credentials"]

ANY_APP = ""
"""The app of a token that was given without an app."""


_BEARER = "Bearer "


@dataclass(frozen=True, slots=True, repr=False)
class Credentials:
    """The credentials of one connection. Its repr shows no secret, and it cannot be pickled.

    `api_tokens` are pairs of an app (its key, its id as text, or ANY_APP) and a token.
    """

    password: tuple[str, Secret] | None = None
    api_tokens: tuple[tuple[str, Secret], ...] = ()
    oauth_token: Secret | RenewableToken | None = None
    basic: tuple[str, Secret] | None = None

    @property
    def by_token(self) -> bool:
        """True if kintone authenticates by API tokens. A password takes precedence over them."""
        return self.password is None and bool(self.api_tokens)

    @property
    def by_oauth(self) -> bool:
        """True if kintone authenticates by an OAuth token, the last of the three."""
        return self.password is None and not self.api_tokens and self.oauth_token is not None

    def headers(self, apps: Collection[str]) -> dict[str, Secret]:
        """Return the secret headers for a request to `apps` (keys, and ids as text).

        kintone takes at most nine tokens, so the tokens of `apps` come first. ImproperlyConfigured
        if `apps` alone need more than nine.
        """
        headers: dict[str, Secret] = {}
        if self.password is not None:
            headers["X-Cybozu-Authorization"] = encode_login(self.password)
        elif self.api_tokens:
            headers["X-Cybozu-API-Token"] = join_tokens(self._tokens(apps))
        elif isinstance(self.oauth_token, RenewableToken):
            headers["Authorization"] = _bearer(self.oauth_token.current())
        elif self.oauth_token is not None:
            headers["Authorization"] = _bearer(self.oauth_token)
        if self.basic is not None:
            headers["Authorization"] = Secret(f"Basic {encode_login(self.basic)}")
        return headers

    def renew(self, refused: Mapping[str, Secret]) -> bool:
        """Return True if there is a newer OAuth token than in these headers, which kintone refused.

        The function of `connect(oauth_token=...)` is asked for it; what it raises is raised.
        """
        if not (self.by_oauth and isinstance(self.oauth_token, RenewableToken)):
            return False
        return self.oauth_token.renew(Secret(refused["Authorization"].removeprefix(_BEARER)))

    def _tokens(self, apps: Collection[str]) -> list[Secret]:
        needed = [token for app, token in self.api_tokens if app in apps]
        if len(needed) > TOKENS_PER_REQUEST:
            message = (
                f"The request needs {len(needed)} API tokens, but kintone takes at most "
                f"{TOKENS_PER_REQUEST}. Split the request, or use a password."
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
        return f"<Credentials: {', '.join(kind for kind, secret in kinds.items() if secret)}>"

    def __reduce__(self) -> NoReturn:
        message = "Credentials cannot be pickled. Pickle the Connection: only its alias is pickled."
        raise TypeError(message)


def _bearer(token: Secret) -> Secret:
    return Secret(f"{_BEARER}{token}")
