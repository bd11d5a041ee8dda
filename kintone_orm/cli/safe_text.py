"""Texts from servers, apps and files of strangers, before they are printed."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Final

from kintone_orm.connection import connections
from kintone_orm.http.secrets import encode_login

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["CONTROLS", "escape_controls", "without_secrets"]

CONTROLS: Final = "\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
"""Characters that a terminal obeys, and signs that change the direction of a line, for a regular
expression. A tab and the end of a line are not among them."""

_UNPRINTABLE = re.compile(f"[{CONTROLS}]")
_MASK = "********"
_SHORTEST = 4  # to mask "x" would mask letters of words, and so tell the secret
_LOGINS: Final = (
    ("KINTONE_USERNAME", "KINTONE_PASSWORD"),
    ("KINTONE_BASIC_AUTH_USERNAME", "KINTONE_BASIC_AUTH_PASSWORD"),
)
_TOKENS: Final = ("KINTONE_API_TOKEN", "KINTONE_OAUTH_TOKEN")


def escape_controls(text: str) -> str:
    """Return the text with its control characters as escapes of Python, as `repr()` has them."""
    return _UNPRINTABLE.sub(lambda match: ascii(match[0])[1:-1], text)


def without_secrets(text: str) -> str:
    """Return the text without the secrets of the environment and of the connections.

    A server may send them back, also as the header that kintone gets.
    """
    secrets = {*_secrets_of_environment(), *_secrets_of_connections()}
    for secret in sorted(secrets, key=len, reverse=True):
        if len(secret) >= _SHORTEST:
            text = text.replace(secret, _MASK)
    return text


def _secrets_of_environment() -> Iterator[str]:
    for user, password in _LOGINS:
        login = os.environ.get(user, ""), os.environ.get(password, "")
        yield login[1].strip()
        if all(login):
            yield encode_login(login)
    for name in _TOKENS:
        yield from map(str.strip, os.environ.get(name, "").split(","))


def _secrets_of_connections() -> Iterator[str]:
    for alias in connections:
        # The public property could ask a person for a password.
        settings = connections[alias]._settings  # noqa: SLF001
        if settings is None:  # no request was sent
            continue
        credentials = settings.credentials
        for login in (credentials.password, credentials.basic):
            if login is not None:
                yield login[1]
                yield encode_login(login)
        yield from (token for _, token in credentials.api_tokens)
        if isinstance(credentials.oauth_token, str):
            yield credentials.oauth_token
