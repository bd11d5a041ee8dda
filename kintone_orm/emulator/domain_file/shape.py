"""What a domain file may hold: its keys, and the kind of value of each.

What kintone's own API takes (a form, views, a process, permissions, settings, records) is checked
by the API's own rules when it is applied; here is only that it is an object or a list.
"""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, TypeAlias
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from ..ground.limits import INTEGER_MAX
from ..settings.tokens import TOKEN_RIGHTS
from ..settings.webhooks import EVENTS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from .complaints import Complaints, Path
    from .document import Document

__all__ = ["LANGUAGES", "check_shape"]

LANGUAGES = ("en", "ja")
_SURROGATE = re.compile("[\ud800-\udfff]")

Check: TypeAlias = "Callable[[Any, Path, Complaints], None]"
Keys: TypeAlias = "Mapping[str, Check]"


def check_shape(document: Document) -> None:
    """Raise DomainFileError for every key that there is not, and every value of the wrong kind."""
    _check_characters(document.data, (), document.complaints)
    document.complaints.check()
    _DOMAIN(document.data, (), document.complaints)
    document.complaints.check()


def _check_characters(value: Any, path: Path, complaints: Complaints) -> None:
    """Half of a surrogate pair, which JSON can spell, is no character: nothing could store it."""
    if isinstance(value, str):
        if _SURROGATE.search(value):
            complaints.add(path, "It holds half of a surrogate pair, which is no character.")
    elif isinstance(value, dict):
        for key, inner in value.items():
            _check_characters(key, path, complaints)
            _check_characters(inner, (*path, key), complaints)
    elif isinstance(value, list):
        for position, inner in enumerate(value):
            _check_characters(inner, (*path, position), complaints)


def _text(value: Any, path: Path, complaints: Complaints) -> None:
    if not isinstance(value, str) or not value:
        complaints.add(path, "It is a text, which is not empty.")


def _flag(value: Any, path: Path, complaints: Complaints) -> None:
    if not isinstance(value, bool):
        complaints.add(path, "It is true or false.")


def _id(value: Any, path: Path, complaints: Complaints) -> None:
    digits = str(value) if isinstance(value, (int, str)) and not isinstance(value, bool) else ""
    if not (digits.isascii() and digits.isdigit() and 0 < int(digits) <= INTEGER_MAX):
        complaints.add(path, "An id is a whole number from 1.")


def _object(value: Any, path: Path, complaints: Complaints) -> None:
    if not isinstance(value, dict):
        complaints.add(path, "It is an object of names and values.")


def _anything(value: Any, path: Path, complaints: Complaints) -> None:
    """What is of no use here, such as the revision of an exported form."""


def _one_of(*words: str) -> Check:
    def check(value: Any, path: Path, complaints: Complaints) -> None:
        if value not in words:
            listed = ", ".join(f'"{word}"' for word in words)
            complaints.add(path, f"It is one of {listed}.", word=value, known=words)

    return check


def _list(item: Check) -> Check:
    def check(value: Any, path: Path, complaints: Complaints) -> None:
        if not isinstance(value, list):
            complaints.add(path, "It is a list.")
            return
        for position, each in enumerate(value):
            item(each, (*path, position), complaints)

    return check


def _table(keys: Keys, *needed: str) -> Check:
    """An object with some of these keys, and with all that are needed."""

    def check(value: Any, path: Path, complaints: Complaints) -> None:
        if not isinstance(value, dict):
            complaints.add(path, "It is an object of names and values.")
            return
        for key, each in value.items():
            if key in keys:
                keys[key](each, (*path, key), complaints)
            else:
                complaints.unknown((*path, key), "key", key, keys)
        for key in needed:
            if key not in value:
                complaints.add(path, f'The key "{key}" is missing.')

    return check


def _named(item: Check) -> Check:
    """An object whose keys are names of one's own."""

    def check(value: Any, path: Path, complaints: Complaints) -> None:
        if not isinstance(value, dict):
            complaints.add(path, "It is an object of names and values.")
            return
        for key, each in value.items():
            if not key:
                complaints.add(path, "One of its names is empty.")
            item(each, (*path, key), complaints)

    return check


def _states(value: Any, path: Path, complaints: Complaints) -> None:
    """States may have more than is known here, but nothing that looks misspelt."""
    for name, state in value.items() if isinstance(value, dict) else ():
        for key in state if isinstance(state, dict) else ():
            if key not in _STATE and get_close_matches(key, _STATE, n=1):
                complaints.unknown((*path, name, key), "key", key, _STATE)


_STATE = ("name", "index", "assignee")


def _secret(value: Any, path: Path, complaints: Complaints) -> None:
    """A text, or {"env": the name of the variable that holds it}."""
    if isinstance(value, dict):
        _table({"env": _text}, "env")(value, path, complaints)
    elif not isinstance(value, str) or not value:
        complaints.add(path, 'It is a text, or {"env": "NAME"} for a variable of the environment.')


def _zone(value: Any, path: Path, complaints: Complaints) -> None:
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, TypeError, OSError):
        zones = available_timezones()
        complaints.add(path, 'It is a time zone such as "Asia/Tokyo".', word=value, known=zones)


USER: Keys = {
    "password": _secret,
    "name": _text,
    "organization": _text,
    "organizations": _list(_text),
    "groups": _list(_text),
    "timezone": _zone,
}
GUEST: Keys = {"password": _secret, "name": _text, "spaces": _list(_text)}
GROUP: Keys = {"id": _id, "name": _text}
ORGANIZATION: Keys = {"name": _text, "parent": _text}
SPACE: Keys = {"id": _id, "name": _text, "guest": _flag}
TOKEN: Keys = {"permissions": _list(_one_of(*TOKEN_RIGHTS)), "token": _secret}
_FORM: Keys = {"properties": _object, "layout": _list(_object), "revision": _anything}
_PROCESS: Keys = {
    "enable": _anything,
    "states": _states,
    "actions": _anything,
    "revision": _anything,
}
_PERMISSIONS: Keys = {part: _list(_object) for part in ("app", "record", "field")}
_WEBHOOK: Keys = {"url": _text, "events": _list(_one_of(*EVENTS))}
APP: Keys = {
    "id": _id,
    "name": _text,
    "code": _text,
    "space": _text,
    "settings": _object,
    "form": _table(_FORM),
    "views": _named(_object),
    "process": _table(_PROCESS),
    "permissions": _table(_PERMISSIONS),
    "tokens": _named(_table(TOKEN)),
    "webhooks": _list(_table(_WEBHOOK, "url")),
    "records": _list(_object),
}
DOMAIN: Keys = {
    "language": _one_of(*LANGUAGES),
    "users": _named(_table(USER)),
    "guests": _named(_table(GUEST)),
    "groups": _named(_table(GROUP)),
    "organizations": _named(_table(ORGANIZATION)),
    "spaces": _named(_table(SPACE)),
    "apps": _named(_table(APP)),
}
_DOMAIN = _table(DOMAIN)
