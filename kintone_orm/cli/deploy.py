"""kintone-orm deploy: show what the apps of models lack, ask, and make it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from kintone_orm.apps.deploying.carrying_out import carry_out
from kintone_orm.apps.deploying.deploy_status import DEPLOY_SECONDS
from kintone_orm.apps.deploying.deployment_text import describe
from kintone_orm.apps.deploying.preparing import prepare_deployment
from kintone_orm.apps.deploying.unfinished import find_unfinished
from kintone_orm.apps.naming import labels
from kintone_orm.cli.connecting import connected
from kintone_orm.cli.terminal import ask, fail, is_interactive
from kintone_orm.cli.writing.app_keys import add_keys_to_configuration
from kintone_orm.cli.writing.files import replace_file
from kintone_orm.configuration import Configuration

if TYPE_CHECKING:
    from kintone_orm.apps.deploying.deployment import Deployment
    from kintone_orm.cli.model_source import ModelsArgument
    from kintone_orm.connection import Connection

__all__ = ["deploy"]


@connected
def deploy(
    models: ModelsArgument,
    connection: Connection,
    configuration: Configuration,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show the difference, and change nothing.")
    ] = False,
    yes: Annotated[
        bool, typer.Option("--yes", help="Do not ask before the changes are made.")
    ] = False,
    add: Annotated[
        list[str] | None,
        typer.Option(
            metavar="CODE",
            help="A new code that is no typo, although it looks like one of a code of the app; a "
            "column is written 明細.数量. May be given several times.",
        ),
    ] = None,
    keys: Annotated[
        bool,
        typer.Option("--keys", help="Write the ids of new apps, by key, into the configuration."),
    ] = False,
) -> None:
    """Create the apps of models, or add their missing fields, and put the changes into use.

    The difference is shown first. Fields are never deleted, and types are never changed. A person
    is asked before a change, and for each new code that looks like a typo. In a pipe, nobody can be
    asked: it takes --yes, and --add for such a code.

    Exit codes: 0 done, or nothing to do; 1 you said no, and nothing was changed; 2 the deploy was
    not possible.
    """
    deployment = prepare_deployment(
        connection, models, timeout=DEPLOY_SECONDS, add=add or [], find=find_unfinished
    )
    typer.echo(describe(deployment))
    if dry_run or not deployment:
        return
    _confirm(deployment, yes=yes)
    ids = carry_out(connection, deployment)
    typer.echo("Done.")
    if ids:
        _, lines = add_keys_to_configuration(Configuration(), ids)
        typer.echo(f"\nThe ids of the new apps, for kintone.toml:\n\n{lines}", nl=False)
    if ids and keys:
        path, text = add_keys_to_configuration(configuration, ids)
        replace_file(path, text)
        typer.echo(f"\nThey are in {path} now.")


def _confirm(deployment: Deployment, *, yes: bool) -> None:
    """Ask for each code that looks like a typo, and for all changes. End the command after a no."""
    near_codes = [(app.app, near) for app in deployment.apps for near in app.near_codes]
    if not is_interactive():
        if near_codes:
            options = " ".join(f"--add {near.code}" for _, near in near_codes)
            texts = " ".join(f"App {app.id}: {near.text}" for app, near in near_codes)
            fail(
                f"{texts} Correct the code in the model. If the field is new on purpose: {options}"
            )
        if not yes:
            fail(
                "There is no terminal to ask for a confirmation. Use --yes to make these changes, "
                "or --dry-run to see them only."
            )
    for app, near in near_codes:
        question = f"{labels(app.models)} (app {app.id}): {near.text} Add it as a new field?"
        _require_yes(question)
    if not yes:
        _require_yes("Make these changes?")


def _require_yes(question: str) -> None:
    if not ask(question):
        typer.echo("Nothing was changed.", err=True)
        raise SystemExit(1)
