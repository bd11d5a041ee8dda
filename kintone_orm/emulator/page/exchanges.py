"""The log of the latest requests, and one of them with what it carried."""

from __future__ import annotations

import base64
import json
import re
from datetime import timezone
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from ..serving.recording import BODY_KEPT, MASK

if TYPE_CHECKING:
    from ..serving.journal import Exchange, Journal
    from ..serving.recording import Kept
    from ..settings.domain import Domain

__all__ = ["exchange_shown", "exchange_view", "exchanges_view"]

# A shorter password may be any word of a text.
_SECRET_LEAST = 6
# A text, several of them, or a number, under such a name; the body may have been cut anywhere.
_CREDENTIAL = re.compile(
    r'("[^"\\]*(?:password|secret|token)[^"\\]*"\s*:\s*)'
    r'(?:"(?:[^"\\]|\\.)*"?|\[(?:[^\]"]|"(?:[^"\\]|\\.)*"?)*\]?|[-0-9][-+.0-9eE]*)',
    re.IGNORECASE,
)
_CREDENTIAL_NAME = re.compile(r"password|secret|token", re.IGNORECASE)
_FAILED = 400


def exchanges_view(journal: Journal) -> dict[str, Any]:
    """What the page of the log shows: no body."""
    return {"exchanges": [exchange_shown(each) for each in journal.latest()]}


def exchange_shown(exchange: Exchange) -> dict[str, Any]:
    """One line of the log."""
    return {
        "number": exchange.number,
        "time": f"{exchange.at.astimezone(timezone.utc):%H:%M:%S}",
        "date": f"{exchange.at.astimezone(timezone.utc):%Y-%m-%dT%H:%M:%SZ}",
        "method": exchange.method,
        "path": exchange.path,
        "status": "no answer" if exchange.status is None else str(exchange.status),
        "failed": exchange.status is None or exchange.status >= _FAILED,
        "milliseconds": f"{exchange.milliseconds:.1f}",
        "fault": exchange.fault,
    }


def exchange_view(domain: Domain, journal: Journal, number: int) -> dict[str, Any] | None:
    """What the page of one request shows; None when it is not among the latest any more."""
    exchange = journal.exchange(number)
    if exchange is None:
        return None
    secrets = _secrets(domain)
    parameters = [
        (name, MASK if _CREDENTIAL_NAME.search(name) else _masked(value, secrets))
        for name, value in parse_qsl(exchange.query_string, keep_blank_values=True)
    ]
    messages = [
        _message(title, kept, secrets)
        for title, kept in (("Request", exchange.request), ("Answer", exchange.answer))
    ]
    return {
        **exchange_shown(exchange),
        "parameters": parameters,
        "messages": messages,
        "writes": sorted(exchange.writes),
    }


def _secrets(domain: Domain) -> list[str]:
    """What must not be seen in a body: the passwords and tokens that are good here."""
    found = list(domain.tokens)
    for user in domain.directory.users.values():
        if user.password is not None and len(user.password) >= _SECRET_LEAST:
            pair = f"{user.code}:{user.password}".encode()
            spelled = json.dumps(user.password, ensure_ascii=False)[1:-1]  # as JSON holds it
            found += [base64.b64encode(pair).decode(), user.password, spelled]
    return found


def _message(title: str, kept: Kept | None, secrets: list[str]) -> dict[str, Any]:
    if kept is None or kept.body is None:
        return {
            "title": title,
            "headers": list(kept.headers.items()) if kept else [],
            "body": None,
            "size": kept.size if kept else None,
            "cut": False,
        }
    return {
        "title": title,
        "headers": list(kept.headers.items()),
        "body": _masked(_spelled(kept.body), secrets),
        "size": kept.size,
        "cut": kept.size > BODY_KEPT,
    }


def _spelled(body: bytes) -> str:
    """A body for the eye: JSON with a line for each value, as long as it is whole."""
    text = body.decode(errors="replace")
    try:
        return json.dumps(json.loads(text), ensure_ascii=False, indent=2)
    except (ValueError, RecursionError):
        return text


def _masked(text: str, secrets: list[str]) -> str:
    # By their names first: the password "secret" may stand in such a name, and mask it.
    text = _CREDENTIAL.sub(rf'\1"{MASK}"', text)
    for secret in secrets:
        text = text.replace(secret, MASK)
    return text
