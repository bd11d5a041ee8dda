"""The values of records as JSON, as the cells of a CSV file, and as the cells of a table."""

from __future__ import annotations

import datetime as dt
import json
import re
from decimal import Decimal
from enum import Enum
from typing import Any

from kintone_orm.cli.safe_text import CONTROLS
from kintone_orm.fields import Attachment, Group, Organization, Row, User

__all__ = ["as_cell", "as_json", "as_text"]

# Control characters, which a terminal would obey, and signs that change the direction of a line.
_UNSHOWN = re.compile(f"[\\s{CONTROLS}]+")
_UNESCAPED = re.compile(f"[{CONTROLS}\u2028\u2029]")


def as_json(value: Any) -> str:
    """Return the value as JSON.

    A Decimal is a number with all its digits, and an instant is in UTC. A blank is null, or the
    empty text or list.
    """
    match value:
        case Enum():
            return as_json(value.value)
        case Decimal():
            return format(value, "f")
        case dict():
            members = (f"{as_json(name)}: {as_json(member)}" for name, member in value.items())
            return f"{{{', '.join(members)}}}"
        case list() | tuple():
            return f"[{', '.join(map(as_json, value))}]"
        case str():
            text = json.dumps(value, ensure_ascii=False)
            # A terminal obeys these characters, or they end a line. JSON does not escape them.
            return _UNESCAPED.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
        case None | int():
            return json.dumps(value)
    return as_json(_plain(value))


def as_cell(value: Any) -> str:
    """Return the value as a cell of a CSV file.

    A text, a number and a date are plain, and a blank is empty. Lists, people and tables are JSON.
    """
    match value:
        case Enum():
            return as_cell(value.value)
        case None | [] | ():
            return ""
        case str():
            return value
        case dt.date() | dt.time() | dt.timedelta():
            return str(_plain(value))
    return as_json(value)


def as_text(value: Any) -> str:
    """Return the value as one line for people. Of a table, it says the number of rows."""
    match value:
        case Enum():
            return as_text(value.value)
        case None:
            return ""
        case [Row(), *_]:
            return f"{len(value)} row{'s' if len(value) > 1 else ''}"
        case list():
            return ", ".join(map(as_text, value))
        case Attachment(name=name):
            return as_text(name)
        case Decimal():
            return format(value, "f")
        case dt.datetime():
            return value.isoformat(" ", "minutes")
        case dt.date() | dt.time() | dt.timedelta():
            return str(_plain(value))
    return _UNSHOWN.sub(" ", str(value)).strip()


def _plain(value: Any) -> object:
    match value:
        case User() | Organization() | Group():
            return {"code": value.code, "name": value.name}
        case Attachment():
            return {
                "name": value.name,
                "content_type": value.content_type,
                "size": value.size,
            }
        case Row():
            return {"id": value.id, **{name: getattr(value, name) for name in value._fields}}
        case dt.datetime():
            return value.astimezone(dt.timezone.utc).isoformat().replace("+00:00", "Z")
        case dt.date():
            return value.isoformat()
        case dt.time():
            return value.isoformat("minutes")
        case dt.timedelta():
            minutes = abs(value) // dt.timedelta(minutes=1)
            return f"{'-' if value < dt.timedelta() else ''}{minutes // 60}:{minutes % 60:02}"
    return str(value)
