"""The options of a command's connection.

While a command runs, its options are variables of the environment, so that `connect()` in the
user's own modules sees them, too.
"""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from kintone_orm.cli.environment.env_file import read_env_file
from kintone_orm.cli.environment.variables import BASE_URL, LOGINS
from kintone_orm.configuration import VARIABLE as CONFIG

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = [
    "CONFIGURATION_OPTIONS",
    "CONNECTION_OPTIONS",
    "VARIABLES",
    "setting_variables",
]

CONFIGURATION_OPTIONS: Final[dict[str, Any]] = {
    "config": Annotated[
        str | None,
        typer.Option(
            metavar="FILE",
            help="The configuration.  [default: KINTONE_CONFIG, kintone.toml, pyproject.toml]",
        ),
    ],
}
CONNECTION_OPTIONS: Final[dict[str, Any]] = {
    "base_url": Annotated[
        str | None,
        typer.Option(
            metavar="URL",
            help="The kintone, such as https://example.cybozu.com.  [default: KINTONE_BASE_URL]",
        ),
    ],
    "username": Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="The login name. The password is KINTONE_PASSWORD, or asked for.  "
            "[default: KINTONE_USERNAME]",
        ),
    ],
    "guest_space": Annotated[
        int | None,
        typer.Option(
            min=1, metavar="ID", help="The guest space.  [default: KINTONE_GUEST_SPACE_ID]"
        ),
    ],
    "client_cert": Annotated[
        str | None,
        typer.Option(
            metavar="FILE", help="A client certificate (PEM).  [default: KINTONE_CLIENT_CERT]"
        ),
    ],
    "client_key": Annotated[
        str | None,
        typer.Option(
            metavar="FILE",
            help="Its key, if that is in another file.  [default: KINTONE_CLIENT_KEY]",
        ),
    ],
    "basic_auth_username": Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="The user of Basic authentication. The password is KINTONE_BASIC_AUTH_PASSWORD, "
            "or asked for.  [default: KINTONE_BASIC_AUTH_USERNAME]",
        ),
    ],
    "env_file": Annotated[
        str | None,
        typer.Option(
            metavar="FILE",
            help="Lines such as KINTONE_PASSWORD=..., used before the environment.",
        ),
    ],
    **CONFIGURATION_OPTIONS,
}
# The variable of each option.
VARIABLES: Final = {
    "base_url": BASE_URL,
    "username": "KINTONE_USERNAME",
    "guest_space": "KINTONE_GUEST_SPACE_ID",
    "client_cert": "KINTONE_CLIENT_CERT",
    "client_key": "KINTONE_CLIENT_KEY",
    "basic_auth_username": "KINTONE_BASIC_AUTH_USERNAME",
}


@contextmanager
def setting_variables(options: Mapping[str, Any]) -> Iterator[None]:
    """Put the options and the lines of --env-file into the environment, inside the block."""
    before = dict(os.environ)
    try:
        if "env_file" in options:
            _prefer(read_env_file(options["env_file"]))
        for name, variable in VARIABLES.items():
            if name in options:
                os.environ[variable] = str(options[name])
        if "config" in options:
            os.environ[CONFIG] = options["config"]
        yield
    finally:
        for variable in {*os.environ, *before}:
            if variable.startswith("KINTONE_"):
                os.environ.pop(variable, None)
                if variable in before:
                    os.environ[variable] = before[variable]


def _prefer(lines: Mapping[str, str]) -> None:
    """Let these variables replace those of the environment that serve the same purpose.

    A token of the file would lose against a password of the environment. And the environment of
    another kintone keeps its secrets.
    """
    if lines.get(BASE_URL, os.environ.get(BASE_URL)) != os.environ.get(BASE_URL):
        others = [name for name in os.environ if name.startswith("KINTONE_") and name != CONFIG]
    else:
        kinds = [kind for kind in LOGINS if lines.keys() & set(kind)]
        others = [name for kind in LOGINS if kinds and kind not in kinds for name in kind]
    for name in others:
        os.environ.pop(name, None)
    os.environ.update(lines)
