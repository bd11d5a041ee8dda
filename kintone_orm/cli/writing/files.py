"""Reading and replacing the files that commands write."""

from __future__ import annotations

import secrets
from contextlib import suppress
from typing import TYPE_CHECKING

from kintone_orm.exceptions import ImproperlyConfigured

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

__all__ = ["read_file", "replace_file", "require_different_files"]


def require_different_files(paths: Iterable[Path]) -> None:
    """Raise ImproperlyConfigured if two of the paths are the same file."""
    seen: set[Path] = set()
    for path in paths:
        target = path.resolve()
        if target in seen:
            raise ImproperlyConfigured(f"{path} is named twice. Name a file of its own for each.")
        seen.add(target)


def read_file(path: Path) -> bytes:
    """Return the content of a file; ImproperlyConfigured if it cannot be read."""
    if not path.is_file():
        raise ImproperlyConfigured(f"{path} is not a file.")
    try:
        return path.read_bytes()
    except OSError as error:
        raise ImproperlyConfigured(f"{path} cannot be read: {error.strerror}.") from error


def replace_file(path: Path, text: str) -> None:
    """Write the text into a file in UTF-8, or leave the file as it was.

    A reader sees the old content or the new one. An existing file keeps its permissions, and a
    symbolic link stays one. A pipe or a device, such as /dev/null, gets the text.
    ImproperlyConfigured if the file cannot be written.
    """
    target = path.resolve()
    try:
        if target.exists() and not target.is_file():
            target.write_bytes(text.encode())
        else:
            _replace(target, text.encode())
    except OSError as error:
        raise ImproperlyConfigured(f"{path} cannot be written: {error.strerror}.") from error


def _replace(target: Path, content: bytes) -> None:
    temporary = target.with_name(f".{target.name}.{secrets.token_hex(4)}.tmp")
    try:
        with temporary.open("xb") as file:
            file.write(content)
        if target.exists():
            temporary.chmod(target.stat().st_mode & 0o7777)
        temporary.replace(target)
    finally:
        with suppress(OSError):
            temporary.unlink()
