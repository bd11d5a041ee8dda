"""Reading a domain file: its values, and their lines."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from pathlib import Path as FilePath
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from .file_problems import DomainFileError, FileProblems, Path
from .json_lines import read_json
from .toml_lines import read_toml

if TYPE_CHECKING:
    import os

__all__ = ["Document", "DomainFile", "read_document"]

DomainFile: TypeAlias = "str | os.PathLike[str] | Mapping[str, Any]"
"""The path of a domain file, or its content as a mapping."""

_READERS = {".json": read_json, ".toml": read_toml}


class Document(NamedTuple):
    """The content of a domain file. `problems` has the line of each value."""

    data: dict[str, Any]
    problems: FileProblems

    def at(self, path: Path) -> Any:
        """Return the value at a path, which must exist."""
        value: Any = self.data
        for step in path:
            value = value[step]
        return value


def read_document(source: DomainFile) -> Document:
    """Return the content of a .json or .toml file, or of a mapping.

    Raises DomainFileError if the file cannot be read.
    """
    if isinstance(source, Mapping):
        return Document(_to_json(source), FileProblems("The domain", {}))
    path = FilePath(source)
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        raise DomainFileError([f"{path}: A domain file must be a .json or .toml file."])
    try:
        text = path.read_text("utf-8-sig")
    except UnicodeDecodeError:
        raise DomainFileError([f"{path}: The file is not in UTF-8. Save it as UTF-8."]) from None
    except OSError as error:
        raise DomainFileError([f"{path}: The file cannot be read: {error.strerror}."]) from None
    data, lines = reader(text, str(path))
    if not isinstance(data, dict):
        problem = "A domain file must be an object of names and values."
        raise DomainFileError([f"{path}, line 1: {problem}"])
    return Document(_to_json(data), FileProblems(str(path), lines))


def _to_json(value: object) -> Any:
    """Return a deep copy of the value, with dates and times as kintone spells them."""
    if isinstance(value, Mapping):
        return {str(key): _to_json(member) for key, member in value.items()}
    if isinstance(value, (list, tuple)):
        return [_to_json(item) for item in value]
    if isinstance(value, time) and value.replace(minute=0, hour=0) == time():
        # kintone's times have no seconds.
        return value.isoformat("minutes")
    return value.isoformat() if isinstance(value, (datetime, date, time)) else value
