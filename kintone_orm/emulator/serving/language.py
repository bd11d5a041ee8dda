"""In which language an error is told: the first known one that Accept-Language asks for."""

from __future__ import annotations

__all__ = ["preferred_language"]

_KNOWN = ("en", "ja")


def preferred_language(accept_language: str | None) -> str:
    """The known language that the header wants most; English without one.

    By hand, because in a test's own process the emulator needs nothing that is not installed.
    """
    wanted = [_tag_and_quality(part) for part in (accept_language or "").split(",")]
    for tag, quality in sorted(wanted, key=lambda pair: -pair[1]):
        if quality and tag in _KNOWN:
            return tag
    return _KNOWN[0]


def _tag_and_quality(part: str) -> tuple[str, float]:
    tag, _, quality = part.partition(";q=")
    try:
        return tag.strip()[:2].lower(), float(quality or 1)
    except ValueError:
        return "", 0
