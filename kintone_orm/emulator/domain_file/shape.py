"""The shape of a domain file: its keys, and the kind of value of each.

Sections in kintone's own format (form, views, process, permissions, settings, records) are only
checked to be objects or lists here. The API's rules check the rest when the sections are sent.
"""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import TYPE_CHECKING, TypeAlias
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from ..ground.limits import INTEGER_MAX
from ..settings.tokens import TOKEN_RIGHTS
from ..settings.webhooks import EVENTS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from .document import Document
    from .file_problems import FileProblems, Path

__all__ = ["LANGUAGES", "check_shape"]

LANGUAGES = ("en", "ja")
_SURROGATE = re.compile("[\ud800-\udfff]")
_OBJECT_EXPECTED = "The value must be an object of names and values."

Check: TypeAlias = "Callable[[object, Path, FileProblems], None]"
Keys: TypeAlias = "Mapping[str, Check]"


def check_shape(document: Document) -> None:
    """Raise DomainFileError for unknown keys and for values of the wrong kind."""
    _check_characters(document.data, (), document.problems)
    document.problems.check()
    _DOMAIN(document.data, (), document.problems)
    document.problems.check()


def _check_characters(value: object, path: Path, problems: FileProblems) -> None:
    """Add a problem for each text with half of a surrogate pair.

    JSON can contain half of a pair, but no store can hold it.
    """
    if isinstance(value, str):
        if _SURROGATE.search(value):
            sentence = "The text has half of a surrogate pair, which is not a character."
            problems.add(path, sentence)
    elif isinstance(value, dict):
        for key, member in value.items():
            _check_characters(key, path, problems)
            _check_characters(member, (*path, key), problems)
    elif isinstance(value, list):
        for position, item in enumerate(value):
            _check_characters(item, (*path, position), problems)


def _text(value: object, path: Path, problems: FileProblems) -> None:
    if not isinstance(value, str) or not value:
        problems.add(path, "The value must be a text, and not empty.")


def _flag(value: object, path: Path, problems: FileProblems) -> None:
    if not isinstance(value, bool):
        problems.add(path, "The value must be true or false.")


def _id(value: object, path: Path, problems: FileProblems) -> None:
    digits = str(value) if isinstance(value, (int, str)) and not isinstance(value, bool) else ""
    if not (digits.isascii() and digits.isdigit() and 0 < int(digits) <= INTEGER_MAX):
        problems.add(path, "An id must be a whole number from 1.")


def _object(value: object, path: Path, problems: FileProblems) -> None:
    if not isinstance(value, dict):
        problems.add(path, _OBJECT_EXPECTED)


def _anything(value: object, path: Path, problems: FileProblems) -> None:
    """Accept any value of a key that is not used, such as the revision of an exported form."""


def _one_of(*words: str) -> Check:
    def check(value: object, path: Path, problems: FileProblems) -> None:
        if value not in words:
            listed = ", ".join(f'"{word}"' for word in words)
            sentence = f"The value must be one of {listed}."
            problems.add(path, sentence, word=value, known=words)

    return check


def _list(item: Check) -> Check:
    def check(value: object, path: Path, problems: FileProblems) -> None:
        if not isinstance(value, list):
            problems.add(path, "The value must be a list.")
            return
        for position, member in enumerate(value):
            item(member, (*path, position), problems)

    return check


def _table(keys: Keys, *required: str) -> Check:
    """Return a check for an object that may have these keys and must have the required ones."""

    def check(value: object, path: Path, problems: FileProblems) -> None:
        if not isinstance(value, dict):
            problems.add(path, _OBJECT_EXPECTED)
            return
        for key, member in value.items():
            if key in keys:
                keys[key](member, (*path, key), problems)
            else:
                problems.add_unknown((*path, key), "key", key, keys)
        for key in required:
            if key not in value:
                problems.add(path, f'The key "{key}" is missing.')

    return check


def _mapping(item: Check) -> Check:
    """Return a check for an object with any names as keys, and with `item` for each value."""

    def check(value: object, path: Path, problems: FileProblems) -> None:
        if not isinstance(value, dict):
            problems.add(path, _OBJECT_EXPECTED)
            return
        for key, member in value.items():
            if not key:
                problems.add(path, "A name in this object is empty.")
            item(member, (*path, key), problems)

    return check


def _states(value: object, path: Path, problems: FileProblems) -> None:
    """Add a problem for each key of a state that looks like a misspelt known key.

    Other unknown keys are accepted, because exported states have more keys.
    """
    for name, state in value.items() if isinstance(value, dict) else ():
        for key in state if isinstance(state, dict) else ():
            if key not in _STATE and get_close_matches(key, _STATE, n=1):
                problems.add_unknown((*path, name, key), "key", key, _STATE)


_STATE = ("name", "index", "assignee")


def _secret(value: object, path: Path, problems: FileProblems) -> None:
    """Check that the value is a text, or {"env": NAME} with the name of an environment variable."""
    if isinstance(value, dict):
        _table({"env": _text}, "env")(value, path, problems)
    elif not isinstance(value, str) or not value:
        sentence = 'The value must be a text, or {"env": "NAME"} for an environment variable.'
        problems.add(path, sentence)


def _zone(value: object, path: Path, problems: FileProblems) -> None:
    try:
        ZoneInfo(str(value))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        sentence = 'The value must be a time zone such as "Asia/Tokyo".'
        problems.add(path, sentence, word=value, known=available_timezones())


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
_PERMISSIONS: Keys = {subject: _list(_object) for subject in ("app", "record", "field")}
_WEBHOOK: Keys = {"url": _text, "events": _list(_one_of(*EVENTS))}
APP: Keys = {
    "id": _id,
    "name": _text,
    "code": _text,
    "space": _text,
    "settings": _object,
    "form": _table(_FORM),
    "views": _mapping(_object),
    "process": _table(_PROCESS),
    "permissions": _table(_PERMISSIONS),
    "tokens": _mapping(_table(TOKEN)),
    "webhooks": _list(_table(_WEBHOOK, "url")),
    "records": _list(_object),
}
DOMAIN: Keys = {
    "language": _one_of(*LANGUAGES),
    "users": _mapping(_table(USER)),
    "guests": _mapping(_table(GUEST)),
    "groups": _mapping(_table(GROUP)),
    "organizations": _mapping(_table(ORGANIZATION)),
    "spaces": _mapping(_table(SPACE)),
    "apps": _mapping(_table(APP)),
}
_DOMAIN = _table(DOMAIN)
