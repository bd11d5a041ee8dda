"""Reading the tables of filters, whose entries have several lines, the first one a filter."""

from __future__ import annotations

from datetime import date, datetime, time, timezone
from decimal import Decimal
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from kintone_orm import Q, Raw, functions
from kintone_orm.fields import User

if TYPE_CHECKING:
    from pathlib import Path

NAMES = {
    "filter": Q,
    "Q": Q,
    "Raw": Raw,
    "User": User,
    "Decimal": Decimal,
    "date": date,
    "time": time,
    "datetime": datetime,
    "timezone": timezone,
    "UTC": timezone.utc,
    "TOKYO": ZoneInfo("Asia/Tokyo"),
} | {name: getattr(functions, name) for name in functions.__all__}


def entries(path: Path, *, lines: int) -> list[tuple[str, ...]]:
    """The entries of a table, without its comments and blank lines."""
    text = [line.strip() for line in path.read_text("utf-8").splitlines()]
    kept = [line for line in text if line and line[0] != "#"]
    return list(zip(*(kept[at::lines] for at in range(lines)), strict=True))


def read(filter_: str) -> Q:
    """The Q of a filter from a table."""
    q: Q = eval(filter_, NAMES)
    return q
