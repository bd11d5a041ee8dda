"""The configuration file of a program: `kintone.toml`, or `[tool.kintone_orm]` of pyproject.toml.

.. code-block:: toml

    base_url = "https://example.cybozu.com"   # for the commands only, never for connect()
    models = "shop.models"                    # or a list: ["shop.models", "stock/models.py"]

    [apps]
    orders = 12                               # the app of models with app = "orders"

`connect()` takes the app keys that `apps=` does not name, and the commands take all settings. The
file must not hold secrets: it is meant to be kept with the program.
"""

from __future__ import annotations

import importlib
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, Final

from kintone_orm.exceptions import ImproperlyConfigured
from kintone_orm.http.secrets import Secret
from kintone_orm.settings import parse_settings

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path
    from types import ModuleType

__all__ = ["Configuration", "find_configuration"]

VARIABLE: Final = "KINTONE_CONFIG"
FILE: Final = "kintone.toml"
PROJECT_FILE: Final = "pyproject.toml"
_KEYS: Final = ("base_url", "models", "apps")

# Words in the names of secrets, and the variable that takes the secret instead.
_VARIABLES_OF_SECRETS: Final = {
    "basic": "KINTONE_BASIC_AUTH_PASSWORD",
    "oauth": "KINTONE_OAUTH_TOKEN",
    "token": "KINTONE_API_TOKEN",
    "password": "KINTONE_PASSWORD",
    "passwd": "KINTONE_PASSWORD",
    "user": "KINTONE_USERNAME",
    "login": "KINTONE_USERNAME",
    "cert": "KINTONE_CLIENT_CERT",
    "key": "KINTONE_CLIENT_KEY",
    "secret": "KINTONE_PASSWORD",
    "auth": "KINTONE_PASSWORD",
}


@dataclass(frozen=True, slots=True)
class Configuration:
    """The settings of one file. Without a file, `path` is None and the others are empty."""

    path: Path | None = None
    base_url: str | None = None
    models: tuple[str, ...] = ()
    apps: Mapping[str, int] = field(default_factory=dict)


def find_configuration(environ: Mapping[str, str], folder: Path) -> Configuration:
    """Return the configuration of a folder.

    It is the first of these that exists: the file that the variable KINTONE_CONFIG names,
    `kintone.toml` of the folder, `pyproject.toml` of the folder with a table `[tool.kintone_orm]`.
    Parent folders are not searched. ImproperlyConfigured for an invalid file, and if the file of
    KINTONE_CONFIG does not exist.
    """
    if name := environ.get(VARIABLE, "").strip():
        return _read_named(folder / name)
    for file in (FILE, PROJECT_FILE):
        path = folder / file
        text = _read(path)
        if text is not None and _is_configuration(path, text):
            return _parse(path, text)
    return Configuration()


def _read_named(path: Path) -> Configuration:
    """Return the configuration in this file. ImproperlyConfigured if there is none."""
    text = _read(path)
    if text is None:
        message = f"The configuration {str(path)!r} does not exist. Correct {VARIABLE}."
        raise ImproperlyConfigured(message)
    if not _is_configuration(path, text):
        message = (
            f"The configuration {str(path)!r} has no table [tool.kintone_orm]. Add it, or correct "
            f"{VARIABLE}."
        )
        raise ImproperlyConfigured(message)
    return _parse(path, text)


def _read(path: Path) -> Secret | None:
    """Return the text of a file; None if it does not exist.

    It may hold a secret by mistake, which an error that shows local variables must not show.
    """
    try:
        return _decode(path.read_bytes())
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        message = f"{path} cannot be read: {error.strerror}."
        raise ImproperlyConfigured(message) from error


def _decode(content: bytes) -> Secret:
    return Secret(content.decode("utf-8-sig", "surrogateescape"))


def parse_toml(path: Path, content: bytes) -> dict[str, Any]:
    """Return the tables in this content of a TOML file.

    ImproperlyConfigured, which names the file, for an invalid one, and without a parser for TOML.
    """
    table, problem = _load(_decode(content))
    if table is None:
        raise ImproperlyConfigured(f"{path}: {problem}")
    return table


