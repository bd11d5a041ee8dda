"""Checks of the arguments of a connection."""

from __future__ import annotations

import datetime as dt
from types import NoneType
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from kintone_orm.argument_checks import is_count, require_seconds
from kintone_orm.exceptions import ImproperlyConfigured
from kintone_orm.http.retry import NEVER, Retry

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "check_alias",
    "check_apps",
    "check_deadline",
    "check_keep_alive",
    "check_max_answer",
    "check_retry",
    "find_zone",
]


def check_alias(alias: str) -> str:
    """Return the alias. ImproperlyConfigured unless it is a text with a character."""
    if not isinstance(alias, str) or not alias:
        message = f"'alias' must be a text, such as 'default', not {alias!r:.80}."
        raise ImproperlyConfigured(message)
    return alias


def check_retry(retry: Retry | bool) -> Retry:
    """Return the retries that `retry` stands for. ImproperlyConfigured for another type."""
    if isinstance(retry, bool):
        return Retry() if retry else NEVER
    if not isinstance(retry, Retry):
        message = f"'retry' must be a Retry, True or False, not {retry!r:.80}."
        raise ImproperlyConfigured(message)
    return retry


def check_deadline(deadline: float | None) -> float | None:
    """Return the deadline in seconds. ImproperlyConfigured unless it is finite and above 0."""
    return None if deadline is None else require_seconds(deadline, "'deadline'")


def check_keep_alive(keep_alive: float) -> float:
    """Return the seconds. ImproperlyConfigured unless the number is finite and not negative."""
    is_zero = keep_alive == 0 and keep_alive is not False
    return 0.0 if is_zero else require_seconds(keep_alive, "'keep_alive'")


def check_max_answer(max_answer: int) -> int:
    """Return the largest size of an answer, in bytes. ImproperlyConfigured for an invalid value."""
    if not is_count(max_answer):
        message = (
            "'max_answer' must be a number of bytes, such as 256 * 1024**2, not "
            f"{max_answer!r:.80}."
        )
        raise ImproperlyConfigured(message)
    return max_answer


def check_apps(apps: Mapping[str, int]) -> dict[str, int]:
    """Return a copy of the mapping of keys to ids of apps. ImproperlyConfigured for other types."""
    try:
        checked = {str.__str__(key): int(id_) for key, id_ in apps.items()}
        if all(str(id_).isdigit() and checked[key] > 0 for key, id_ in apps.items()):
            return checked
    except (AttributeError, TypeError, ValueError):
        pass
    message = f"'apps' must be a mapping of keys, which are text, to ids of apps, not {apps!r}."
    raise ImproperlyConfigured(message)


def find_zone(zone: str | dt.tzinfo | None) -> dt.tzinfo | None:
    """Return the time zone of this name. A tzinfo is returned unchanged.

    ImproperlyConfigured for an unknown name, for a zone of pytz and for another type.
    """
    if not isinstance(zone, str):
        # A pytz zone that is passed as `tzinfo` makes a datetime that is wrong by some minutes.
        if hasattr(zone, "localize"):
            message = f"'timezone' is a pytz zone. Give the name {str(zone)!r} or a ZoneInfo."
            raise ImproperlyConfigured(message)
        if not isinstance(zone, (dt.tzinfo, NoneType)):
            message = f"'timezone' must be an IANA name or a tzinfo, not {zone!r:.80}."
            raise ImproperlyConfigured(message)
        return zone
    try:
        return ZoneInfo(zone)
    except (KeyError, ValueError, OSError) as error:
        message = f"'timezone': there is no zone {zone!r}. Give an IANA name such as 'Asia/Tokyo'."
        raise ImproperlyConfigured(message) from error
