"""API tokens: random ones, and fixed ones from a domain file or a test.

Source: kintone REST API overview, "Authentication" (API tokens).
"""

from __future__ import annotations

import re
import secrets
from typing import TYPE_CHECKING

from ..ground import limits

if TYPE_CHECKING:
    from collections.abc import Collection

    from .domain import Domain

__all__ = ["TOKEN_RIGHTS", "add_token"]

TOKEN_RIGHTS = ("view", "add", "edit", "delete", "manage")
"""The permissions of API tokens."""

# A token may have the characters of a header's value, without the comma, which separates tokens.
_TOKEN = re.compile(r"[!-+\--~]{1,128}")


def add_token(
    domain: Domain, app: int, permissions: Collection[str], token: str | None = None
) -> str:
    """Add a token to an app, and return the token. The token is random, unless `token` fixes it.

    Raises ValueError for an unknown app or permission, for more than 20 tokens, and for a `token`
    that exists already or cannot be sent. The message does not show the token.
    """
    unknown = set(permissions) - set(TOKEN_RIGHTS)
    if unknown:
        rights = ", ".join(TOKEN_RIGHTS)
        names = ", ".join(sorted(map(repr, unknown)))
        raise ValueError(f"There is no permission {names}. Use {rights}.")
    if domain.app(app) is None:
        raise ValueError(f"There is no app {app}.")
    if sum(owner == app for owner, _ in domain.tokens.values()) >= limits.TOKENS_PER_APP:
        raise ValueError(
            f"App {app} already has {limits.TOKENS_PER_APP} tokens, which is the maximum."
        )
    if token is None:
        token = secrets.token_hex(20)
    elif not _TOKEN.fullmatch(token):
        raise ValueError(
            "A token has 1 to 128 letters, digits and signs, without commas and blanks."
        )
    elif token in domain.tokens:
        raise ValueError("This token already exists. Choose another one.")
    else:
        domain.fixed_tokens.add(token)
    domain.tokens[token] = (app, frozenset(permissions))
    return token
