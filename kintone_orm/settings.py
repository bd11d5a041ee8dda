"""A connection's settings, from the arguments of `connect()` and the environment.

=====================================  ==================================================
environment variable                   meaning
=====================================  ==================================================
KINTONE_BASE_URL                       ``https://example.cybozu.com``
KINTONE_USERNAME, KINTONE_PASSWORD     a user's login name and password
KINTONE_API_TOKEN                      API tokens, separated by commas
KINTONE_OAUTH_TOKEN                    an OAuth access token
KINTONE_BASIC_AUTH_USERNAME            the user of Basic authentication, for a proxy
KINTONE_BASIC_AUTH_PASSWORD            the password of Basic authentication
KINTONE_CLIENT_CERT                    the path of a client certificate (PEM)
KINTONE_CLIENT_KEY                     the path of its key, if the key is in another file
KINTONE_GUEST_SPACE_ID                 the id of the guest space that holds the apps
=====================================  ==================================================

kintone uses one login only: a password, else API tokens, else OAuth. If `connect()` gets a login,
the environment's logins are ignored. If `connect()` gets another base URL than the environment's,
the whole environment is ignored, because its secrets belong to its own base URL. The functions of
this module are pure: the environment is an argument.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import TypeAlias
from urllib.parse import SplitResult, urlsplit

from kintone_orm.argument_checks import is_seconds
from kintone_orm.deprecation import renamed_arguments, renamed_names
from kintone_orm.exceptions import ImproperlyConfigured
from kintone_orm.http.auth import ANY_APP, Credentials
from kintone_orm.http.renewable_token import RenewableToken
from kintone_orm.http.secrets import Secret, hide, type_of_hidden
from kintone_orm.limits import TOKENS_PER_REQUEST

__all__ = [
    "ApiToken",
    "ClientCert",
    "OAuthToken",
    "PartialSettings",
    "Settings",
    "parse_settings",
    "read_environment",
    "require_one_login",
    "resolve",
    "timeouts",
]

Path: TypeAlias = "str | os.PathLike[str]"
ApiToken: TypeAlias = "str | Sequence[str] | Mapping[int, str] | Mapping[str, str]"
ClientCert: TypeAlias = "Path | tuple[Path, Path]"
OAuthToken: TypeAlias = "str | Callable[[], str]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The complete settings that a request needs. The repr shows no secret."""

    base_url: str
    credentials: Credentials
    client_cert: str | tuple[str, str] | None
    guest_space: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PartialSettings:
    """The settings from one source, `connect()` or the environment. None is a missing value."""

    base_url: str | None = None
    api_tokens: tuple[tuple[str, Secret], ...] = field(default=(), repr=False)
    username: str | None = None
    password: Secret | None = field(default=None, repr=False)
    oauth_token: Secret | RenewableToken | None = field(default=None, repr=False)
    basic_auth: tuple[str, Secret] | None = field(default=None, repr=False)
    client_cert: str | tuple[str, str] | None = None
    guest_space: int | None = None


def parse_settings(
    *,
    base_url: str | None = None,
    api_token: ApiToken | None = None,
    username: str | None = None,
    password: str | None = None,
    basic_auth: tuple[str, str] | None = None,
    oauth_token: OAuthToken | None = None,
    client_cert: ClientCert | None = None,
    guest_space: int | str | None = None,
) -> PartialSettings:
    """Return the checked arguments of `connect()`. ImproperlyConfigured for an invalid one."""
    base_url, api_token, password = hide(base_url), hide(api_token), hide(password)
    basic_auth, oauth_token = hide(basic_auth), hide(oauth_token)
    return PartialSettings(
        base_url=None if base_url is None else _base_url(base_url),
        api_tokens=() if api_token is None else _api_tokens(api_token),
        username=None if username is None else _text(username, "username"),
        password=None if password is None else Secret(_text(password, "password")),
        oauth_token=None if oauth_token is None else _oauth_token(oauth_token),
        basic_auth=None if basic_auth is None else _basic_auth(basic_auth),
        client_cert=None if client_cert is None else _client_cert(client_cert),
        guest_space=None if guest_space is None else _guest_space(guest_space),
    )


