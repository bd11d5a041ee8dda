"""Authentication of callers: a user with a password, or the API tokens of one or more apps.

Source: kintone REST API overview, "Authentication".
"""

from __future__ import annotations

import base64
import hmac
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ..ground import limits
from ..ground.errors import fault

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping

    from ..ground.http import HTTPRequest
    from ..settings.domain import Domain
    from ..store.people import User

__all__ = ["Caller", "authenticate"]


@dataclass(frozen=True, slots=True)
class Caller:
    """The account that a request acts as, and its rights.

    `rights` are the rights of API tokens by app. For a user, `rights` is None, because permission
    settings decide the user's rights. Callers with the same `identity` are the same caller.
    """

    user: User
    identity: Hashable = field(repr=False)
    rights: Mapping[int, frozenset[str]] | None = None

    def check(self, app: int, rights: tuple[str, ...]) -> None:
        """Check that the API tokens grant one of the rights on the app. A user passes this check.

        Raises GAIA_IA02 if no token belongs to this app, and GAIA_NO01 if the tokens of this app
        grant none of the rights.
        """
        if self.rights is not None:
            if app not in self.rights:
                raise fault("GAIA_IA02")
            if not self.rights[app].intersection(rights):
                raise fault("GAIA_NO01")


def authenticate(request: HTTPRequest, domain: Domain) -> Caller:
    """Return the caller that a request's headers name. A password takes precedence over tokens.

    Raises CB_AU01 if there is neither a password nor a token, CB_WA01 for a wrong password,
    GAIA_IA02 for an unknown token, and CB_OA01 for OAuth, whose access tokens the emulator does not
    know.
    """
    password = request.header("x-cybozu-authorization")
    if password is not None:
        user = _user(password, domain)
        return Caller(user, ("user", user.code))
    tokens = request.header("x-cybozu-api-token")
    if tokens is not None:
        return _token_caller(tokens, domain)
    if (request.header("authorization") or "").lower().startswith("bearer "):
        raise fault("CB_OA01")
    raise fault("CB_AU01")


def _user(credentials: str, domain: Domain) -> User:
    try:
        login, _, password = base64.b64decode(credentials, validate=True).decode().partition(":")
    except ValueError:
        raise fault("CB_WA01") from None
    user = domain.directory.users.get(login)
    # An account without a password, such as the built-in Administrator, cannot sign in.
    expected = user.password if user else None
    if user is None or expected is None:
        raise fault("CB_WA01")
    if not hmac.compare_digest(expected.encode(), password.encode()):
        raise fault("CB_WA01")
    return user


def _token_caller(header: str, domain: Domain) -> Caller:
    tokens = [token.strip() for token in header.split(",")]
    if len(tokens) > limits.TOKENS_PER_REQUEST:
        raise fault("GAIA_IA02")
    rights: dict[int, frozenset[str]] = {}
    for token in tokens:
        if token not in domain.tokens:
            raise fault("GAIA_IA02")
        app, granted = domain.tokens[token]
        if app in rights:
            raise fault("GAIA_DA03")
        rights[app] = granted
    return Caller(domain.directory.administrator, ("tokens", *tokens), rights)
