"""kintone-orm inspect: write models of apps that exist."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kintone_orm.apps.inspecting.module import HEADER, write_module
from kintone_orm.apps.inspecting.names_file import Names, names_to_toml, read_names
from kintone_orm.cli.connecting import connected
from kintone_orm.cli.inspecting.choosing_apps import choose_apps
from kintone_orm.cli.inspecting.form_files import FormFiles, read_form_files
from kintone_orm.cli.safe_text import without_secrets
from kintone_orm.cli.terminal import print_remark
from kintone_orm.cli.writing.app_keys import add_keys_to_configuration
from kintone_orm.cli.writing.files import read_file, replace_file, require_different_files
from kintone_orm.configuration import parse_toml
from kintone_orm.exceptions import ImproperlyConfigured

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kintone_orm.configuration import Configuration
    from kintone_orm.connection import Connection

__all__ = ["inspect"]


@connected
def inspect(
    connection: Connection,
    configuration: Configuration,
    apps: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="APP",
            show_default=False,
            help="Ids of apps, keys of the configuration, or app codes.  "
            "[default: all apps that the user may see]",
        ),
    ] = None,
    name: Annotated[
        str | None,
        typer.Option(metavar="TEXT", help="Apps with this text in their name. Needs a password."),
    ] = None,
    space: Annotated[
        int | None, typer.Option(metavar="ID", help="Apps in this space. Needs a password.")
    ] = None,
    form: Annotated[
        list[str] | None,
        typer.Option(
            metavar="FILE",
            help="A form as JSON: the answer of app/form/fields.json, or a domain file. Can be "
            "given several times.",
        ),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Write into this file.  [default: standard output]"),
    ] = None,
    enums: Annotated[
        bool, typer.Option("--enums", help="Write choices as Enums instead of lists.")
    ] = False,
    keys: Annotated[
        bool,
        typer.Option(
            "--keys",
            help="Write keys instead of ids as Meta.app, and their ids into the configuration.",
        ),
    ] = False,
    names: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Take the Python names from this file, and write all names into it for editing.",
        ),
    ] = None,
) -> None:
    """Write models of apps that exist, as a Python module.

    Only reads from kintone. A part that the credentials may not read is left out, with a comment
    in the module and a remark.
    """
    texts, files = apps or [], form or []
    require_different_files(path for path in (output, names, *map(Path, files)) if path)
    if output is not None:
        _require_replaceable(output)
    kept_names = Names() if names is None else _read_names(names)
    forms = read_form_files(files)
    descriptions, remarks = forms.apps, list[str]()
    guest_space = None
    if texts or name is not None or space is not None or not files:
        chosen, remarks = choose_apps(connection, texts, name=name, space=space)
        descriptions = [*chosen, *forms.apps]
        guest_space = connection.guest_space
    flags = {"--enums": enums, "--keys": keys}
    module = write_module(
        descriptions,
        enums=enums,
        keys=_known_keys(configuration, forms) if keys else None,
        names=kept_names,
        command=_command_line(
            [*texts, *(flag for flag, is_set in flags.items() if is_set)],
            [("--name", name), ("--space", space), *(("--form", file) for file in files)]
            + [("--guest-space", guest_space), ("--names", names)],
        ),
    )
    contents: list[tuple[Path, str]] = []
    if keys:
        contents.append(add_keys_to_configuration(configuration, module.keys))
    if names is not None:
        contents.append((names, names_to_toml(module.names)))
    if output is not None:
        contents.append((output, module.text))
    require_different_files(path for path, _ in contents)
    for path, text in contents:
        replace_file(path, text)
    if output is None:
        _print_module(module.text)
    for remark in remarks:
        print_remark(without_secrets(remark))


def _require_replaceable(path: Path) -> None:
    """Raise ImproperlyConfigured unless the file was written by inspect, or does not exist."""
    if not path.exists():
        return
    if not read_file(path).startswith(HEADER.encode()):
        raise ImproperlyConfigured(
            f"{path} was not written by kintone-orm inspect, so it is not replaced. Delete it, or "
            "choose another file."
        )


def _read_names(path: Path) -> Names:
    """Return the names in a names.toml. A file that does not exist has none."""
    return read_names(parse_toml(path, read_file(path))) if path.exists() else Names()


def _known_keys(configuration: Configuration, forms: FormFiles) -> dict[int, str]:
    """Return the keys of apps by id. The configuration goes before domain files."""
    ids = {**configuration.apps, **forms.keys, **configuration.apps}
    return {app: key for key, app in reversed(ids.items())}


def _command_line(arguments: Sequence[str], options: Sequence[tuple[str, object]]) -> str:
    """Return the command line for the module's header, with the options that decide its text."""
    words = ["kintone-orm", "inspect", *arguments]
    for option, value in options:
        words += [] if value is None else [option, str(value)]
    return shlex.join(words)


def _print_module(text: str) -> None:
    """Print the module: for a file or a program in UTF-8, which Python reads, on every computer."""
    if sys.stdout.isatty():
        sys.stdout.write(text)
    else:
        sys.stdout.flush()
        sys.stdout.buffer.write(text.encode())