@renamed_arguments(given="timeout")
def timeouts(timeout: float | tuple[float, float]) -> tuple[float, float]:
    """Return the seconds for connecting and for each wait.

    ImproperlyConfigured if a timeout is endless.
    """
    pair = timeout if isinstance(timeout, tuple) and len(timeout) == 2 else (timeout, timeout)
    for seconds in pair:
        if not is_seconds(seconds):
            message = (
                "'timeout' must be a number of seconds above 0, or a pair of them (to connect, and "
                f"for each wait), not {timeout!r:.80}. "
                "Without a limit, a request could hang for ever."
            )
            raise ImproperlyConfigured(message)
    return pair


@renamed_arguments(said="arguments")
def require_one_login(arguments: PartialSettings) -> None:
    """Raise ImproperlyConfigured if the arguments of `connect()` contain several logins.

    The environment is exempt: several programs share it, and there one login takes precedence.
    """
    logins = {
        "username and password": arguments.username is not None or arguments.password is not None,
        "api_token": bool(arguments.api_tokens),
        "oauth_token": arguments.oauth_token is not None,
    }
    if sum(logins.values()) > 1:
        names = ", ".join(name for name, used in logins.items() if used)
        message = (
            f"connect() got several logins: {names}. Give one of them. kintone uses only "
            "one, and does not combine their rights."
        )
        raise ImproperlyConfigured(message)
    if arguments.oauth_token is not None and arguments.basic_auth is not None:
        raise ImproperlyConfigured(_OAUTH_WITH_BASIC)


@renamed_arguments(said="arguments")
def resolve(arguments: PartialSettings, environ: Mapping[str, str] | None) -> Settings:
    """Return the complete settings. ImproperlyConfigured if a required setting is missing.

    `environ` has the variables of `read_environment`, or is None if the environment must not be
    used.
    """
    environment = PartialSettings() if environ is None else _from_environment(environ)
    if arguments.base_url is not None and environment.base_url not in (None, arguments.base_url):
        environment = PartialSettings()
    base_url = arguments.base_url or environment.base_url
    if base_url is None:
        message = 'There is no base_url. Call connect("https://example.cybozu.com", ...)'
        raise ImproperlyConfigured(
            message + ("." if environ is None else ", or set KINTONE_BASE_URL.")
        )
    credentials = _credentials(arguments, environment)
    if credentials is None:
        hint = _NOT_FROM_THE_ENVIRONMENT if environ is None else _OR_THE_ENVIRONMENT
        raise ImproperlyConfigured(_NO_CREDENTIALS + hint)
    return Settings(
        base_url=base_url,
        credentials=credentials,
        client_cert=arguments.client_cert or environment.client_cert,
        guest_space=environment.guest_space
        if arguments.guest_space is None
        else arguments.guest_space,
    )


def read_environment(environ: Mapping[str, str]) -> dict[str, str]:
    """Return kintone_orm's variables of the environment, all of them as secrets."""
    return {name: Secret(environ[name]) for name in environ if name.startswith("KINTONE_")}


def _from_environment(environ: Mapping[str, str]) -> PartialSettings:
    def read(name: str) -> str | None:
        text = environ.get(f"KINTONE_{name}", "")
        return text if text.strip() else None

    basic_auth = read("BASIC_AUTH_USERNAME"), read("BASIC_AUTH_PASSWORD")
    cert, key = read("CLIENT_CERT"), read("CLIENT_KEY")
    return parse_settings(
        base_url=read("BASE_URL"),
        api_token=read("API_TOKEN"),
        username=read("USERNAME"),
        password=read("PASSWORD"),
        basic_auth=_login(*basic_auth, "basic_auth") if any(basic_auth) else None,
        oauth_token=read("OAUTH_TOKEN"),
        client_cert=(cert, key) if cert and key else cert,
        guest_space=read("GUEST_SPACE_ID"),
    )


