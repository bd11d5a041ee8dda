"""The pages of the latest requests and of a single request with its answer."""

from __future__ import annotations

import base64
import json
import re
from datetime import timezone
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from ..serving.recording import BODY_RECORDED, MASK

if TYPE_CHECKING:
    from ..serving.journal import Exchange, Journal
    from ..serving.recording import Recording
    from ..settings.domain import Domain

__all__ = ["exchange_line", "exchange_view", "exchanges_view"]

# The least length of a password that is masked in texts. Shorter ones may be ordinary words.
_MASKED_LENGTH = 6
# A key that names a credential, with its value: a text, a list of texts or a number. The last value
# may be incomplete, because the log cuts long bodies.
_CREDENTIAL = re.compile(
    r'("[^"\\]*(?:password|secret|token)[^"\\]*"\s*:\s*)'
    r'(?:"(?:[^"\\]|\\.)*"?|\[(?:[^\]"]|"(?:[^"\\]|\\.)*"?)*\]?|[-0-9][-+.0-9eE]*)',
    re.IGNORECASE,
)
_CREDENTIAL_NAME = re.compile(r"password|secret|token", re.IGNORECASE)
_FAILED = 400


def exchanges_view(journal: Journal) -> dict[str, object]:
    """Return the values for the page of the latest requests, without the bodies of requests."""
    return {"exchanges": [exchange_line(exchange) for exchange in journal.latest()]}


def exchange_line(exchange: Exchange) -> dict[str, object]:
    """Return the values for one line of the log."""
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


def exchange_view(domain: Domain, journal: Journal, number: int) -> dict[str, object] | None:
    """Return the values for the page of one request, or None if the log no longer has it."""
    exchange = journal.exchange(number)
    if exchange is None:
        return None
    secrets = _secrets(domain)
    parameters = [
        (name, MASK if _CREDENTIAL_NAME.search(name) else _mask(value, secrets))
        for name, value in parse_qsl(exchange.query_string, keep_blank_values=True)
    ]
    messages = [
        _message(title, kept, secrets)
        for title, kept in (("Request", exchange.request), ("Answer", exchange.answer))
    ]
    return {
        **exchange_line(exchange),
        "parameters": parameters,
        "messages": messages,
        "writes": sorted(exchange.writes),
    }


def _secrets(domain: Domain) -> list[str]:
    """Return the valid passwords and tokens of the domain, which a page must not show."""
    secrets = list(domain.tokens)
    for user in domain.directory.users.values():
        if user.password is not None and len(user.password) >= _MASKED_LENGTH:
            pair = f"{user.code}:{user.password}".encode()
            escaped = json.dumps(user.password, ensure_ascii=False)[1:-1]
            secrets += [base64.b64encode(pair).decode(), user.password, escaped]
    return secrets


def _message(title: str, kept: Recording | None, secrets: list[str]) -> dict[str, object]:
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
        "body": _mask(_indent(kept.body), secrets),
        "size": kept.size,
        "cut": kept.size > BODY_RECORDED,
    }


def _indent(body: bytes) -> str:
    """Return a body as text. Complete JSON is indented."""
    text = body.decode(errors="replace")
    try:
        return json.dumps(json.loads(text), ensure_ascii=False, indent=2)
    except (ValueError, RecursionError):
        return text


def _mask(text: str, secrets: list[str]) -> str:
    # Values under a credential's name are masked first. Otherwise the mask of a password such as
    # "secret" would also replace a credential's name, and the value under it would be shown.
    text = _CREDENTIAL.sub(rf'\1"{MASK}"', text)
    for secret in secrets:
        text = text.replace(secret, MASK)
    return text
