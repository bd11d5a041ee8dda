"""The language of error texts, chosen by the header Accept-Language."""

from __future__ import annotations

__all__ = ["preferred_language"]

_KNOWN = ("en", "ja")


def preferred_language(accept_language: str | None) -> str:
    """Return the known language that the header prefers, or English.

    The header is parsed by hand, so that an emulator in a test's process needs no other package.
    """
    preferences = [_tag_and_quality(text) for text in (accept_language or "").split(",")]
    for tag, quality in sorted(preferences, key=lambda pair: -pair[1]):
        if quality and tag in _KNOWN:
            return tag
    return _KNOWN[0]


def _tag_and_quality(text: str) -> tuple[str, float]:
    tag, _, quality = text.partition(";q=")
    try:
        return tag.strip()[:2].lower(), float(quality or 1)
    except ValueError:
        return "", 0