def _credentials(arguments: PartialSettings, environment: PartialSettings) -> Credentials | None:
    basic = arguments.basic_auth or environment.basic_auth
    for source in (arguments, environment):
        if source.username is not None or source.password is not None:
            username = environment.username if source.username is None else source.username
            password = environment.password if source.password is None else source.password
            return Credentials(password=_login(username, password, "password"), basic=basic)
        if source.api_tokens:
            return Credentials(api_tokens=source.api_tokens, basic=basic)
        if source.oauth_token is not None:
            if basic is not None:
                raise ImproperlyConfigured(_OAUTH_WITH_BASIC)
            return Credentials(oauth_token=source.oauth_token)
    return None


_OAUTH_WITH_BASIC = (
    "'oauth_token' and 'basic_auth' need the same header, so only one of them can be sent. "
    "Behind Basic authentication, use a password or API tokens."
)
_NO_CREDENTIALS = (
    "There are no credentials. Give connect() an api_token, a username and a password, or an "
    "oauth_token"
)
_OR_THE_ENVIRONMENT = (
    ", or set KINTONE_API_TOKEN, KINTONE_USERNAME and KINTONE_PASSWORD, or KINTONE_OAUTH_TOKEN."
)
_NOT_FROM_THE_ENVIRONMENT = ". With an adapter, the environment is not used."


# The errors below name the argument but never show its value, which may be a secret.


def _text(argument: object, name: str) -> str:
    if not isinstance(argument, str):
        message = f"{name!r} must be a text, not {_type_of(argument)}."
        raise ImproperlyConfigured(message)
    return argument


def _type_of(argument: object) -> str:
    if argument is None:
        return "None"
    name = type_of_hidden(argument)
    if name == "bytes":
        return name
    return f"an {name}" if name[0] in "aeiou" else f"a {name}"


def _basic_auth(argument: object) -> tuple[str, Secret]:
    if not isinstance(argument, tuple) or len(argument) != 2:
        message = (
            "'basic_auth' must be a pair, basic_auth=(user, password). The two are not written as "
            "one text."
        )
        raise ImproperlyConfigured(message)
    return _login(*argument, "basic_auth")


def _login(username: object, password: object, name: str) -> tuple[str, Secret]:
    if not (isinstance(username, str) and username and isinstance(password, str) and password):
        message = f"{name!r} needs a user's name and a password. One of them is missing."
        raise ImproperlyConfigured(message)
    if ":" in username:
        message = f"{name!r}: the user's name must not contain a colon."
        raise ImproperlyConfigured(message)
    if not (_is_unicode(username) and _is_unicode(password)):
        message = f"{name!r}: the user's name or the password has half a character (a surrogate)."
        raise ImproperlyConfigured(message)
    return str(username), Secret(password)


