"""Where a connection's settings come from: what `connect()` was given, then the environment.

=====================================  ==================================================
environment variable                   what it stands for
=====================================  ==================================================
KINTONE_BASE_URL                       ``https://example.cybozu.com``
KINTONE_USERNAME, KINTONE_PASSWORD     a user's login name and password
KINTONE_API_TOKEN                      API tokens, separated by commas
KINTONE_OAUTH_TOKEN                    an OAuth access token
KINTONE_BASIC_AUTH_USERNAME            Basic authentication, the gate in front of a domain
KINTONE_BASIC_AUTH_PASSWORD            its password
KINTONE_CLIENT_CERT                    the path of a client certificate (PEM)
KINTONE_CLIENT_KEY                     the path of its key, if that is another file
KINTONE_GUEST_SPACE_ID                 the guest space that the apps are in
=====================================  ==================================================

Of the ways to say who asks, kintone looks at one: a password, else API tokens, else OAuth. If
`connect()` was given one, the environment's are not used. If it was given another base URL than
the environment's, nothing of the environment is: its secrets are for its own host. These are pure
functions: the environment is an argument.
"""

from __future__ import annotations

import math
import os
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import TypeAlias
from urllib.parse import SplitResult, urlsplit

from kintone_orm.exceptions import ImproperlyConfigured
from kintone_orm.http.auth import ANY_APP, Credentials
from kintone_orm.limits import TOKENS_PER_REQUEST

__all__ = [
    "ApiToken",
    "ClientCert",
    "Given",
    "Settings",
    "given",
    "require_one_way",
    "resolve",
    "timeouts",
]

Path: TypeAlias = "str | os.PathLike[str]"
ApiToken: TypeAlias = "str | Sequence[str] | Mapping[int, str] | Mapping[str, str]"
ClientCert: TypeAlias = "Path | tuple[Path, Path]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """All that a connection needs to send a request; the repr shows no secret."""

    base_url: str
    credentials: Credentials
    client_cert: str | tuple[str, str] | None
    guest_space: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What one source, `connect()` or the environment, says: checked, and None where silent."""

    base_url: str | None = None
    api_tokens: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    oauth_token: str | None = field(default=None, repr=False)
    basic_auth: tuple[str, str] | None = field(default=None, repr=False)
    client_cert: str | tuple[str, str] | None = None
    guest_space: int | None = None


def given(
    *,
    base_url: str | None = None,
    api_token: ApiToken | None = None,
    username: str | None = None,
    password: str | None = None,
    basic_auth: tuple[str, str] | None = None,
    oauth_token: str | None = None,
    client_cert: ClientCert | None = None,
    guest_space: int | str | None = None,
) -> Given:
    """The arguments of `connect()`, checked; ImproperlyConfigured for what cannot be meant."""
    return Given(
        base_url=None if base_url is None else _base_url(base_url),
        api_tokens=() if api_token is None else _api_tokens(api_token),
        username=username,
        password=password,
        oauth_token=None if oauth_token is None else _token(oauth_token, "oauth_token"),
        basic_auth=None if basic_auth is None else _login(*basic_auth, "basic_auth"),
        client_cert=None if client_cert is None else _client_cert(client_cert),
        guest_space=None if guest_space is None else _guest_space(guest_space),
    )


def timeouts(given: float | tuple[float, float]) -> tuple[float, float]:
    """Seconds to connect and for each wait; ImproperlyConfigured for a wait without end."""
    pair = given if isinstance(given, tuple) and len(given) == 2 else (given, given)
    for each in pair:
        if isinstance(each, bool) or not isinstance(each, (int, float)) or not 0 < each < math.inf:
            message = (
                "timeout: a number of seconds above 0, or a pair of them, to connect and for each "
                f"wait; not {given!r}. A request without a time-out could hang for ever"
            )
            raise ImproperlyConfigured(message)
    return pair


def require_one_way(said: Given) -> None:
    """ImproperlyConfigured if `said` names several ways to say who asks.

    For `connect()` alone: in the environment, which several programs share, one beats the other.
    """
    ways = {
        "username and password": said.username is not None or said.password is not None,
        "api_token": bool(said.api_tokens),
        "oauth_token": said.oauth_token is not None,
    }
    if sum(ways.values()) > 1:
        message = (
            f"{', '.join(way for way, used in ways.items() if used)}: give one of them; "
            "kintone looks at one only, and their rights do not add up"
        )
        raise ImproperlyConfigured(message)
    if said.oauth_token is not None and said.basic_auth is not None:
        raise ImproperlyConfigured(_OAUTH_WITH_BASIC)


def resolve(said: Given, environ: Mapping[str, str] | None) -> Settings:
    """The settings in full; ImproperlyConfigured, listing the ways, if something is missing.

    `environ` is None where nothing comes from the environment.
    """
    found = Given() if environ is None else _from_environment(environ)
    if said.base_url is not None and found.base_url not in (None, said.base_url):
        found = Given()
    base_url = said.base_url or found.base_url
    if base_url is None:
        message = 'No kintone to talk to: call connect("https://example.cybozu.com", ...)'
        raise ImproperlyConfigured(
            message + ("" if environ is None else ", or set KINTONE_BASE_URL")
        )
    credentials = _credentials(said, found)
    if credentials is None:
        other_way = _NOT_FROM_THE_ENVIRONMENT if environ is None else _OR_THE_ENVIRONMENT
        raise ImproperlyConfigured(_NO_CREDENTIALS + other_way)
    return Settings(
        base_url=base_url,
        credentials=credentials,
        client_cert=said.client_cert or found.client_cert,
        guest_space=found.guest_space if said.guest_space is None else said.guest_space,
    )


