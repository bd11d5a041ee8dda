"""Adding keys of apps to the configuration, and leaving the rest of the file as it is."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from kintone_orm.cli.writing.files import read_file
from kintone_orm.configuration import FILE, PROJECT_FILE, parse_configuration
from kintone_orm.exceptions import ImproperlyConfigured
from kintone_orm.toml_text import toml_key

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from kintone_orm.configuration import Configuration

__all__ = ["add_keys", "add_keys_to_configuration"]

# TOML has no other line breaks, but str.splitlines() has.
_LINE = re.compile(r"[^\n]*\n|[^\n]+")
_HEADER = re.compile(r"\s*\[")
_MARK = "\ufeff"  # the byte order mark, with which some editors begin a file
_INLINE_TABLE = re.compile(r"""(\s*["']?apps["']?\s*=\s*\{)(.*?)(\s*\}\s*(?:#.*)?)""")


def add_keys_to_configuration(
    configuration: Configuration, keys: Mapping[str, int]
) -> tuple[Path, str]:
    """Return the configuration file with these keys of apps, and its path.

    Without a configuration, it is a new kintone.toml in the working directory. ImproperlyConfigured
    if a key already names another app.
    """
    path = configuration.path or Path(FILE)
    text = "" if configuration.path is None else read_file(path).decode()
    table = ["tool", "kintone_orm", "apps"] if path.name == PROJECT_FILE else ["apps"]

    def read_keys(text: str) -> Mapping[str, int]:
        return parse_configuration(path, text.encode()).apps

    try:
        new = add_keys(text.removeprefix(_MARK), keys, table=table, read_keys=read_keys)
    except ImproperlyConfigured as error:
        raise ImproperlyConfigured(f"{path}: {error}") from error
    return path, _MARK + new if text.startswith(_MARK) else new


def add_keys(
    text: str,
    keys: Mapping[str, int],
    *,
    table: Sequence[str],
    read_keys: Callable[[str], Mapping[str, int]],
) -> str:
    """Return the text of a TOML file with these keys in its table of apps.

    `table` is the path of the table: ["apps"], or ["tool", "kintone_orm", "apps"]. `read_keys`
    parses a text and returns the keys of its table. New keys are added at the end of the table, and
    a table is added at the end of the file if there is none. ImproperlyConfigured, with the lines
    to write, if a key already names another app, and if the table is written in another way.
    """
    old = read_keys(text)
    for key, app in keys.items():
        if old.get(key, app) != app:
            raise ImproperlyConfigured(
                f"The key {key!r} already names the app {old[key]}, so it cannot name the app "
                f"{app}. Change the key of one of them."
            )
    entries = [f"{toml_key(key)} = {app}" for key, app in keys.items() if key not in old]
    if not entries:
        return text
    expected = {**old, **keys}
    for add in (_add_to_table, _add_to_inline_table, _append_table):
        new = add(text, entries, table)
        if new is not None and _has_keys(new, expected, read_keys):
            return new
    raise ImproperlyConfigured(
        f"No keys can be added to its table of apps. Write the table as [{'.'.join(table)}], and "
        f"add: {'; '.join(entries)}"
    )


def _has_keys(
    text: str, keys: Mapping[str, int], read_keys: Callable[[str], Mapping[str, int]]
) -> bool:
    """Return True if the text is valid and has exactly these keys."""
    try:
        return read_keys(text) == keys
    except ImproperlyConfigured:
        return False


def _add_to_table(text: str, entries: Sequence[str], table: Sequence[str]) -> str | None:
    """Add the entries after the last key of the table, which may be anywhere in the file."""
    names = r"\s*\.\s*".join(rf"""["']?{re.escape(name)}["']?""" for name in table)
    header = re.compile(rf"\s*\[\s*{names}\s*\]\s*(?:#.*)?")
    lines = _LINE.findall(text)
    start = next(
        (index for index, line in enumerate(lines) if header.fullmatch(line.rstrip("\r\n"))), None
    )
    if start is None:
        return None
    last = start
    for index, line in enumerate(lines[start + 1 :], start + 1):
        if _HEADER.match(line):
            break
        # Comments after the last key may belong to the next table.
        if line.strip() and not line.lstrip().startswith("#"):
            last = index
    newline = _newline(text)
    if not lines[last].endswith("\n"):
        lines[last] += newline
    return "".join(
        [*lines[: last + 1], *(entry + newline for entry in entries), *lines[last + 1 :]]
    )


def _add_to_inline_table(text: str, entries: Sequence[str], _table: Sequence[str]) -> str | None:
    """Add the entries to ``apps = { orders = 12 }``."""
    lines = _LINE.findall(text)
    for index, line in enumerate(lines):
        content = line.rstrip("\r\n")
        if match := _INLINE_TABLE.fullmatch(content):
            start, members, end = match.groups()
            added = ", ".join(entries)
            all_members = f"{members}, {added}" if members.strip() else f" {added}"
            lines[index] = start + all_members + (end if members.strip() else " " + end.lstrip())
            lines[index] += line[len(content) :]
            return "".join(lines)
    return None


def _append_table(text: str, entries: Sequence[str], table: Sequence[str]) -> str:
    newline = _newline(text)
    lines = [f"[{'.'.join(table)}]", *entries]
    before = ""
    if text.strip():
        before = newline if text.endswith("\n") else 2 * newline
    return text + before + "".join(line + newline for line in lines)


def _newline(text: str) -> str:
    return "\r\n" if "\r\n" in text else "\n"