def _is_unicode(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _api_tokens(argument: ApiToken) -> tuple[tuple[str, Secret], ...]:
    if isinstance(argument, Mapping):
        return tuple((str(app), _token(token, "api_token")) for app, token in argument.items())
    tokens = hide(argument.split(",")) if isinstance(argument, str) else argument
    if not isinstance(tokens, (Sequence, Set)):
        message = (
            "'api_token' must be a token, a list of tokens, or a mapping of apps to tokens, not "
            f"{_type_of(argument)}."
        )
        raise ImproperlyConfigured(message)
    if len(tokens) > TOKENS_PER_REQUEST:
        message = (
            f"'api_token' has {len(tokens)} tokens, but kintone takes at most {TOKENS_PER_REQUEST} "
            "in a request. Map apps to tokens, api_token={app: token}, so that each request sends "
            "the tokens that it needs."
        )
        raise ImproperlyConfigured(message)
    return tuple((ANY_APP, _token(token, "api_token")) for token in tokens)


def _token(token: object, name: str) -> Secret:
    """Return the checked token.

    A wrong token is refused here, because errors of HTTP libraries show the refused header and so
    the secret.
    """
    if not isinstance(token, str):
        message = f"{name!r}: a token must be a text, not {_type_of(token)}."
        raise ImproperlyConfigured(message)
    token = Secret(token.strip())
    is_word = token.isascii() and token.isprintable() and " " not in token
    if not is_word or not token or "," in token:
        message = f"{name!r}: a token is empty or has an invalid character, such as a blank."
        raise ImproperlyConfigured(message)
    return token


def _oauth_token(argument: OAuthToken) -> Secret | RenewableToken:
    if not callable(argument):
        return _token(argument, "oauth_token")
    provide = argument
    return RenewableToken(lambda: _token(hide(provide()), "oauth_token"))


def _client_cert(argument: object) -> str | tuple[str, str]:
    pair = argument if isinstance(argument, tuple) and len(argument) == 2 else None
    names = [
        str(os.fsdecode(path))  # not a Secret, which a variable of the environment is
        for path in pair or (argument,)
        if isinstance(path, (str, bytes, os.PathLike)) and os.fspath(path)
    ]
    if len(names) != len(pair or (argument,)):
        message = (
            "'client_cert' must be the path of a PEM file, or a pair of paths: of the certificate "
            "and of its key."
        )
        raise ImproperlyConfigured(message)
    return names[0] if pair is None else (names[0], names[1])


def _guest_space(argument: object) -> int:
    space = 0
    if isinstance(argument, int) and not isinstance(argument, bool):
        space = argument
    elif isinstance(argument, str) and argument.isascii() and argument.strip().isdigit():
        space = int(argument)
    if space < 1:
        message = "'guest_space' must be the id of a guest space: a whole number, 1 or more."
        raise ImproperlyConfigured(message)
    return space


def _base_url(address: str) -> str:
    """Return the base URL, ``https://example.cybozu.com``, of an address copied from a browser."""
    if "@" in _text(address, "base_url"):  # refused here, before parts of it are in local variables
        message = (
            "'base_url' contains a user's name or a password; give them as arguments of their own. "
            "An example is https://example.cybozu.com."
        )
        raise ImproperlyConfigured(message)
    text = address.strip()
    try:
        url = urlsplit(text if "://" in text else f"https://{text}")
    except ValueError:  # such as half an address of IPv6
        url = urlsplit("")
    if (problem := _problem_of(url)) is not None:
        message = f"'base_url' {problem}. An example is https://example.cybozu.com."
        raise ImproperlyConfigured(message)
    host = url.netloc.lower()
    if url.scheme == "http" and not _is_this_computer(url.hostname or ""):
        message = (
            f"'base_url' is http://{host}, which would send the credentials unencrypted. Use https."
        )
        raise ImproperlyConfigured(message)
    return f"{url.scheme}://{host}"


# The library that sends requests ends a host at a backslash: it would send a secret of
# "https://stranger.example\.cybozu.com" to stranger.example.
_OUTSIDE_OF_HOSTS = frozenset(' \\^<>|;*"`{}')


def _problem_of(url: SplitResult) -> str | None:
    try:
        has_host = bool(url.hostname) and url.port != 0
        (url.hostname or "").encode("idna")  # no part of the name may be empty, or too long
    except ValueError:
        has_host = False
    if not has_host or not url.netloc.isprintable() or not _OUTSIDE_OF_HOSTS.isdisjoint(url.netloc):
        return "has no valid host or port"
    if url.scheme not in {"https", "http"}:
        return "is not an https address"
    if url.query or url.fragment or url.path.strip("/") not in {"", "k"}:
        return "has more than the scheme and the host; use guest_space= and apps= for the rest"
    return None


def _is_this_computer(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


_RENAMED = {
    "Given": "PartialSettings",
    "given": "parse_settings",
    "require_one_way": "require_one_login",
}
__getattr__ = renamed_names(__name__, _RENAMED)
