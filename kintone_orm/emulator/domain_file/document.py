"""A domain file as it was written: its values, and where each of them stands."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from pathlib import Path as FilePath
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from .complaints import Complaints, DomainFileError, Path
from .json_lines import read_json
from .toml_lines import read_toml

if TYPE_CHECKING:
    import os

__all__ = ["Document", "DomainFile", "read_document"]

DomainFile: TypeAlias = "str | os.PathLike[str] | Mapping[str, Any]"
"""A path of a domain file, or what is in it as Python has it."""

_READERS = {".json": read_json, ".toml": read_toml}


class Document(NamedTuple):
    """What a domain file holds; `complaints` know the lines of it."""

    data: dict[str, Any]
    complaints: Complaints

    def at(self, path: Path) -> Any:
        """The value at a path that was located."""
        value: Any = self.data
        for part in path:
            value = value[part]
        return value


def read_document(source: DomainFile) -> Document:
    """A domain file, in JSON or TOML by the end of its name; or the same as Python has it.

    DomainFileError when it cannot be read.
    """
    if isinstance(source, Mapping):
        return Document(_plain(source), Complaints("The domain", {}))
    path = FilePath(source)
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        raise DomainFileError([f"{path}: A domain file is a .json or a .toml file."])
    try:
        text = path.read_text("utf-8-sig")
    except UnicodeDecodeError:
        raise DomainFileError([f"{path}: This is not UTF-8: save it as UTF-8."]) from None
    except OSError as error:
        raise DomainFileError([f"{path}: It cannot be read: {error.strerror}."]) from None
    data, lines = reader(text, str(path))
    if not isinstance(data, dict):
        raise DomainFileError([f"{path}, line 1: A domain file is an object of names and values."])
    return Document(_plain(data), Complaints(str(path), lines))


def _plain(value: Any) -> Any:
    """The value with dates and times as kintone writes them, and no object in it twice."""
    if isinstance(value, Mapping):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(inner) for inner in value]
    if isinstance(value, time) and value.replace(minute=0, hour=0) == time():
        return value.isoformat("minutes")  # TOML has seconds in every time, kintone in none
    return value.isoformat() if isinstance(value, (datetime, date, time)) else value