def _from_environment(environ: Mapping[str, str]) -> Given:
    def read(name: str) -> str | None:
        text = environ.get(f"KINTONE_{name}", "")
        return text if text.strip() else None

    gate = read("BASIC_AUTH_USERNAME"), read("BASIC_AUTH_PASSWORD")
    cert, key = read("CLIENT_CERT"), read("CLIENT_KEY")
    return given(
        base_url=read("BASE_URL"),
        api_token=read("API_TOKEN"),
        username=read("USERNAME"),
        password=read("PASSWORD"),
        basic_auth=_login(*gate, "basic_auth") if any(gate) else None,
        oauth_token=read("OAUTH_TOKEN"),
        client_cert=(cert, key) if cert and key else cert,
        guest_space=read("GUEST_SPACE_ID"),
    )


def _credentials(said: Given, found: Given) -> Credentials | None:
    basic = said.basic_auth or found.basic_auth
    for source in (said, found):
        if source.username is not None or source.password is not None:
            username = found.username if source.username is None else source.username
            password = found.password if source.password is None else source.password
            return Credentials(password=_login(username, password, "password"), basic=basic)
        if source.api_tokens:
            return Credentials(api_tokens=source.api_tokens, basic=basic)
        if source.oauth_token is not None:
            if basic is not None:
                raise ImproperlyConfigured(_OAUTH_WITH_BASIC)
            return Credentials(oauth_token=source.oauth_token)
    return None


_OAUTH_WITH_BASIC = (
    "oauth_token and basic_auth need the same header: kintone takes one of them. "
    "Behind Basic authentication, use a password or API tokens"
)
_NO_CREDENTIALS = (
    "kintone has to know who asks: give connect() an api_token, a username and a password, or an "
    "oauth_token"
)
_OR_THE_ENVIRONMENT = (
    "; or set KINTONE_API_TOKEN, KINTONE_USERNAME and KINTONE_PASSWORD, or KINTONE_OAUTH_TOKEN"
)
_NOT_FROM_THE_ENVIRONMENT = ". With an adapter, nothing comes from the environment"


# The errors below name the parameter and never show what was given: it may be a secret.


def _login(username: object, password: object, name: str) -> tuple[str, str]:
    if not (isinstance(username, str) and username and isinstance(password, str) and password):
        message = f"{name}: the user's name and the password go together, and one is missing"
        raise ImproperlyConfigured(message)
    if ":" in username:
        message = f"{name}: the user's name cannot contain a colon"
        raise ImproperlyConfigured(message)
    return username, password


def _api_tokens(given: ApiToken) -> tuple[tuple[str, str], ...]:
    if isinstance(given, Mapping):
        return tuple((str(app), _token(token, "api_token")) for app, token in given.items())
    tokens = given.split(",") if isinstance(given, str) else given
    if not isinstance(tokens, (Sequence, Set)) or isinstance(tokens, bytes):
        message = (
            f"api_token: {type(given).__name__} is none; give one token, a list of them, or a "
            "mapping of apps to tokens"
        )
        raise ImproperlyConfigured(message)
    if len(tokens) > TOKENS_PER_REQUEST:
        message = (
            f"api_token: {len(tokens)} tokens, and kintone takes {TOKENS_PER_REQUEST} in a "
            "request; say whose they are, api_token={app: token}, so that each request takes "
            "those it needs"
        )
        raise ImproperlyConfigured(message)
    return tuple((ANY_APP, _token(token, "api_token")) for token in tokens)


def _kind(given: object) -> str:
    return "None" if given is None else type(given).__name__


def _token(token: object, name: str) -> str:
    """The token, fit for a header: HTTP libraries quote a header that they refuse."""
    if not isinstance(token, str):
        message = f"{name}: a token is a text, not {_kind(token)}"
        raise ImproperlyConfigured(message)
    token = token.strip()
    is_word = token.isascii() and token.isprintable() and " " not in token
    if not is_word or not token or "," in token:
        message = f"{name}: a token is empty, or has characters that no token has, such as a blank"
        raise ImproperlyConfigured(message)
    return token


def _client_cert(given: ClientCert) -> str | tuple[str, str]:
    if isinstance(given, tuple):
        cert, key = given
        return os.fspath(cert), os.fspath(key)
    return os.fspath(given)


def _guest_space(given: int | str) -> int:
    try:
        space = int(given)
    except ValueError:
        space = 0
    if space < 1:
        message = "guest_space: the id of a guest space is a number from 1 on"
        raise ImproperlyConfigured(message)
    return space


def _base_url(given: str) -> str:
    """``https://example.cybozu.com`` out of what people copy from a browser."""
    text = given.strip()
    url = urlsplit(text if "://" in text else f"https://{text}")
    if (problem := _problem_of(url)) is not None:
        message = f'base_url: {problem}; it looks like "https://example.cybozu.com"'
        raise ImproperlyConfigured(message)
    host = url.netloc.lower()
    if url.scheme == "http" and not _is_this_computer(url.hostname or ""):
        message = f"base_url: http://{host} would send the credentials unprotected; use https"
        raise ImproperlyConfigured(message)
    return f"{url.scheme}://{host}"


def _problem_of(url: SplitResult) -> str | None:
    try:
        named = bool(url.hostname) and url.port != 0
    except ValueError:
        named = False
    if "@" in url.netloc:
        return "it holds a user's name or a password; they are parameters of their own"
    if not named or not url.netloc.isprintable() or " " in url.netloc:
        return "it names no host, or a port that is none"
    if url.scheme not in {"https", "http"}:
        return "it is not an https address"
    if url.query or url.fragment or url.path.strip("/") not in {"", "k"}:
        return "give the scheme and the host only; guest_space= and apps= say the rest"
    return None


def _is_this_computer(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
