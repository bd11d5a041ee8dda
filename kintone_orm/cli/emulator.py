"""kintone-orm emulator: a local kintone over HTTP."""

from __future__ import annotations

import logging
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Annotated

import typer

from kintone_orm.cli.app_file import deploy_models, import_models
from kintone_orm.cli.export import export
from kintone_orm.cli.serving import serve_until_stopped
from kintone_orm.cli.terminal import fail, open_console
from kintone_orm.emulator import DataInUse, DomainFileError, Emulator, Fault
from kintone_orm.emulator.serving.journal import LOGGER

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["commands", "emulator"]


def emulator(
    context: typer.Context,
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="The port to listen at; 0 takes a free one.")
    ] = 8008,
    user: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME:PASSWORD",
            help="A user who may sign in; may be given several times.  "
            "[default: Administrator, with a random password that is printed]",
        ),
    ] = None,
    data: Annotated[
        str,
        typer.Option(
            metavar="FILE",
            show_default=False,
            help="Keep apps and records in this SQLite file.  [default: in memory]",
        ),
    ] = ":memory:",
    domain: Annotated[
        str | None,
        typer.Option(
            metavar="FILE",
            help="Start with the people, spaces, apps, tokens and records of this domain file.",
        ),
    ] = None,
    app: Annotated[
        str | None,
        typer.Option(
            metavar="FILE",
            help="Make an app for each model of this Python file, or add its missing fields.",
        ),
    ] = None,
    requests_per_day: Annotated[
        int | None,
        typer.Option(
            min=1,
            help="Refuse an app's requests beyond this number a day, as a fault. kintone does "
            "not refuse requests beyond its limit of 10,000.  [default: no limit]",
        ),
    ] = None,
    admin_token: Annotated[
        str | None,
        typer.Option(
            metavar="TOKEN",
            envvar="KINTONE_EMULATOR_ADMIN_TOKEN",
            help="Accept orders for faults at /_emulator/faults with this token.",
        ),
    ] = None,
    no_faults: Annotated[
        bool, typer.Option("--no-faults", help="Do not let people order faults in a browser.")
    ] = False,
    webhook_host: Annotated[
        list[str] | None,
        typer.Option(
            metavar="HOST",
            help="Let webhooks of the domain file post to this host too; may be given several "
            "times.  [default: this computer only]",
        ),
    ] = None,
    as_json: Annotated[
        bool,
        typer.Option(
            "--json", help="Print the address, ids and tokens as one line of JSON, for scripts."
        ),
    ] = False,
    verbose: Annotated[
        bool, typer.Option("--verbose", help="Print a line for each request.")
    ] = False,
) -> None:
    """Serve a local kintone over HTTP, to this computer only, until it is stopped."""
    if context.invoked_subcommand is not None:
        return
    users = _users(user or ())
    models = import_models(app) if app else []
    try:
        local = Emulator(
            data,
            domain=domain,
            users=users,
            webhook_hosts=webhook_host or (),
            # In an earlier run, the models may have added fields that the domain file lacks.
            extra_fields=bool(models),
        )
    except (DataInUse, DomainFileError) as error:
        fail(str(error))
    except sqlite3.Error as error:
        fail(f"{data} cannot be used as the file for the data: {error}.")
    with closing(local):
        apps = dict(local.made.apps)
        if models:
            apps |= deploy_models(local, models)
            # The requests that made the apps do not count for --requests-per-day.
            local.forget_requests()
        if requests_per_day is not None:
            local.faults.add(Fault.DAILY_QUOTA, after=requests_per_day)
        if verbose:
            _print_requests()
        serve_until_stopped(
            local,
            port=port,
            console=open_console(),
            apps=apps,
            admin_token=admin_token,
            page_orders=not no_faults,
            as_json=as_json,
        )


def _print_requests() -> None:
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s %(message)s"))
    logger = logging.getLogger(LOGGER)
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)


def _users(options: Iterable[str]) -> dict[str, str]:
    """Return passwords by login name. Errors do not show the text, which may hold a password."""
    users: dict[str, str] = {}
    for option in options:
        name, _, password = option.partition(":")
        if not name or not password:
            raise typer.BadParameter("write a name, a colon and a password", param_hint="--user")
        if name in users:
            raise typer.BadParameter(f"{name!r} is given twice", param_hint="--user")
        users[name] = password
    return users


commands = typer.Typer(rich_markup_mode=None, add_completion=False)
commands.callback(invoke_without_command=True)(emulator)
commands.command()(export)