def parse_configuration(path: Path, content: bytes) -> Configuration:
    """Return the configuration in this content of a file, whose name `path` says the format.

    ImproperlyConfigured, which names the file, for an invalid one.
    """
    return _parse(path, _decode(content))


def _is_configuration(path: Path, text: Secret) -> bool:
    """Return True if the file is ours. Every other program may have a pyproject.toml.

    So a pyproject.toml that does not mention kintone_orm needs no parser, and may be invalid.
    """
    if path.name != PROJECT_FILE:
        return True
    if "kintone_orm" not in text:
        return False
    is_ours, problem = _has_table(text)
    if problem:
        raise ImproperlyConfigured(f"{path}: {problem}")
    return is_ours


def _has_table(text: Secret) -> tuple[bool, str]:
    table, problem = _load(text)
    tool = (table or {}).get("tool")
    return isinstance(tool, dict) and "kintone_orm" in tool, problem


def _parse(path: Path, text: Secret) -> Configuration:
    configuration, problem = _check(path, text)
    if configuration is None:
        raise ImproperlyConfigured(f"{path}: {problem}")
    return configuration


# The functions below return a problem instead of raising it: they have variables with values of
# the file.


def _load(text: Secret) -> tuple[dict[str, Any] | None, str]:
    """Return the content of a TOML file, or None and the problem."""
    parser = _parser()
    if parser is None:
        return None, (
            "There is no parser for TOML, which Python has since 3.11. Run pip install "
            "'kintone-orm[cli]', or pass the ids to connect(apps=...)."
        )
    try:
        text.encode()
        return parser.loads(text.replace("\r\n", "\n")), ""
    except UnicodeEncodeError:  # half a character, as which a wrong byte was read
        return None, "The file is not encoded in UTF-8."
    except (ValueError, RecursionError) as error:
        return None, f"The file is not valid TOML: {error}."


def _parser() -> ModuleType | None:
    """Return the module that reads TOML: Python's own, else tomli, else None."""
    for name in ("tomllib", "tomli"):
        try:
            return importlib.import_module(name)
        except ModuleNotFoundError:
            continue
    return None


def _check(path: Path, text: Secret) -> tuple[Configuration | None, str]:
    """Return the configuration, or None and the problem, which shows no value of the file."""
    where = ""
    table: Any
    table, problem = _load(text)
    if table is None:
        return None, problem
    if path.name == PROJECT_FILE:
        where = "tool.kintone_orm."
        table = table["tool"]["kintone_orm"]
        if not isinstance(table, dict):
            return None, "'tool.kintone_orm' must be a table."
    for key in table:
        if key not in _KEYS:
            return None, _unknown_key(key, where)
    base_url, models, apps = (table.get(key) for key in _KEYS)
    if base_url is not None:
        try:
            base_url = parse_settings(base_url=base_url).base_url
        except ImproperlyConfigured as error:
            return None, str(error).replace("'base_url'", f"'{where}base_url'", 1)
    names = [models] if isinstance(models, str) else [] if models is None else models
    if not isinstance(names, list) or not all(isinstance(name, str) and name for name in names):
        return None, (
            f"'{where}models' must be the name of a module or of a Python file, such as "
            '"shop.models", or a list of names.'
        )
    apps = {} if apps is None else apps
    if not isinstance(apps, dict):
        return None, f"'{where}apps' must be a table of keys and ids, such as orders = 12."
    for key, id_ in apps.items():
        if not isinstance(id_, int) or isinstance(id_, bool) or id_ < 1:
            return None, (
                f"'{where}apps.{key}' must be the id of an app: a whole number above 0, without "
                "quotes."
            )
    return Configuration(path, base_url, tuple(names), apps), ""


def _unknown_key(key: str, where: str) -> str:
    words = key.lower()
    for word, variable in _VARIABLES_OF_SECRETS.items():
        if word in words:
            return (
                f"'{where}{key}' must not be in this file, which is kept with the program. Delete "
                f"it, and set the variable {variable} in the environment."
            )
    near = get_close_matches(key, _KEYS, n=1)
    hint = f" Did you mean '{near[0]}'?" if near else f" The settings are {', '.join(_KEYS)}."
    return f"There is no setting '{where}{key}'.{hint}"
