"""The files that inspect reads and writes: the module, names.toml and the configuration."""

from __future__ import annotations

import secrets
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from kintone_orm.apps.inspecting.module import HEADER
from kintone_orm.apps.inspecting.names_file import Names, read_names
from kintone_orm.cli.inspecting.keys_text import add_keys
from kintone_orm.configuration import parse_configuration, parse_toml
from kintone_orm.exceptions import ImproperlyConfigured

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from kintone_orm.configuration import Configuration

__all__ = [
    "add_keys_to_configuration",
    "read_names_file",
    "replace_file",
    "require_different_files",
    "require_replaceable",
]

_NEW_CONFIGURATION = Path("kintone.toml")
_PROJECT = "pyproject.toml"


def require_different_files(paths: Iterable[Path]) -> None:
    """Raise ImproperlyConfigured if two of the paths are the same file."""
    seen: set[Path] = set()
    for path in paths:
        target = path.resolve()
        if target in seen:
            raise ImproperlyConfigured(f"{path} is named twice. Name a file of its own for each.")
        seen.add(target)


def require_replaceable(path: Path) -> None:
    """Raise ImproperlyConfigured unless the file was written by inspect, or does not exist."""
    if not path.exists():
        return
    if not _read(path).startswith(HEADER.encode()):
        raise ImproperlyConfigured(
            f"{path} was not written by kintone-orm inspect, so it is not replaced. Delete it, or "
            "choose another file."
        )


def read_names_file(path: Path) -> Names:
    """Return the names in a names.toml. A file that does not exist has none."""
    return read_names(parse_toml(path, _read(path))) if path.exists() else Names()


def add_keys_to_configuration(
    configuration: Configuration, keys: Mapping[str, int]
) -> tuple[Path, str]:
    """Return the configuration file with these keys of apps, and its path.

    Without a configuration, it is a new kintone.toml in the working directory. ImproperlyConfigured
    if a key already names another app.
    """
    path = configuration.path or _NEW_CONFIGURATION
    text = "" if configuration.path is None else _read(path).decode()
    table = ["tool", "kintone_orm", "apps"] if path.name == _PROJECT else ["apps"]

    def read_keys(text: str) -> Mapping[str, int]:
        return parse_configuration(path, text.encode()).apps

    try:
        return path, add_keys(text, keys, table=table, read_keys=read_keys)
    except ImproperlyConfigured as error:
        raise ImproperlyConfigured(f"{path}: {error}") from error


def _read(path: Path) -> bytes:
    if not path.is_file():
        raise ImproperlyConfigured(f"{path} is not a file.")
    try:
        return path.read_bytes()
    except OSError as error:
        raise ImproperlyConfigured(f"{path} cannot be read: {error.strerror}.") from error


def replace_file(path: Path, text: str) -> None:
    """Write the text into a file in UTF-8, or leave the file as it was.

    A reader sees the old content or the new one. An existing file keeps its permissions, and a
    symbolic link stays one. ImproperlyConfigured if the file cannot be written.
    """
    target = path.resolve()
    temporary = target.with_name(f".{target.name}.{secrets.token_hex(4)}.tmp")
    try:
        with temporary.open("xb") as file:
            file.write(text.encode())
        if target.exists():
            temporary.chmod(target.stat().st_mode & 0o7777)
        temporary.replace(target)
    except OSError as error:
        raise ImproperlyConfigured(f"{path} cannot be written: {error.strerror}.") from error
    finally:
        with suppress(OSError):
            temporary.unlink()
